"""One iteration of Baum-Welch by hmmlearn, on one core: the peer of `cargo bench -p benches --bench hidden`.

    pip install hmmlearn==0.3.3
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 taskset -c 0 python benches/peers/hmm.py

The same task as there: 32 states, 100 sequences of 200 symbols out of 40, made by the same recipe.
"""

import time

import numpy as np
from hmmlearn.hmm import CategoricalHMM

STATES, SEQUENCES, LENGTH, SYMBOLS = 32, 100, 200, 40
ITERATIONS, REPEATS = 5, 5


def symbols():
    """A walk: each step goes up 0 to 6 symbols, by a linear congruential generator (Numerical Recipes)."""
    x, symbol = 1, 0
    for _ in range(SEQUENCES * LENGTH):
        x = (x * 1664525 + 1013904223) % 2**32
        symbol = (symbol + (x >> 16) % 7) % SYMBOLS
        yield symbol


def main():
    heard = np.fromiter(symbols(), dtype=int).reshape(-1, 1)
    lengths = [LENGTH] * SEQUENCES
    for implementation in ["log", "scaling"]:
        best = float("inf")
        for _ in range(REPEATS):
            model = CategoricalHMM(
                STATES, n_iter=ITERATIONS, tol=-np.inf, random_state=1, n_features=SYMBOLS,
                implementation=implementation,
            )
            start = time.perf_counter()
            model.fit(heard, lengths)
            best = min(best, (time.perf_counter() - start) / ITERATIONS)
        print(f"{implementation:8} {best * 1000:8.1f} ms an iteration")


if __name__ == "__main__":
    main()
