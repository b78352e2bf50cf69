"""Loads weights that the library has written into PyTorch, and checks that the outputs are the same to 1e-5.

    pip install torch==2.15.0 numpy safetensors
    python tests/reference/sequence.py [weights.safetensors]

`sequence.safetensors` is a `SequenceModel` and `sequence.json` what it says about a few symbols, outputs up to a number that is
the same for all symbols; `cargo run --example reference-sequence` writes both. Given other weights, it only loads them and says what
they are. Names and layouts: see src/nn/saved.rs.
"""

import json
import pathlib
import sys

import torch
from safetensors import safe_open
from torch import nn


class SequenceModel(nn.Module):
    def __init__(self, alphabet, cell, embedding, units, layers):
        super().__init__()
        self.embedding = nn.Embedding(alphabet + 1, embedding)  # the last row is the begin of a piece
        kind = {"lstm": nn.LSTM, "rnn": nn.RNN}[cell]
        self.recurrent = kind(embedding, units, num_layers=layers)
        self.dense = nn.Linear(units, alphabet)

    def forward(self, symbols, state=None):
        h, state = self.recurrent(self.embedding(symbols), state)
        return self.dense(h), state


def load(path):
    """The model in a file: PyTorch has its weights as [outputs][inputs], and a second bias, here zero."""
    with safe_open(path, framework="pt") as file:
        about = json.loads(file.metadata()["aeolian"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    architecture = about["architecture"]
    layers = architecture["layers"]
    model = SequenceModel(
        about["alphabet"], architecture["cell"], architecture["embedding"], architecture["units"], layers
    )
    state = {
        "embedding.weight": tensors["embedding.weight"],
        "dense.weight": tensors["dense.weight"].T,
        "dense.bias": tensors["dense.bias"][0],
    }
    for layer in range(layers):
        bias = tensors[f"layer{layer}.input.bias"][0]
        state[f"recurrent.weight_ih_l{layer}"] = tensors[f"layer{layer}.input.weight"].T
        state[f"recurrent.weight_hh_l{layer}"] = tensors[f"layer{layer}.recurrent"].T
        state[f"recurrent.bias_ih_l{layer}"] = bias
        state[f"recurrent.bias_hh_l{layer}"] = torch.zeros_like(bias)
    model.load_state_dict(state)
    return model


def main():
    here = pathlib.Path(__file__)
    if len(sys.argv) > 1:
        print(load(sys.argv[1]))
        return
    model, expected = load(here.with_suffix(".safetensors")), json.loads(here.with_suffix(".json").read_text())
    begin = model.embedding.num_embeddings - 1
    heard = torch.tensor([[begin], *([symbol] for symbol in expected["symbols"][:-1])])
    with torch.inference_mode():
        outputs, _ = model(heard)
    found, said = outputs[:, 0].log_softmax(1), torch.tensor(expected["outputs"]).log_softmax(1)
    difference = (found - said).abs().max().item()
    print(f"{len(expected['symbols'])} steps, largest difference {difference:.2e}")
    if difference > 1e-5:
        sys.exit("The outputs are not the same")


if __name__ == "__main__":
    main()
