"""Makes nn.json: what PyTorch finds, for src/nn/tests/reference.rs to agree with.

    pip install torch==2.15.0 numpy
    python tests/reference/nn.py

Every layer and loss of `aeolian::nn`: inputs, outputs, every gradient; and ten steps of Adam with clipping on an LSTM.
Matrices are lists of rows. PyTorch keeps weights as [outputs][inputs], `aeolian` as [inputs][outputs]: they are written as
`aeolian` has them. An LSTM's gates lie in the same order in both, i f g o. PyTorch's second bias is zero and is not trained.
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

T, B, I, H, V = 4, 3, 2, 5, 6
torch.manual_seed(1)
torch.set_num_threads(1)


def rows(tensor):
    """A tensor as a list of rows, in full single precision."""
    tensor = tensor.detach()
    return [[float(x) for x in row] for row in tensor.reshape(-1, tensor.shape[-1] if tensor.dim() else 1)]


def leaf(*shape):
    return torch.randn(*shape).requires_grad_()


def layer(result, x, parameters):
    """The outputs, and every gradient of (outputs * dy).sum() for a random dy."""
    dy = torch.randn_like(result)
    (result * dy).sum().backward()
    found = {"x": rows(x), "y": rows(result), "dy": rows(dy), "dx": rows(x.grad)}
    for name, (parameter, turned) in parameters.items():
        turn = (lambda a: a.T) if turned else (lambda a: a)
        found[name] = rows(turn(parameter))
        found["d" + name] = rows(turn(parameter.grad))
    return found


def recurrent(kind):
    net = kind(I, H)
    with torch.no_grad():
        net.bias_hh_l0.zero_()
    x = leaf(T, B, I)
    y, _ = net(x)
    return layer(
        y,
        x,
        {
            "weight": (net.weight_ih_l0, True),
            "recurrent": (net.weight_hh_l0, True),
            "bias": (net.bias_ih_l0, False),
        },
    )


def loss(value, y, **others):
    value.backward()
    return {"y": rows(y), "loss": float(value.detach()), "dy": rows(y.grad), **others}


def mixture(y, x, kinds):
    """-ln sum_m p(m) prod_k p(key k | m), summed over the rows."""
    log_kinds = F.log_softmax(y[:, :kinds], dim=1)
    coins = y[:, kinds:].reshape(y.shape[0], kinds, x.shape[1])
    log_keys = -F.binary_cross_entropy_with_logits(coins, x[:, None].expand_as(coins), reduction="none").sum(2)
    return -torch.logsumexp(log_kinds + log_keys, dim=1).sum()


def ten_steps():
    """Embedding, LSTM, dense; mean cross-entropy; gradients clipped to 0.25; the state carried and detached."""
    embedding, lstm, dense = nn.Embedding(V, I), nn.LSTM(I, H), nn.Linear(H, V)
    with torch.no_grad():
        lstm.bias_hh_l0.zero_()
    lstm.bias_hh_l0.requires_grad_(False)
    named = {
        "embedding.weight": (embedding.weight, False),
        "lstm.input.weight": (lstm.weight_ih_l0, True),
        "lstm.input.bias": (lstm.bias_ih_l0, False),
        "lstm.recurrent": (lstm.weight_hh_l0, True),
        "dense.weight": (dense.weight, True),
        "dense.bias": (dense.bias, False),
    }

    def now():
        return {name: rows(p.T if turned else p) for name, (p, turned) in named.items()}

    start = now()
    symbols = torch.randint(0, V, (10 * T + 1, B))
    adam = torch.optim.Adam([p for p, _ in named.values()], lr=0.05)
    losses, lengths, state = [], [], None
    for step in range(10):
        x, target = symbols[step * T : (step + 1) * T], symbols[step * T + 1 : (step + 1) * T + 1]
        h, state = lstm(embedding(x), state)
        state = tuple(part.detach() for part in state)
        value = F.cross_entropy(dense(h).reshape(T * B, V), target.reshape(-1))
        adam.zero_grad()
        value.backward()
        lengths.append(float(nn.utils.clip_grad_norm_([p for p, _ in named.values()], 0.25)))
        adam.step()
        losses.append(float(value.detach()))
    return {"start": start, "symbols": symbols.tolist(), "losses": losses, "lengths": lengths, "end": now()}


def main():
    linear, x = nn.Linear(I, H), leaf(7, I)
    found = {"dense": layer(linear(x), x, {"weight": (linear.weight, True), "bias": (linear.bias, False)})}
    for name, curve in [("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("relu", torch.relu)]:
        x = leaf(3, 5)
        found[name] = layer(curve(x), x, {})
    table, symbols = leaf(V, I), [0, 5, 5, 2]
    y = F.embedding(torch.tensor(symbols), table)
    dy = torch.randn_like(y)
    (y * dy).sum().backward()
    found["embedding"] = {
        "weight": rows(table), "symbols": symbols, "y": rows(y), "dy": rows(dy), "dweight": rows(table.grad)
    }
    found["rnn"], found["lstm"] = recurrent(nn.RNN), recurrent(nn.LSTM)

    y, targets = leaf(4, V), [1, 5, 0, 1]
    found["softmax"] = loss(F.cross_entropy(y, torch.tensor(targets), reduction="sum"), y, targets=targets)
    y, x = leaf(4, 20), torch.randint(0, 2, (4, 20)).float()
    value = F.binary_cross_entropy_with_logits(y, x, reduction="sum")
    found["bernoulli"] = loss(value, y, targets=rows(x))
    y, x = leaf(4, 3 + 3 * 20), torch.randint(0, 2, (4, 20)).float()
    found["mixture"] = loss(mixture(y, x, 3), y, targets=rows(x))
    y, x = leaf(4, V), torch.randn(4, V)
    found["squared"] = loss(F.mse_loss(y, x, reduction="sum"), y, targets=rows(x))
    found["adam"] = ten_steps()

    path = pathlib.Path(__file__).with_suffix(".json")
    # Nine digits say a single-precision number exactly.
    text = json.dumps(json.loads(json.dumps(found), parse_float=lambda x: float(f"{float(x):.9g}")), indent=None)
    path.write_text(text.replace("]], ", "]],\n").replace("}, ", "},\n") + "\n")


if __name__ == "__main__":
    main()
