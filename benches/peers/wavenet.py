"""Training a WaveNet and making sound with it by PyTorch, in turn with `cargo bench --bench wavenet`: the ratio of medians.

    pip install torch==2.15.0 numpy
    python benches/peers/wavenet.py [rounds]

Residual 32, skip 64, dilations 1 to 256 twice, Adam. PyTorch learns in two forms: `Conv1d`, and dense layers on rows in order of time, where
a moment `d` samples earlier is a slice; and it plays with queues, as it is and compiled (which wants a C++ compiler), and without. The library
is compiled as `cargo run` compiles it. The machine may be busy and its clock may change: each round measures all, one after the other.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

RESIDUAL, SKIP, HIDDEN, CODES = 32, 64, 64, 256
DILATIONS = [2**power for power in range(9)] * 2
FIELD = sum(DILATIONS) + 1
ROOT = pathlib.Path(__file__).parents[2]


def built():
    """The path of the compiled bench."""
    command = ["cargo", "bench", "--profile", "dev", "--bench", "wavenet", "--no-run", "--message-format", "json"]
    lines = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    return next(it["executable"] for it in found if it.get("executable") and it["target"]["name"] == "wavenet")


def ours(program, *words):
    return float(subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True).stdout)


def gate(a, channels):
    say, much = a.chunk(2, channels)
    return say.tanh() * much.sigmoid()


class Convolutions(nn.Module):
    """Codes [B][T] to logits [B][256][T]. Both ways out of a block are one product."""

    def __init__(self):
        super().__init__()
        self.codes = nn.Embedding(CODES, RESIDUAL)
        self.convolutions = nn.ModuleList(nn.Conv1d(RESIDUAL, 2 * RESIDUAL, 2, dilation=d) for d in DILATIONS)
        self.outs = nn.ModuleList(nn.Conv1d(RESIDUAL, RESIDUAL + SKIP, 1) for _ in DILATIONS)
        self.hidden, self.logits = nn.Conv1d(SKIP, HIDDEN, 1), nn.Conv1d(HIDDEN, CODES, 1)

    def forward(self, codes):
        x, total = self.codes(codes).transpose(1, 2), 0
        for dilation, convolution, out in zip(DILATIONS, self.convolutions, self.outs):
            way, skip = out(gate(convolution(F.pad(x, (dilation, 0))), 1)).split([RESIDUAL, SKIP], 1)
            x, total = x + way, total + skip
        return self.logits(self.hidden(total.relu()).relu())


class Slices(nn.Module):
    """Codes [T B] to logits [T B][256], in order of time."""

    def __init__(self):
        super().__init__()
        self.codes = nn.Embedding(CODES, RESIDUAL)
        self.before = nn.ModuleList(nn.Linear(RESIDUAL, 2 * RESIDUAL, bias=False) for _ in DILATIONS)
        self.now = nn.ModuleList(nn.Linear(RESIDUAL, 2 * RESIDUAL) for _ in DILATIONS)
        self.outs = nn.ModuleList(nn.Linear(RESIDUAL, RESIDUAL + SKIP) for _ in DILATIONS)
        self.hidden, self.logits = nn.Linear(SKIP, HIDDEN), nn.Linear(HIDDEN, CODES)

    def forward(self, codes, batch):
        x, total = self.codes(codes), 0
        for dilation, before, now, out in zip(DILATIONS, self.before, self.now, self.outs):
            a = torch.addmm(now(x), F.pad(x, (0, 0, dilation * batch, 0))[: len(x)], before.weight.T)
            way, skip = out(gate(a, 1)).split([RESIDUAL, SKIP], 1)
            x, total = x + way, total + skip
        return self.logits(self.hidden(total.relu()).relu())


def train(model, window, sounds, samples, threads):
    """Microseconds a sample, the median; `window` makes arguments of the model and targets of codes [B][T + 1]."""
    torch.set_num_threads(threads)
    adam = torch.optim.Adam(model.parameters(), lr=0.003, fused=True)
    steps = max(6, 2**15 // (sounds * samples))
    times = []
    for _ in range(steps + steps // 3):
        words, targets = window(torch.randint(64, 192, (sounds, samples + 1)))
        start = time.perf_counter()
        loss = F.cross_entropy(model(*words), targets)
        adam.zero_grad()
        loss.backward()
        adam.step()
        times.append((time.perf_counter() - start) * 1e6 / (sounds * samples))
    return statistics.median(times[steps // 3 :])


def convolutions(*size):
    return train(Convolutions(), lambda codes: ([codes[:, :-1]], codes[:, 1:]), *size)


def slices(sounds, *size):
    def window(codes):
        return [codes[:, :-1].T.flatten(), sounds], codes[:, 1:].T.flatten()

    return train(Slices(), window, sounds, *size)


class Queues:
    """One sample after the other. What all blocks heard `d` samples ago is in one table, and takes part in one product."""

    def __init__(self):
        net = Slices()
        self.table, self.head = net.codes.weight, [net.hidden, net.logits]
        self.before = torch.stack([it.weight for it in net.before])
        self.bias = torch.stack([it.bias for it in net.now])[:, :, None]
        self.now, self.outs = [it.weight for it in net.now], list(net.outs)
        self.dilations = torch.tensor(DILATIONS)
        self.first = self.dilations.cumsum(0) - self.dilations
        self.rings = torch.zeros(sum(DILATIONS), RESIDUAL)

    def step(self, code, t):
        """The code before, a row of one, to the next: drawn from the softmax, as the highest of its logits with Gumbel's noise."""
        places = self.first + t % self.dilations
        earlier = torch.baddbmm(self.bias, self.before, self.rings[places][:, :, None])[:, :, 0].unbind()
        both, inputs = F.pad(self.table[code][0], (0, SKIP)), []
        for a, now, out in zip(earlier, self.now, self.outs):
            inputs.append(both[:RESIDUAL])
            z = gate(torch.addmv(a, now, inputs[-1]), 0)
            both = both + torch.addmv(out.bias, out.weight, z)
        self.rings[places] = torch.stack(inputs)
        y = both[RESIDUAL:].relu()
        for i, dense in enumerate(self.head):
            y = torch.addmv(dense.bias, dense.weight, y.relu() if i else y)
        return (y - (-torch.rand(CODES).log()).log()).argmax(0, keepdim=True)


