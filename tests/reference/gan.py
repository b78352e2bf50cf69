"""Loads a forger that the library has written into PyTorch, and makes gan.json: what PyTorch finds with it, and with an expert.

    pip install torch==2.15.0 numpy safetensors
    python tests/reference/gan.py [weights.safetensors]

`cargo run --example reference-gan` writes `gan.safetensors`; src/gan/tests/reference.rs reads both files and has to agree: what is made while
it learns and afterwards, running means, scores, losses, every gradient. Given other weights, it only loads them and says what they are.
Names and layouts: see src/gan/mod.rs. Matrices are lists of rows.
"""

import json
import pathlib
import sys

import torch
from safetensors import safe_open
from torch import nn
from torch.nn import functional as F

N, TOLD, GROUP = 8, 1, 4
torch.set_num_threads(1)


class Forger(nn.Module):
    def __init__(self, weights, shape):
        super().__init__()
        self.dense, self.norms, self.sizes = nn.ModuleList(), nn.ModuleList(), shape["made"]["Symbols"]["sizes"]
        for number in range(len(shape["hidden"]) + 1):
            weight = weights[f"forger{number}.weight"]
            layer = nn.Linear(*weight.shape)
            layer.weight.data, layer.bias.data = weight.T.clone(), weights[f"forger{number}.bias"][0]
            self.dense.append(layer)
            if number < len(shape["hidden"]):
                norm = nn.BatchNorm1d(weight.shape[1])
                norm.weight.data, norm.bias.data = weights[f"norm{number}.gain"][0], weights[f"norm{number}.shift"][0]
                norm.running_mean, norm.running_var = weights[f"norm{number}.mean"][0].clone(), weights[f"norm{number}.variance"][0].clone()
                self.norms.append(norm)

    def forward(self, x):
        for dense, norm in zip(self.dense, self.norms):
            x = F.leaky_relu(norm(dense(x)), 0.2)
        return self.dense[-1](x)


def straight_through(logits, sizes):
    """The likeliest symbol of each group, with the slope of its probability."""
    made = []
    for group in logits.split(sizes, 1):
        soft = group.softmax(1)
        hard = F.one_hot(soft.argmax(1), group.shape[1]).float()
        made.append(hard + soft - soft.detach())
    return torch.cat(made, 1)


class Expert(nn.Module):
    """A dense layer, the spread of each group of rows, and a projection onto what is told."""

    def __init__(self, width):
        super().__init__()
        self.first, self.plain, self.told = nn.Linear(width, 5), nn.Linear(6, 1), nn.Linear(TOLD, 6)

    def forward(self, x, told):
        found = F.leaky_relu(self.first(x), 0.2)
        groups = found.reshape(-1, GROUP, found.shape[1])
        spread = (groups.var(1, unbiased=False) + 1e-6).sqrt().mean(1)
        found = torch.cat([found, spread.repeat_interleave(GROUP)[:, None]], 1)
        return self.plain(found) + (self.told(told) * found).sum(1, keepdim=True)


def rows(tensor):
    return [[float(x) for x in row] for row in tensor.detach().reshape(-1, tensor.shape[-1])]


def of_expert(expert, turn):
    names = {"expert0": expert.first, "expert": expert.plain, "expert.told": expert.told}
    found = {}
    for name, layer in names.items():
        found[f"{name}.weight"], found[f"{name}.bias"] = rows(turn(layer.weight).T), rows(turn(layer.bias)[None])
    return found


def losses(real, fake):
    relativistic = F.softplus(fake - real).sum(), F.softplus(real - fake).sum()
    plain = (F.softplus(-real) + F.softplus(fake)).sum(), F.softplus(-fake).sum()
    return {"NonSaturating": plain, "Relativistic": relativistic}


def main():
    here = pathlib.Path(__file__).parent
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "gan.safetensors"
    with safe_open(path, "pt") as file:
        weights, about = {name: file.get_tensor(name) for name in file.keys()}, json.loads(file.metadata()["aeolian"])
    forger = Forger(weights, about)
    if len(sys.argv) > 1:
        print(f"{about['model']}: {sum(tensor.numel() for tensor in weights.values())} numbers, makes {sum(forger.sizes)} columns")
        return
    torch.manual_seed(1)
    latent = torch.randn(N, about["latent"]["normals"])
    told = torch.ones(N, TOLD)
    x = torch.cat([latent, told], 1)
    found = {"latent": rows(latent), "told": rows(told), "played": rows(forger.eval()(x))}
    logits = forger.train()(x)
    made = straight_through(logits, forger.sizes)
    expert = Expert(sum(forger.sizes))
    made.retain_grad()
    scores = expert(made, told)
    weights_of_scores = torch.randn_like(scores)
    (scores * weights_of_scores).sum().backward()
    found |= {"logits": rows(logits), "made": rows(made), "scores": rows(scores), "dscores": rows(weights_of_scores), "dmade": rows(made.grad)}
    found["expert"], found["dexpert"] = of_expert(expert, lambda tensor: tensor), of_expert(expert, lambda tensor: tensor.grad)
    gradients, running = {}, {}
    for number, dense in enumerate(forger.dense):
        gradients[f"forger{number}.weight"], gradients[f"forger{number}.bias"] = rows(dense.weight.grad.T), rows(dense.bias.grad[None])
    for number, norm in enumerate(forger.norms):
        gradients[f"norm{number}.gain"], gradients[f"norm{number}.shift"] = rows(norm.weight.grad[None]), rows(norm.bias.grad[None])
        running[f"norm{number}.mean"], running[f"norm{number}.variance"] = rows(norm.running_mean[None]), rows(norm.running_var[None])
    found |= {"dforger": gradients, "running": running, "losses": {}}
    for kind in ["NonSaturating", "Relativistic"]:
        real, fake = (2 * torch.randn(6)).requires_grad_(), (2 * torch.randn(6)).requires_grad_()
        of_expert_, of_forger = losses(real, fake)[kind]
        dreal, dfake = torch.autograd.grad(of_expert_, [real, fake], retain_graph=True)
        (taught,) = torch.autograd.grad(of_forger, [fake])
        values = [float(of_expert_.detach()), float(of_forger.detach())]
        found["losses"][kind] = {"real": real.tolist(), "fake": fake.tolist(), "values": values, "dreal": dreal.tolist(), "dfake": dfake.tolist(), "taught": taught.tolist()}
    (here / "gan.json").write_text(json.dumps(found) + "\n")


main()
