"""Files of weights, as the library writes and reads them: safetensors, with an entry `aeolian` that says the model and its shape."""

import json
import os

import torch
from models import SequenceModel, WaveNet
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file


def load(path):
    """The model in a file, and the file's other entries, such as its alphabet."""
    try:
        with safe_open(path, framework="pt") as file:
            entries = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, SafetensorError) as error:
        raise SystemExit(f"{path}: these weights cannot be read: {error}. Give a file that the library or train.py has written")
    about = json.loads(entries.pop("aeolian", "{}"))
    kind = about.pop("model", None)
    if kind not in ("SequenceModel", "WaveNet"):
        raise SystemExit(f"{path}: a model of the kind {kind!r}. Give the weights of a SequenceModel or a WaveNet")
    model = SequenceModel(**about) if kind == "SequenceModel" else WaveNet(**about)
    own = {name: tuple(tensor.shape) for name, tensor in model.named().items()}
    found = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    if own != found:
        wrong = sorted(name for name in own.keys() | found.keys() if own.get(name) != found.get(name))
        raise SystemExit(f"{path}: its tensors {wrong} are not those of its shape. Give the file as it was written")
    model.take(tensors)
    return model, entries


def save(model, path, entries=None):
    """Writes a model beside its place first, so that a file is never half there."""
    about = {"model": model.kind, **model.shape}
    tensors = {name: tensor.detach().cpu().float().contiguous() for name, tensor in model.named().items()}
    beside = f"{path}.{os.getpid()}.part"
    save_file(tensors, beside, {"aeolian": json.dumps(about), **(entries or {})})
    os.replace(beside, path)


def size(model):
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def device_of(name, local_rank):
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name, local_rank) if name == "cuda" else torch.device(name)
