"""The book's LSTM and WaveNet as PyTorch modules, of the shapes and layouts that the library's files have.

Shapes: B pieces side by side, T steps of a window, V symbols. A model hears symbols [B][T], what came before each step, and says logits
[B][T][V]. Its memory is a list of tensors with B in front, so that it can be carried from window to window, forgotten for a piece that
begins, and dealt out to other processes.

PyTorch keeps weights as [outputs][inputs], the library as [inputs][outputs], and nn.LSTM has a second bias, which is zero here and is
not learned. `named` gives a model's tensors as a file has them, and `take` takes such tensors.
"""

import torch
from torch import nn
from torch.nn import functional as F

CODES, SILENCE = 256, 128


def matrix(tensors, name):
    return tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def orthogonal(rows, columns):
    """Blocks side by side that leave the length of a signal as it is."""
    blocks = [nn.init.orthogonal_(torch.empty(rows, min(rows, columns - at))) for at in range(0, columns, rows)]
    return torch.cat(blocks, 1)


class SequenceModel(nn.Module):
    """Embedding, recurrent layers, a dense layer: src/recurrent/sequence."""

    kind = "SequenceModel"

    def __init__(self, alphabet, architecture):
        super().__init__()
        self.shape = {"alphabet": alphabet, "architecture": architecture}
        cell, units = architecture["cell"], architecture["units"]
        embedding, layers, dropout = architecture["embedding"], architecture["layers"], architecture["dropout"]
        self.begin = alphabet  # what is heard at the begin of a piece: the last row
        self.memories = {"lstm": 2, "rnn": 1}[cell]
        self.embedding = nn.Embedding(alphabet + 1, embedding)
        kind = {"lstm": nn.LSTM, "rnn": nn.RNN}[cell]
        self.recurrent = kind(embedding, units, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0)
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(units, alphabet)
        self.start()

    @torch.no_grad()
    def start(self):
        """Before it has learned: as the library lets such a model start."""
        nn.init.xavier_uniform_(self.dense.weight)
        self.dense.bias.zero_()
        units = self.shape["architecture"]["units"]
        for layer in range(self.recurrent.num_layers):
            weights = [getattr(self.recurrent, f"{name}_l{layer}") for name in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]]
            nn.init.xavier_uniform_(weights[0])
            weights[1].copy_(orthogonal(units, weights[1].shape[0]).T)
            weights[2].zero_()
            if self.memories == 2:
                weights[2][units : 2 * units] = 1.0  # the forget gate: at first the memory keeps
            weights[3].zero_()
            weights[3].requires_grad_(False)

    def memory(self, batch):
        size = batch, self.recurrent.num_layers, self.recurrent.hidden_size
        return [self.dense.weight.new_zeros(size) for _ in range(self.memories)]

    def forward(self, heard, memory):
        before = [part.transpose(0, 1).contiguous() for part in memory]
        h, after = self.recurrent(self.embedding(heard), tuple(before) if self.memories == 2 else before[0])
        after = after if self.memories == 2 else [after]
        return self.dense(self.dropout(h)), [part.detach().transpose(0, 1).float() for part in after]

    def layers(self):
        """For each recurrent layer its name in a file, and its tensors here: input, units, bias."""
        for layer in range(self.recurrent.num_layers):
            names = ["weight_ih", "weight_hh", "bias_ih"]
            yield f"layer{layer}", [getattr(self.recurrent, f"{name}_l{layer}") for name in names]

    def named(self):
        found = {"embedding.weight": self.embedding.weight}
        for name, (inputs, units, bias) in self.layers():
            found |= {f"{name}.input.weight": inputs.T, f"{name}.input.bias": bias[None], f"{name}.recurrent": units.T}
        return found | {"dense.weight": self.dense.weight.T, "dense.bias": self.dense.bias[None]}

    @torch.no_grad()
    def take(self, tensors):
        self.embedding.weight.copy_(tensors["embedding.weight"])
        for name, (inputs, units, bias) in self.layers():
            inputs.copy_(tensors[f"{name}.input.weight"].T)
            units.copy_(tensors[f"{name}.recurrent"].T)
            bias.copy_(tensors[f"{name}.input.bias"][0])
        weight, bias = matrix(tensors, "dense")
        self.dense.weight.copy_(weight.T)
        self.dense.bias.copy_(bias[0])


class Block(nn.Module):
    """A causal dilated convolution, a gate, two ways out: src/wavenet/block.rs."""

    def __init__(self, residual, skip, conditions, dilation):
        super().__init__()
        self.past = dilation
        self.convolution = nn.Conv1d(residual, 2 * residual, 2, dilation=dilation)
        self.told = nn.Conv1d(conditions, 2 * residual, 1, bias=False) if conditions else None
        self.residual = nn.Conv1d(residual, residual, 1)
        self.skip = nn.Conv1d(residual, skip, 1)

    def forward(self, x, told, before):
        """x [B][R][T], told [B][C][T], before [B][R][dilation]: what was heard before, or zeros."""
        heard = torch.cat([before, x], 2)
        a = self.convolution(heard)
        if self.told is not None:
            a = a + self.told(told)
        say, much = a.chunk(2, 1)
        z = say.tanh() * much.sigmoid()
        return x + self.residual(z), self.skip(z), heard[:, :, -self.past :].detach()


