"""Loads a WaveNet that the library has written into PyTorch, and makes wavenet.json: what PyTorch finds with it.

    pip install torch==2.15.0 numpy safetensors
    python tests/reference/wavenet.py [weights.safetensors]

`cargo run --example reference-wavenet` writes `wavenet.safetensors`; src/wavenet/tests/reference.rs reads both files and has to agree:
logits, every gradient, and the loss at each of ten steps of Adam. Given other weights, it only loads them and says what they are. Names and
layouts: see src/wavenet/mod.rs. Matrices are lists of rows; row t * B + b is sample t of sound b.
"""

import json
import pathlib
import sys

import torch
from safetensors import safe_open
from torch import nn
from torch.nn import functional as F

T, B = 7, 2
torch.set_num_threads(1)


class Block(nn.Module):
    def __init__(self, residual, skip, conditions, dilation):
        super().__init__()
        self.past = dilation
        self.convolution = nn.Conv1d(residual, 2 * residual, 2, dilation=dilation)
        self.told = nn.Conv1d(conditions, 2 * residual, 1, bias=False)
        self.residual = nn.Conv1d(residual, residual, 1)
        self.skip = nn.Conv1d(residual, skip, 1)

    def forward(self, x, conditions, before):
        """x [B][R][T], conditions [B][C][T], before [B][R][dilation]: what was heard before, or zeros."""
        heard = torch.cat([before, x], 2)
        a = self.convolution(heard) + self.told(conditions)
        say, much = a.chunk(2, 1)
        z = say.tanh() * much.sigmoid()
        return x + self.residual(z), self.skip(z), heard[:, :, -self.past :].detach()


class WaveNet(nn.Module):
    def __init__(self, residual, skip, hidden, dilations, conditions):
        super().__init__()
        self.codes = nn.Embedding(256, residual)
        self.blocks = nn.ModuleList(Block(residual, skip, conditions, d) for d in dilations)
        self.hidden = nn.Conv1d(skip, hidden, 1)
        self.logits = nn.Conv1d(hidden, 256, 1)

    def forward(self, codes, conditions, past=None):
        """codes [B][T], conditions [B][C][T] to logits [B][256][T], and what the next window needs of this one."""
        x = self.codes(codes).transpose(1, 2)
        past = past or [x.new_zeros(*x.shape[:2], block.past) for block in self.blocks]
        total, kept = 0, []
        for block, before in zip(self.blocks, past):
            x, skip, before = block(x, conditions, before)
            total = total + skip
            kept.append(before)
        return self.logits(self.hidden(total.relu()).relu()), kept

    def named(self, of):
        """The matrices of a file from those of PyTorch, [outputs][inputs][taps]: `of` says what is wanted of each parameter."""

        def dense(name, module):
            return {f"{name}.weight": of(module.weight)[:, :, 0].T, f"{name}.bias": of(module.bias)[None]}

        found = {"codes.weight": of(self.codes.weight)}
        for i, block in enumerate(self.blocks):
            before, now = of(block.convolution.weight).unbind(2)
            told = of(block.told.weight)[:, :, 0]
            found[f"block{i}.convolution.weight"] = torch.cat([before.T, now.T, told.T])
            found[f"block{i}.convolution.bias"] = of(block.convolution.bias)[None]
            ways = [dense("out", block.residual), dense("out", block.skip)]
            for name in ["out.weight", "out.bias"]:
                found[f"block{i}.{name}"] = torch.cat([way[name] for way in ways], 1)
        return found | dense("hidden", self.hidden) | dense("logits", self.logits)


