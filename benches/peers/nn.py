"""Training and playing an LSTM by PyTorch, in turn with `cargo bench -p benches --bench nn`: the ratio of medians.

    pip install torch==2.15.0 numpy
    python benches/peers/nn.py [rounds]

Embedding 64, vocabulary 100, 64 steps, Adam; hidden 128 and 256, batch 32 and 64, one thread and two. The library is compiled as
`cargo run` compiles it. The machine may be busy and its clock may change: each round measures both, one after the other.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import time

import torch
from torch import nn

VOCABULARY, EMBEDDING, WINDOW, STEPS, BEFORE = 100, 64, 64, 12, 3
ROOT = pathlib.Path(__file__).parents[2]


def built():
    """The path of the compiled bench."""
    command = ["cargo", "bench", "-p", "benches", "--profile", "dev", "--bench", "nn", "--no-run", "--message-format", "json"]
    lines = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    return next(it["executable"] for it in found if it.get("executable") and it["target"]["name"] == "nn")


def ours(program, *words):
    return float(subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True).stdout)


class Model(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, EMBEDDING)
        self.lstm = nn.LSTM(EMBEDDING, hidden)
        self.dense = nn.Linear(hidden, VOCABULARY)

    def forward(self, x, state=None):
        h, state = self.lstm(self.embedding(x), state)
        return self.dense(h), state


def step(hidden, batch, threads):
    """Milliseconds a step, the median."""
    torch.set_num_threads(threads)
    model = Model(hidden)
    adam = torch.optim.Adam(model.parameters(), lr=0.003)
    symbols = torch.randint(0, VOCABULARY, (WINDOW + 1, batch))
    state, times = None, []
    for _ in range(BEFORE + STEPS):
        start = time.perf_counter()
        y, state = model(symbols[:-1], state)
        state = tuple(part.detach() for part in state)
        loss = nn.functional.cross_entropy(y.reshape(-1, VOCABULARY), symbols[1:].reshape(-1))
        adam.zero_grad()
        loss.backward()
        adam.step()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times[BEFORE:])


@torch.inference_mode()
def play(hidden):
    """Microseconds a symbol: predicted, drawn and heard, on one thread, which is faster than two."""
    torch.set_num_threads(1)
    model, symbol, state, times = Model(hidden), torch.zeros(1, 1, dtype=torch.long), None, []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(200):
            y, state = model(symbol, state)
            symbol = torch.multinomial(torch.softmax(y[0], 1), 1)
        times.append((time.perf_counter() - start) * 1e6 / 200)
    return statistics.median(times)


def compare(label, unit, rounds, theirs, program, *words):
    pairs = []
    for _ in range(rounds):
        pairs.append((theirs(*words[1:]), ours(program, *words)))
        time.sleep(0.3)  # until PyTorch's threads sleep
    them, us = (statistics.median(side) for side in zip(*pairs))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{label:40} PyTorch {them:8.1f} {unit}   aeolian {us:8.1f} {unit}   {ratio:5.2f} times", flush=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    program = built()
    for hidden, batch in [(128, 32), (128, 64), (256, 32), (256, 64)]:
        for threads in [1, 2]:
            label = f"step, hidden {hidden}, batch {batch}, {threads} thread{'s' * (threads > 1)}"
            compare(label, "ms", rounds, step, program, "step", hidden, batch, threads)
    for hidden in [128, 256]:
        compare(f"a symbol, hidden {hidden}", "µs", rounds, play, program, "play", hidden)


if __name__ == "__main__":
    main()
