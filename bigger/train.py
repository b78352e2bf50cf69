"""Trains the book's LSTM or WaveNet on shards: one process, several, or several machines; see README.md.

    python bigger/train.py SHARDS --out trained.safetensors
    torchrun --nproc-per-node 2 --max-restarts 3 bigger/train.py SHARDS --out trained.safetensors
"""

import argparse
import json
import math
import os
import time

import torch
import torch.distributed as dist
from models import SequenceModel, WaveNet, surprise
from shards import Batches, Index
from torch.nn.parallel import DistributedDataParallel
from weights import device_of, load, save, size


def words():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("shards", help="a folder that `cargo run -- export` has made")
    add("--out", required=True, help="where the weights go")
    add("--from", dest="start", help="weights to begin with, in place of chance")
    add("--units", type=int, default=128, help="LSTM: units of a layer (%(default)s)")
    add("--embedding", type=int, default=64, help="LSTM: numbers for a symbol (%(default)s)")
    add("--layers", type=int, default=1, help="LSTM: layers (%(default)s)")
    add("--dropout", type=float, default=0.0, help="LSTM: share of outputs left out (%(default)s)")
    add("--channels", type=int, default=32, help="WaveNet: residual channels; twice as many skip and hidden ones (%(default)s)")
    add("--dilations", type=int, default=7, help="WaveNet: dilations 1, 2, 4 and so on, so many (%(default)s)")
    add("--often", type=int, default=2, help="WaveNet: how often all of them (%(default)s)")
    add("--batch", type=int, default=32, help="pieces side by side, over all processes (%(default)s)")
    add("--window", type=int, default=64, help="steps of a window (%(default)s)")
    add("--steps", type=int, default=1000, help="steps of the optimiser (%(default)s)")
    add("--rate", type=float, default=0.003, help="the highest learning rate (%(default)s)")
    add("--warm-up", type=int, default=50, help="steps in which it rises (%(default)s)")
    add("--longest", type=float, default=1.0, help="gradients are shortened to this length (%(default)s)")
    add("--seed", type=int, default=1)
    add("--every", type=int, default=100, help="a checkpoint and a validation after so many steps (%(default)s)")
    add("--checkpoint", help="where to keep what is needed to go on (OUT.checkpoint)")
    add("--losses", help="a line of JSON for each step")
    add("--device", choices=["auto", "cpu", "cuda"], default="auto")
    add("--precision", choices=["float32", "bfloat16", "float16"], default="float32")
    return parser.parse_args()