def load(path):
    """The model in a file."""
    with safe_open(path, framework="pt") as file:
        about = json.loads(file.metadata()["aeolian"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    net = about["net"]
    residual, skip = net["residual"], net["skip"]
    conditions = tensors["block0.convolution.weight"].shape[0] - 2 * residual
    model = WaveNet(residual, skip, net["hidden"], net["dilations"], conditions)
    state = {"codes.weight": tensors["codes.weight"]}

    def put(name, weight, bias=None):
        state[f"{name}.weight"] = weight.T[:, :, None]
        if bias is not None:
            state[f"{name}.bias"] = bias[0]

    for i in range(len(net["dilations"])):
        to, of = f"blocks.{i}", f"block{i}"
        before, now, told = tensors[f"{of}.convolution.weight"].split([residual, residual, conditions])
        state[f"{to}.convolution.weight"] = torch.stack([before.T, now.T], 2)
        state[f"{to}.convolution.bias"] = tensors[f"{of}.convolution.bias"][0]
        put(f"{to}.told", told)
        weights, biases = (tensors[f"{of}.out.{it}"].split([residual, skip], 1) for it in ["weight", "bias"])
        put(f"{to}.residual", weights[0], biases[0])
        put(f"{to}.skip", weights[1], biases[1])
    for name in ["hidden", "logits"]:
        put(name, tensors[f"{name}.weight"], tensors[f"{name}.bias"])
    model.load_state_dict(state)
    for name, tensor in model.named(lambda parameter: parameter).items():
        assert torch.equal(tensor, tensors[name]), name
    return model


def rows(tensor):
    return tensor.detach().tolist()


def in_time(tensor):
    """[B][channels][T] to [T B][channels], as the library has it."""
    return rows(tensor.permute(2, 0, 1).flatten(0, 1))


def gradient(parameter):
    """The residual way of the highest block leads nowhere: it has none."""
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad


def once(model, codes, conditions):
    """Logits, the sum of the surprises, and all its gradients."""
    conditions = conditions[:, :, :T].clone().requires_grad_()
    logits, _ = model(codes[:, :T], conditions)
    loss = F.cross_entropy(logits, codes[:, 1 : T + 1], reduction="sum")
    loss.backward()
    gradients = {name: rows(tensor) for name, tensor in model.named(gradient).items()}
    return {
        "logits": in_time(logits),
        "loss": float(loss.detach()),
        "gradients": gradients,
        "conditions": in_time(conditions.grad),
    }


def ten_steps(model, codes, conditions):
    """The mean surprise before each step. What was heard in one window goes on into the next."""
    adam = torch.optim.Adam(model.parameters(), lr=0.02, betas=(0.9, 0.999), eps=1e-8)
    losses, past = [], None
    for first in range(0, 10 * T, T):
        window = slice(first, first + T)
        logits, past = model(codes[:, window], conditions[:, :, window], past)
        loss = F.cross_entropy(logits, codes[:, first + 1 : first + T + 1])
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(float(loss.detach()))
    return losses


def main():
    here = pathlib.Path(__file__)
    if len(sys.argv) > 1:
        print(load(sys.argv[1]))
        return
    torch.manual_seed(1)
    path = here.with_suffix(".safetensors")
    model = load(path)
    # Tones of a few codes, so that ten steps learn something.
    codes = torch.stack([torch.tensor([120, 128, 140, 128, 117]).repeat(15), torch.tensor([255, 0, 99]).repeat(25)])
    codes = codes[:, : 10 * T + 1]
    conditions = torch.rand(B, model.blocks[0].told.in_channels, 10 * T).mul(4).round().div(2).sub(1)
    found = {
        "codes": codes.T.tolist(),
        "told": in_time(conditions),
        "once": once(model, codes, conditions),
        "losses": ten_steps(load(path), codes, conditions),
    }
    # Six places say more than is compared: the largest number of each matrix is near 1.
    text = json.dumps(json.loads(json.dumps(found), parse_float=lambda x: round(float(x), 6)), separators=(",", ":"))
    here.with_suffix(".json").write_text(text.replace("]],", "]],\n").replace("],[", "],\n[") + "\n")


if __name__ == "__main__":
    main()