@torch.inference_mode()
def played(step, samples=150):
    """Microseconds a sample: predicted, drawn and heard, on one thread, which is faster than two."""
    torch.set_num_threads(1)
    code, times = torch.tensor([128]), []
    for repeat in range(6):
        start = time.perf_counter()
        for t in range(samples):
            code = step(code, torch.tensor(t))
        times.append((time.perf_counter() - start) * 1e6 / samples)
    return statistics.median(times[1:])


@torch.inference_mode()
def plain():
    """The same when the whole receptive field is gone through for each sample."""
    torch.set_num_threads(1)
    net, codes, times = Slices(), torch.full((FIELD,), 128), []
    for _ in range(6):
        start = time.perf_counter()
        code = torch.multinomial(torch.softmax(net(codes, 1)[-1], 0), 1)
        codes = torch.cat([codes[1:], code])
        times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times[1:])


def compare(label, rounds, theirs, us):
    """`theirs`: what to call, by name. A ratio is the median of those of the rounds."""
    found = {name: [] for name in [*theirs, "aeolian"]}
    for _ in range(rounds):
        for name, measure in theirs.items():
            found[name].append(measure())
        time.sleep(0.3)  # until PyTorch's threads sleep
        found["aeolian"].append(us())
    mine = found.pop("aeolian")
    print(f"{label}: aeolian {statistics.median(mine):.2f} µs a sample", flush=True)
    for name, times in found.items():
        ratio = statistics.median(a / b for a, b in zip(times, mine))
        print(f"    PyTorch, {name:20} {statistics.median(times):10.2f} µs {ratio:8.2f} times", flush=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    program = built()
    for size in [(4, 4096, 1), (4, 4096, 2), (1, 1024, 1), (2, 512, 1), (2, 512, 2)]:
        forms = {"Conv1d": lambda: convolutions(*size), "Linear on slices": lambda: slices(*size)}
        label = f"step, {size[0]} x {size[1]}, {size[2]} thread{'s' * (size[2] > 1)}"
        compare(label, rounds, forms, lambda: ours(program, "step", *size))
    compiled = torch.compile(Queues().step)
    queues = {"queues": lambda: played(Queues().step), "queues, compiled": lambda: played(compiled)}
    compare("made with queues", rounds, queues, lambda: ours(program, "play"))
    compare("made the plain way", rounds, {"the plain way": plain}, lambda: ours(program, "plain"))


if __name__ == "__main__":
    main()
