"""Makes hmm.json: what hmmlearn finds, for src/markov/hidden/tests.rs to agree with.

    pip install hmmlearn==0.3.3
    python tests/reference/hmm.py

Two models, one with symbols and one with chords (hmmlearn has no such emission: its own forward, backward,
Viterbi and Baum-Welch run over the one defined here). Nothing is added to the counts.
"""

import json
import pathlib

import numpy as np
from hmmlearn.base import BaseHMM
from hmmlearn.hmm import CategoricalHMM

STATES, SYMBOLS, KEYS, ITERATIONS = 3, 4, 88, 10
LENGTHS = [30, 1, 17, 40]


class BernoulliHMM(BaseHMM):
    """Independent keys in each state; `keys_` [K, 88]."""

    def _check(self):
        super()._check()
        self.n_features = KEYS

    def _get_n_fit_scalars_per_param(self):
        return {"s": STATES - 1, "t": STATES * (STATES - 1), "k": STATES * KEYS}

    def _compute_log_likelihood(self, frames):
        frames = np.asarray(frames, dtype=float)
        return frames @ np.log(self.keys_).T + (1 - frames) @ np.log(1 - self.keys_).T

    def _initialize_sufficient_statistics(self):
        stats = super()._initialize_sufficient_statistics()
        stats["visits"] = np.zeros(self.n_components)
        stats["keys"] = np.zeros((self.n_components, KEYS))
        return stats

    def _accumulate_sufficient_statistics(self, stats, frames, lattice, posteriors, fwdlattice, bwdlattice):
        super()._accumulate_sufficient_statistics(stats, frames, lattice, posteriors, fwdlattice, bwdlattice)
        stats["visits"] += posteriors.sum(axis=0)
        stats["keys"] += posteriors.T @ frames

    def _do_mstep(self, stats):
        super()._do_mstep(stats)
        self.keys_ = stats["keys"] / stats["visits"][:, None]


def distribution(rng, *shape):
    return rng.dirichlet(np.ones(shape[-1]), size=shape[:-1] or None)


def report(model, heard, emission):
    """What the model finds before it learns, and what it has become afterwards."""
    model.startprob_ = distribution(RNG, STATES)
    model.transmat_ = distribution(RNG, STATES, STATES)
    emissions = getattr(model, emission)
    sequences = np.split(heard, np.cumsum(LENGTHS)[:-1])
    found = {
        "initial": model.startprob_.tolist(),
        "transition": model.transmat_.tolist(),
        "emission": emissions.tolist(),
        "log_likelihoods": [model.score(s) for s in sequences],
        "posterior": model.predict_proba(sequences[0]).tolist(),
    }
    path_log_likelihood, path = model.decode(sequences[0])
    found |= {"path": path.tolist(), "path_log_likelihood": path_log_likelihood}
    model.fit(heard, LENGTHS)
    found["learned"] = {
        "initial": model.startprob_.tolist(),
        "transition": model.transmat_.tolist(),
        "emission": getattr(model, emission).tolist(),
        "log_likelihood": model.score(heard, LENGTHS),
    }
    return found


RNG = np.random.default_rng(1)


def main():
    settings = {"n_iter": ITERATIONS, "tol": -np.inf, "init_params": ""}
    symbols = RNG.integers(0, SYMBOLS, size=(sum(LENGTHS), 1))
    model = CategoricalHMM(STATES, n_features=SYMBOLS, **settings)
    model.emissionprob_ = distribution(RNG, STATES, SYMBOLS)
    of_symbols = report(model, symbols, "emissionprob_") | {"heard": symbols.ravel().tolist()}

    # every key sounds somewhere, so that no probability becomes 0
    frames = (RNG.random((sum(LENGTHS), KEYS)) < 0.2).astype(int)
    model = BernoulliHMM(STATES, params="stk", **settings)
    model.keys_ = RNG.uniform(0.1, 0.3, size=(STATES, KEYS))
    of_chords = report(model, frames, "keys_") | {"heard": [np.flatnonzero(f).tolist() for f in frames]}

    reference = {"lengths": LENGTHS, "iterations": ITERATIONS, "symbols": of_symbols, "chords": of_chords}
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
