"""Shards that `cargo run -- export MUSIC DIR` has written, read piece by piece: src/shards/mod.rs says the format.

A batch has lanes. In each lane stands one piece after the other, in windows; a piece begins with a window. Which pieces a lane has, and in
which order, depends on the seed and on how many lanes the whole batch has, and not on how many processes share them. So one
process and ten learn the same. Where there are at least as many shards as lanes, a lane opens shards of its own only.
"""

import json
import os
import random
import struct

import numpy as np


class Index:
    def __init__(self, folder):
        self.folder = folder
        path = os.path.join(folder, "index.json")
        try:
            with open(path, encoding="utf-8") as file:
                about = json.load(file)
        except (OSError, ValueError) as error:
            raise SystemExit(f"{path}: {error}. Give a folder that `cargo run -- export` has made")
        if about.get("format") != "aeolian shards 1":
            raise SystemExit(f"{path}: its format is {about.get('format')!r}. Export the music anew with the book's press")
        self.about, self.symbols, self.bytes = about, about["symbols"], about["bytes"]
        self.alphabet, self.rate = about.get("alphabet"), about.get("rate")

    def shards(self, part):
        return [shard for shard in self.about["shards"] if shard["part"] == part]

    def places(self, shard):
        """Where each piece of a shard begins, and how many symbols it has: the pieces themselves are not read."""
        path = os.path.join(self.folder, shard["file"])
        if not os.path.exists(path) or os.path.getsize(path) != shard["size"]:
            raise SystemExit(f"{path}: it is missing, or not of the {shard['size']} bytes that the index says. Copy it anew")
        places = []
        with open(path, "rb") as file:
            for _ in range(shard["pieces"]):
                (length,) = struct.unpack("<I", file.read(4))
                places.append((file.tell(), length))
                file.seek(length * self.bytes, os.SEEK_CUR)
        return path, places

    def piece(self, file, place):
        begin, length = place
        file.seek(begin)
        return np.frombuffer(file.read(length * self.bytes), dtype=f"<u{self.bytes}").astype(np.int64)


def lane(index, part, number, lanes, window, begin, seed=None, skip=0):
    """The windows of one lane: what was heard before each step [window], what comes [window] (-1 after the end of a piece), and whether a
    piece begins. With a seed without end, in another order each time; without one once, as the shards have it. The first `skip`
    windows are passed over and their pieces not read."""
    shards = index.shards(part)
    group = max(1, min(lanes, len(shards)))
    rank, of = number // group, len(range(number % group, lanes, group))
    epoch = 0
    while True:
        order, chance = list(range(number % group, len(shards), group)), None
        if seed is not None:
            chance = random.Random(f"{seed} {epoch} {number % group}")
            chance.shuffle(order)
        any_piece = False
        for place in order:
            path, places = index.places(shards[place])
            if chance:
                chance.shuffle(places)
            with open(path, "rb") as file:
                for place in places[rank::of]:
                    count = -(-place[1] // window)
                    any_piece |= count > 0
                    if skip >= count:
                        skip -= count
                        continue
                    symbols = index.piece(file, place)
                    heard = np.concatenate([[begin], symbols[:-1]])
                    for at in range(skip * window, len(symbols), window):
                        following = np.full(window, -1)
                        hear = np.full(window, begin)
                        to = min(at + window, len(symbols))
                        following[: to - at], hear[: to - at] = symbols[at:to], heard[at:to]
                        yield hear, following, at == 0
                    skip = 0
        epoch += 1
        if seed is None or not any_piece:
            return


class Batches:
    """Windows of the lanes `mine` of so many, side by side; an iterator of heard, following [B][window] and begins [B]."""

    def __init__(self, index, part, mine, lanes, window, begin, seed=None, skip=0):
        self.window, self.begin, self.endless = window, begin, seed is not None
        self.lanes = [lane(index, part, number, lanes, window, begin, seed, skip) for number in mine]

    def __iter__(self):
        return self

    def __next__(self):
        nothing = np.full(self.window, self.begin), np.full(self.window, -1), True
        windows = [next(lane, None) for lane in self.lanes]
        if not self.endless and all(one is None for one in windows):
            raise StopIteration
        heard, following, begins = zip(*(one or nothing for one in windows))
        return np.stack(heard), np.stack(following), np.array(begins)