class World:
    """The processes that learn together: how many, which of them this is, and its device."""

    def __init__(self, device):
        self.rank, self.size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.device = device_of(device, int(os.environ.get("LOCAL_RANK", 0)))
        self.together = "RANK" in os.environ  # torchrun says so
        if self.device.type == "cuda":
            torch.cuda.set_device(self.device)
        if self.together:
            store, rank, size = next(dist.rendezvous("env://"))
            if os.environ.get("LOCAL_WORLD_SIZE") == str(self.size):
                # After a restart on one machine the store still holds the addresses of who is gone: look past them.
                store = dist.PrefixStore(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0"), store)
            backend = "nccl" if self.device.type == "cuda" else "gloo"
            dist.init_process_group(backend, store=store, rank=rank, world_size=size)

    def sum(self, *numbers):
        total = torch.tensor(numbers, dtype=torch.double, device=self.device)
        if self.together:
            dist.all_reduce(total)
        return total.tolist()

    def gather(self, tensors):
        """The memory of all lanes, in their order, from that of each process."""
        if not self.together:
            return [tensor.cpu() for tensor in tensors]
        found = []
        for tensor in tensors:
            parts = [torch.empty_like(tensor) for _ in range(self.size)]
            dist.all_gather(parts, tensor.contiguous())
            found.append(torch.cat(parts).cpu())
        return found

    def say(self, text):
        if self.rank == 0:
            print(text, flush=True)


def new_model(index, told):
    if index.alphabet is None:
        channels, once = told.channels, [2**power for power in range(told.dilations)]
        net = {"residual": channels, "skip": 2 * channels, "hidden": 2 * channels, "dilations": once * told.often, "logistics": 0}
        return WaveNet(net)
    architecture = {"cell": "lstm", "embedding": told.embedding, "units": told.units, "layers": told.layers, "dropout": told.dropout}
    return SequenceModel(index.symbols, architecture)


def begun(index, told):
    """The model before the first step."""
    torch.manual_seed(told.seed)
    if not told.start:
        return new_model(index, told)
    model, entries = load(told.start)
    if getattr(model, "conditions", 0):
        raise SystemExit(f"{told.start}: this net is told a score, which shards do not hold. Give one that is told nothing")
    speaks = model.shape.get("alphabet", 256)
    if speaks != index.symbols or entries.get("alphabet", index.alphabet) != index.alphabet:
        raise SystemExit(f"{told.start}: its alphabet is not that of {told.shards}. Export the music that it learned from")
    return model


def rate(told, step):
    """Up in a straight line, then down along half a cosine to a hundredth: as the library's schedule."""
    if step < told.warm_up:
        return told.rate * (step + 1) / told.warm_up
    done = min(1.0, (step - told.warm_up) / max(1, told.steps - told.warm_up))
    lowest = told.rate / 100
    return lowest + (told.rate - lowest) * (1 + math.cos(math.pi * done)) / 2


class Training:
    def __init__(self, told, world):
        self.told, self.world, self.index = told, world, Index(told.shards)
        if told.batch % world.size:
            raise SystemExit(f"A batch of {told.batch} cannot be dealt out to {world.size} processes. Give a multiple of it")
        each = told.batch // world.size
        self.mine = range(world.rank * each, (world.rank + 1) * each)
        self.model = begun(self.index, told).to(world.device)
        learned = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.adam = torch.optim.Adam(learned, lr=told.rate)
        self.scaler = torch.amp.GradScaler(enabled=told.precision == "float16")
        self.memory, self.step, self.best = self.model.memory(each), 0, (math.inf, None)
        self.path = told.checkpoint or told.out + ".checkpoint"
        # What may not change between a stop and going on.
        fixed = ["start", "batch", "window", "steps", "rate", "warm_up", "longest", "seed", "precision"]
        self.kept = {"shape": self.model.shape, "shards": self.index.about} | {name: getattr(told, name) for name in fixed}
        self.go_on()
        self.both = DistributedDataParallel(self.model) if world.together else self.model

    def go_on(self):
        """From the last checkpoint, if there is one."""
        if not os.path.exists(self.path):
            return
        kept = torch.load(self.path, map_location="cpu", weights_only=True)
        other = [name for name in self.kept if kept["kept"].get(name) != self.kept[name]]
        if other:
            raise SystemExit(f"{self.path}: this checkpoint is of a training with other {', '.join(other)}. Remove it to begin anew")
        self.model.load_state_dict(kept["model"])
        self.adam.load_state_dict(kept["adam"])
        self.scaler.load_state_dict(kept["scaler"])
        self.memory = [part[self.mine.start : self.mine.stop].to(self.world.device) for part in kept["memory"]]
        self.step, self.best = kept["step"], tuple(kept["best"])
        self.world.say(f"going on after step {self.step}")

    def keep(self):
        memory = self.world.gather(self.memory)
        if self.world.rank == 0:
            parts = {"model": self.model.state_dict(), "adam": self.adam.state_dict(), "scaler": self.scaler.state_dict()}
            beside = f"{self.path}.part"
            torch.save(parts | {"memory": memory, "step": self.step, "best": self.best, "kept": self.kept}, beside)
            os.replace(beside, self.path)

    def hear(self, model, batch, memory):
        """Through a window: the sum of the surprises, how many steps count, and the memory after it."""
        heard, following, begins = (torch.from_numpy(part).to(self.world.device) for part in batch)
        memory = [torch.where(begins.view(-1, *[1] * (part.dim() - 1)), torch.zeros_like(part), part) for part in memory]
        kind = getattr(torch, self.told.precision)
        with torch.autocast(self.world.device.type, dtype=kind, enabled=kind != torch.float32):
            logits, memory = model(heard, memory)
        return *surprise(logits, following), memory

    def learn(self, batch):
        """A step of the optimiser. Gives the mean surprise before it, over all processes."""
        for group in self.adam.param_groups:
            group["lr"] = rate(self.told, self.step)
        torch.manual_seed(hash((self.told.seed, self.step, self.world.rank)))  # dropout
        self.both.train()
        nats, count, self.memory = self.hear(self.both, batch, self.memory)
        total, all_steps = self.world.sum(nats.item(), count.item())
        self.adam.zero_grad(set_to_none=True)
        # Gradients are the mean over processes: each counts as many steps as it has.
        self.scaler.scale(nats * self.world.size / max(1.0, all_steps)).backward()
        self.scaler.unscale_(self.adam)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.told.longest)
        self.scaler.step(self.adam)
        self.scaler.update()
        self.step += 1
        mean = total / max(1.0, all_steps)
        if not math.isfinite(mean):
            raise SystemExit(f"The surprise is {mean} at step {self.step}: lower --rate")
        return mean, all_steps

    @torch.no_grad()
    def validate(self):
        """The mean surprise at what nobody has learned from; none if there is nothing."""
        self.model.eval()
        batches = Batches(self.index, "valid", self.mine, self.told.batch, self.told.window, self.model.begin)
        memory, nats, count = self.model.memory(len(self.mine)), 0.0, 0
        for batch in batches:
            found, steps, memory = self.hear(self.model, batch, memory)
            nats, count = nats + found.item(), count + steps.item()
        nats, count = self.world.sum(nats, count)
        return nats / count if count else None

    def run(self):
        told, world = self.told, self.world
        if not any(shard["symbols"] for shard in self.index.shards("train")):
            raise SystemExit(f"{told.shards}: nothing to learn from")
        world.say(f"{size(self.model):,} weights, {world.size} processes, {world.device.type}, {told.precision}")
        batches = Batches(self.index, "train", self.mine, told.batch, told.window, self.model.begin, told.seed, self.step)
        log = open(told.losses, "a", encoding="utf-8", buffering=1) if told.losses and world.rank == 0 else None
        start, heard = time.monotonic(), 0.0
        while self.step < told.steps:
            mean, count = self.learn(next(batches))
            heard += count
            if log:
                print(json.dumps({"step": self.step, "nats": mean}), file=log)
            if self.step % told.every == 0 or self.step == told.steps:
                valid = self.validate()
                judged = mean if valid is None else valid
                if judged < self.best[0]:
                    self.best = judged, {name: part.detach().clone() for name, part in self.model.state_dict().items()}
                self.keep()
                a_second = heard / (time.monotonic() - start)
                world.say(f"step {self.step}: {mean:.4f} nats, validation {judged:.4f}; {a_second:,.0f} symbols a second")
        self.model.load_state_dict(self.best[1])
        if world.rank == 0:
            save(self.model, told.out, {"alphabet": self.index.alphabet} if self.index.alphabet else {})
        world.say(f"{told.out}: validation {self.best[0]:.6f} nats a symbol, {self.best[0] / math.log(2):.6f} bits")


def main():
    told = words()
    world = World(told.device)
    try:
        Training(told, world).run()
    finally:
        if world.together:
            dist.destroy_process_group()


if __name__ == "__main__":
    main()
