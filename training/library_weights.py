"""Between the network that learns and the library's own names and layout, both ways."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from training import factors
from training.network import CONFIG, Network, first_singular_vectors
from training.sampling import projection_tensor


@torch.no_grad()
def to_library(model: Network) -> dict[str, Tensor]:
    """The weights of a network by the library's names, float16.

    The projection is multiplied into every layer that sees the noise vector. The singular vectors are exact, since
    the library takes a step of the power iteration at every call in training mode, and must not move. The rows of
    batch-norm statistics are all the same: expanded, they take the room of one in a file.
    """
    width = CONFIG["channel_width"]
    out = {"embeddings.weight": model.embeddings.T.contiguous()}
    for name, weight in model.matrices.items():
        if _sees_noise(name):
            seen = len(factors.NAMES)
            weight = torch.cat([weight[:, :seen] @ projection_tensor(), weight[:, seen:]], dim=1)
        if name == "conv_to_rgb":
            weight = torch.cat([weight, torch.zeros(width - 3, *weight.shape[1:])])
        weight = weight.half().float()
        parts = zip(("orig", "u", "v"), (weight, *first_singular_vectors(weight)), strict=True)
        out |= {f"{_library_name(name)}.weight_{part}": value for part, value in parts}
        if "conv_" in name and f"{name}/bias" not in model.vectors:
            out[f"{_library_name(name)}.bias"] = torch.zeros(len(weight))
    for name, value in model.vectors.items():
        norm, _, kind = name.rpartition("/")
        if kind == "mean":
            out[f"{_library_name(norm)}.running_means"] = value.expand(CONFIG["n_stats"], -1)
        elif kind == "log_var":
            out[f"{_library_name(norm)}.running_vars"] = value.exp().expand(CONFIG["n_stats"], -1)
        elif name == "conv_to_rgb/bias":
            out[_library_name(name)] = F.pad(value, (0, width - 3))
        else:
            out[_library_name(name)] = value
    return {name: _half(value) for name, value in out.items()}


@torch.no_grad()
def from_library(weights: Mapping[str, Tensor], resolution: int) -> Network:
    """The network that `to_library` wrote, but for the rounding to float16.

    Parameters
    ----------
    weights : dict of tensors
        By the library's names.
    resolution : int
        Side of the pictures that the weights draw.
    """
    model = Network(weights["embeddings.weight"].float().T, resolution)
    for name, weight in model.matrices.items():
        kept, u, v = (weights[f"{_library_name(name)}.weight_{part}"].float() for part in ("orig", "u", "v"))
        if _sees_noise(name):
            kept, v = _of_factors(kept), _of_factors(v)
        weight.copy_(kept[: len(weight)])
        for vector, value in zip(model.singular_vectors(name), (u, v), strict=True):
            vector.copy_(value[: len(vector)])
    for name, value in model.vectors.items():
        norm, _, kind = name.rpartition("/")
        if kind == "mean":
            kept = weights[f"{_library_name(norm)}.running_means"][0].float()
        elif kind == "log_var":
            kept = weights[f"{_library_name(norm)}.running_vars"][0].float().log()
        else:
            kept = weights[_library_name(name)].float()
        value.copy_(kept[: len(value)])
    model.iterate()
    return model


def _sees_noise(name: str) -> bool:
    return name == "gen_z" or name.endswith(("scale", "offset"))


def _of_factors(weight: Tensor) -> Tensor:
    """What a layer that sees noise and class vector, (..., 256), is for one that sees factors and class vector."""
    noise, class_vector = weight[..., : factors.NOISE_SIZE], weight[..., factors.NOISE_SIZE :]
    return torch.cat([noise @ projection_tensor().T, class_vector], dim=-1)


def _library_name(name: str) -> str:
    return f"generator.{name.replace('/', '.')}"


def _half(value: Tensor) -> Tensor:
    """In float16; an expanded tensor stays expanded."""
    if value.stride(0) == 0:
        return value[0].half().expand(len(value), -1)
    return value.half().contiguous()