class WaveNet(nn.Module):
    """The net of chapter 08: src/wavenet/net.rs. What it is told beside the codes, if anything, is `told` [B][T][C]."""

    kind = "WaveNet"
    begin = SILENCE

    def __init__(self, net, conditioning=None):
        super().__init__()
        self.shape = {"net": net, "conditioning": conditioning}
        self.conditions = conditioning["pitches"] + 3 + 2 * conditioning["fork"] if conditioning else 0
        residual, skip, hidden, self.curves = net["residual"], net["skip"], net["hidden"], net.get("logistics", 0)
        self.codes = nn.Embedding(CODES, residual)
        self.blocks = nn.ModuleList(Block(residual, skip, self.conditions, d) for d in net["dilations"])
        self.hidden = nn.Conv1d(skip, hidden, 1)
        self.last = nn.Conv1d(hidden, 3 * self.curves or CODES, 1)
        self.start()

    @torch.no_grad()
    def start(self):
        for module in self.modules():
            if isinstance(module, nn.Conv1d):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    module.bias.zero_()
        if self.curves:  # side by side, and none too wide
            self.last.bias[self.curves : 2 * self.curves] = (2 * torch.arange(self.curves) + 1) / self.curves - 1
            self.last.bias[2 * self.curves :] = -2.0
        # Codes that lie close sound alike from the start: two ramps in random directions, and a little noise.
        even, bent = torch.randn(2, self.codes.embedding_dim)
        x = torch.arange(CODES) / 127.5 - 1
        y = torch.expm1(x.abs() * torch.log(torch.tensor(256.0))) / 255 * x.sign()
        self.codes.weight.copy_(0.05 * torch.randn_like(self.codes.weight) + x[:, None] * even + y[:, None] * bent)
        for parameter in self.blocks[-1].residual.parameters():
            parameter.requires_grad_(False)  # leads nowhere

    def memory(self, batch):
        width = self.codes.embedding_dim
        return [self.codes.weight.new_zeros(batch, width, block.past) for block in self.blocks]

    def forward(self, heard, memory, told=None):
        x, total, after = self.codes(heard).transpose(1, 2), 0, []
        told = None if told is None else told.transpose(1, 2)
        for block, before in zip(self.blocks, memory):
            x, skip, before = block(x, told, before)
            total = total + skip
            after.append(before.float())
        y = self.last(self.hidden(total.relu()).relu()).transpose(1, 2)
        return (self.logarithms(y) if self.curves else y), after

    def logarithms(self, y):
        """A mixture of logistic curves, cut at the borders between codes: src/wavenet/logistics.rs."""
        weights, middles, widths = y.double().chunk(3, -1)
        borders = (2 * torch.arange(CODES - 1, device=y.device, dtype=torch.double) + 2) / CODES - 1
        below = ((borders[:, None] - middles[..., None, :]) * (-widths[..., None, :]).exp()).sigmoid()
        below = F.pad(below, (0, 0, 1, 0), value=0.0)
        below = F.pad(below, (0, 0, 0, 1), value=1.0)
        found = (below.diff(dim=-2) * weights.softmax(-1)[..., None, :]).sum(-1)
        return found.clamp_min(1e-12).log().float()

    def named(self):
        found = {"codes.weight": self.codes.weight}
        for i, block in enumerate(self.blocks):
            before, now = block.convolution.weight.unbind(2)
            told = [] if block.told is None else [block.told.weight[:, :, 0].T]
            found[f"block{i}.convolution.weight"] = torch.cat([before.T, now.T, *told])
            found[f"block{i}.convolution.bias"] = block.convolution.bias[None]
            ways = block.residual, block.skip
            found[f"block{i}.out.weight"] = torch.cat([way.weight[:, :, 0].T for way in ways], 1)
            found[f"block{i}.out.bias"] = torch.cat([way.bias for way in ways])[None]
        for name, layer in [("hidden", self.hidden), ("curves" if self.curves else "logits", self.last)]:
            found |= {f"{name}.weight": layer.weight[:, :, 0].T, f"{name}.bias": layer.bias[None]}
        return found

    @torch.no_grad()
    def take(self, tensors):
        self.codes.weight.copy_(tensors["codes.weight"])
        residual = self.codes.embedding_dim
        for i, block in enumerate(self.blocks):
            weight, bias = matrix(tensors, f"block{i}.convolution")
            before, now, told = weight.split([residual, residual, self.conditions])
            block.convolution.weight.copy_(torch.stack([before.T, now.T], 2))
            block.convolution.bias.copy_(bias[0])
            if block.told is not None:
                block.told.weight.copy_(told.T[:, :, None])
            weight, bias = matrix(tensors, f"block{i}.out")
            parts = [residual, weight.shape[1] - residual]
            for way, weight, bias in zip([block.residual, block.skip], weight.split(parts, 1), bias[0].split(parts)):
                way.weight.copy_(weight.T[:, :, None])
                way.bias.copy_(bias)
        for name, layer in [("hidden", self.hidden), ("curves" if self.curves else "logits", self.last)]:
            weight, bias = matrix(tensors, name)
            layer.weight.copy_(weight.T[:, :, None])
            layer.bias.copy_(bias[0])


def surprise(logits, following):
    """The sum of the surprises in nats, and how many steps count: where `following` is -1 a piece has ended."""
    total = F.cross_entropy(logits.flatten(0, 1).float(), following.flatten(), ignore_index=-1, reduction="sum")
    return total, (following >= 0).sum()
