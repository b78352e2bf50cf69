"""Steps of a game by PyTorch, in turn with `cargo bench -p benches --bench gan`: the ratio of medians.

    pip install torch==2.15.0 numpy
    python benches/peers/gan.py [rounds]

The same nets, losses and penalty: batches of 64, relativistic losses, R1 by finite differences, straight-through Gumbel, Adam; the forgeries of the
expert's lesson serve the forger's, too. PyTorch works on 4 x 64 rows at once, as the library does, and does not work out the expert's gradients
in the forger's lesson. The library is compiled as `cargo run` compiles it. The machine may be busy and its clock may change: each round measures
all, one after the other.
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

ROOT = pathlib.Path(__file__).parents[2]
BATCH, GROUP, GAMMA, E = 64, 8, 0.3, 0.1


def built():
    """The path of the compiled bench."""
    command = ["cargo", "bench", "-p", "benches", "--profile", "dev", "--bench", "gan", "--no-run", "--message-format", "json"]
    lines = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    return next(it["executable"] for it in found if it.get("executable") and it["target"]["name"] == "gan")


class Expert(nn.Module):
    def __init__(self, width, told, projects):
        super().__init__()
        self.projects, self.told = projects, told
        inputs = width if projects else width + told
        self.trunk = nn.Sequential(nn.Linear(inputs, 256), nn.LeakyReLU(0.2), nn.Linear(256, 128), nn.LeakyReLU(0.2))
        self.plain = nn.Linear(129, 1)
        if projects:
            self.directions = nn.Linear(told, 129)

    def forward(self, x, told):
        found = self.trunk(x if self.projects else torch.cat([x, told], 1))
        spread = (found.reshape(-1, GROUP, 128).var(1, unbiased=False) + 1e-6).sqrt().mean(1)
        found = torch.cat([found, spread.repeat_interleave(GROUP)[:, None]], 1)
        score = self.plain(found)
        return score + (self.directions(told) * found).sum(1, keepdim=True) if self.projects else score


def game(net):
    """A function that plays one step."""
    groups, told, hidden = (32, 16, (256, 256)) if net == "told" else (16, 1, (128, 256))
    width = 20 * groups
    a, b = hidden
    forger = nn.Sequential(
        nn.Linear(32 + told, a), nn.BatchNorm1d(a), nn.LeakyReLU(0.2), nn.Linear(a, b), nn.BatchNorm1d(b), nn.LeakyReLU(0.2), nn.Linear(b, width)
    )
    expert = Expert(width, told, net == "told")
    adams = [torch.optim.Adam(it.parameters(), 1e-3, (0.5, 0.999), fused=True) for it in (forger, expert)]
    mean = [parameter.detach().clone() for parameter in forger.parameters()]
    real = F.one_hot(torch.randint(20, (BATCH, groups)), 20).float().reshape(BATCH, width)
    conditions = 2 * torch.rand(BATCH, told) - 1
    four = conditions.repeat(4, 1)

    def step():
        logits = forger(torch.cat([torch.randn(BATCH, 32), conditions], 1)).reshape(BATCH, groups, 20)
        fake = F.gumbel_softmax(logits, hard=True).reshape(BATCH, width)
        both = torch.cat([real, fake.detach()])
        moved = both + E * torch.randn_like(both)
        scores = expert(torch.cat([both, moved]), four)
        r, f = scores[:BATCH], scores[BATCH : 2 * BATCH]
        slope = (scores[2 * BATCH :] - scores[: 2 * BATCH]) / E
        loss = F.softplus(f - r).mean() + GAMMA * slope.square().mean()
        adams[1].zero_grad()
        loss.backward()
        adams[1].step()
        expert.requires_grad_(False)
        with torch.no_grad():
            r = expert(real, conditions)
        adams[0].zero_grad()
        F.softplus(r - expert(fake, conditions)).mean().backward()
        adams[0].step()
        expert.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(mean, list(forger.parameters()), 0.001)

    return step


def theirs(net, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    step, times = game(net), []
    for number in range(150):
        start = time.perf_counter()
        step()
        if number >= 30:
            times.append(1e6 * (time.perf_counter() - start))
    return statistics.median(times)


def main():
    rounds, program = int(sys.argv[1]) if len(sys.argv) > 1 else 5, built()
    for net in ["bars", "told"]:
        for threads in [1, 2]:
            ratios = []
            for _ in range(rounds):
                ours = float(subprocess.run([program, "step", net, str(threads)], check=True, capture_output=True, text=True).stdout)
                peer = theirs(net, threads)
                ratios.append(peer / ours)
                print(f"{net}, {threads} threads: {ours:.0f} µs, PyTorch {peer:.0f} µs", flush=True)
            print(f"{net}, {threads} threads: {statistics.median(ratios):.2f} times as fast", flush=True)


main()
