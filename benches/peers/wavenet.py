"""Training a WaveNet and making sound with it by PyTorch, in turn with `cargo bench -p benches --bench wavenet`: the ratio of medians.

    pip install torch==2.15.0 numpy
    python benches/peers/wavenet.py [rounds]

Residual 32, skip 64, dilations 1 to 256 twice, Adam. PyTorch learns in two forms, `Conv1d` and dense layers on rows in order of time,
where a moment `d` samples before is a slice; it plays with queues and without. The best forms are measured compiled, too, which wants
a C++ compiler. The library is compiled as `cargo run` compiles it. The machine may be busy and its clock may change: each round
measures all, one after the other. With `OMP_WAIT_POLICY=PASSIVE` PyTorch's two threads do not stand in their own way there.
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
    command = ["cargo", "bench", "-p", "benches", "--profile", "dev", "--bench", "wavenet", "--no-run", "--message-format", "json"]
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
    steps = max(4, 2**15 // (sounds * samples))
    times = []
    for _ in range(steps + steps // 4):
        words, targets = window(torch.randint(64, 192, (sounds, samples + 1)))
        start = time.perf_counter()
        loss = F.cross_entropy(model(*words), targets)
        adam.zero_grad()
        loss.backward()
        adam.step()
        times.append((time.perf_counter() - start) * 1e6 / (sounds * samples))
    return statistics.median(times[steps // 4 :])


def convolutions(*size):
    return train(Convolutions(), lambda codes: ([codes[:, :-1]], codes[:, 1:]), *size)


def slices(model, sounds, *size):
    def window(codes):
        return [codes[:, :-1].T.flatten(), sounds], codes[:, 1:].T.flatten()

    return train(model, window, sounds, *size)


def compiled_slices(*size):
    """A model that is compiled for one size."""
    torch.compiler.reset()
    model = Slices()
    model.compile(dynamic=False)
    slices(model, *size)
    return model


class Rings:
    """One sample after the other, as one would write it: what each block heard is in a ring of its own."""

    def __init__(self):
        self.net, self.t = Slices(), 0
        self.rings = [torch.zeros(d, 1, RESIDUAL) for d in DILATIONS]

    def step(self, code):
        """The code before, a row of one, to the next."""
        net = self.net
        x, total = net.codes(code), 0
        for ring, before, now, out in zip(self.rings, net.before, net.now, net.outs):
            place = ring[self.t % len(ring)]
            a = now(x) + before(place)
            place.copy_(x)
            way, skip = out(gate(a, 1)).split([RESIDUAL, SKIP], 1)
            x, total = x + way, total + skip
        self.t += 1
        y = net.logits(net.hidden(total.relu()).relu())
        return torch.multinomial(torch.softmax(y[0], 0), 1)


class OneTable:
    """The same with fewer calls: what all blocks heard `d` samples before is in one table and takes part in one product."""

    def __init__(self):
        net = Slices()
        self.codes, self.head, self.outs = net.codes.weight, [net.hidden, net.logits], list(net.outs)
        self.before = torch.stack([it.weight for it in net.before])
        self.bias = torch.stack([it.bias for it in net.now])[:, :, None]
        self.now = [it.weight for it in net.now]
        self.dilations, self.t = torch.tensor(DILATIONS), torch.tensor(0)
        self.first = self.dilations.cumsum(0) - self.dilations
        self.table = torch.zeros(sum(DILATIONS), RESIDUAL)

    def step(self, code):
        """The highest logit with Gumbel's noise is a draw from the softmax, and can be compiled."""
        places = self.first + self.t % self.dilations
        earlier = torch.baddbmm(self.bias, self.before, self.table[places][:, :, None])[:, :, 0].unbind()
        both, inputs = F.pad(self.codes[code][0], (0, SKIP)), []
        for a, now, out in zip(earlier, self.now, self.outs):
            inputs.append(both[:RESIDUAL])
            z = gate(torch.addmv(a, now, inputs[-1]), 0)
            both = both + torch.addmv(out.bias, out.weight, z)
        self.table[places] = torch.stack(inputs)
        self.t += 1
        y = both[RESIDUAL:]
        for dense in self.head:
            y = torch.addmv(dense.bias, dense.weight, y.relu())
        return (y - (-torch.rand(CODES).log()).log()).argmax(0, keepdim=True)


@torch.inference_mode()
def played(step, samples=150):
    """Microseconds a sample: predicted, drawn and heard, on one thread, which is faster than two."""
    torch.set_num_threads(1)
    code, times = torch.tensor([128]), []
    for _ in range(6):
        start = time.perf_counter()
        for _ in range(samples):
            code = step(code)
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
        print(f"    PyTorch, {name:22} {statistics.median(times):10.2f} µs {ratio:8.2f} times", flush=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    program = built()
    for size in [(4, 4096, 1), (1, 1024, 1), (2, 512, 1), (4, 4096, 2), (2, 512, 2)]:
        compiled = compiled_slices(*size)
        forms = {
            "Conv1d": lambda: convolutions(*size),
            "Linear on slices": lambda: slices(Slices(), *size),
            "the same, compiled": lambda: slices(compiled, *size),
        }
        label = f"step, {size[0]} x {size[1]}, {size[2]} thread{'s' * (size[2] > 1)}"
        compare(label, rounds, forms, lambda: ours(program, "step", *size))
    torch.compiler.reset()
    one_table = torch.compile(OneTable().step)
    queues = {
        "a ring for each block": lambda: played(Rings().step),
        "one table": lambda: played(OneTable().step),
        "the same, compiled": lambda: played(one_table),
    }
    played(one_table)  # compiles it
    compare("made with queues", rounds, queues, lambda: ours(program, "play"))
    compare("made the plain way", rounds, {"the plain way": plain}, lambda: ours(program, "plain"))


if __name__ == "__main__":
    main()
