"""Between the network that learns and the library's own names and layout, both ways."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from training import factors
from training.network import CONFIG, Network
from training.sampling import projection


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
            weight = torch.cat([weight[:, :seen] @ projection(), weight[:, seen:]], dim=1)
        if name == "conv_to_rgb":
            weight = torch.cat([weight, torch.zeros(width - 3, *weight.shape[1:])])
        out |= _with_singular_vectors(_library_name(name), weight.half().float())
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
        kept = weights[f"{_library_name(name)}.weight_orig"].float()
        if _sees_noise(name):
            noise, vector = kept[:, : factors.NOISE_SIZE], kept[:, factors.NOISE_SIZE :]
            kept = torch.cat([noise @ projection().T, vector], dim=1)
        weight.copy_(kept[: len(weight)])
    for name, value in model.vectors.items():
        norm, _, kind = name.rpartition("/")
        if kind == "mean":
            kept = weights[f"{_library_name(norm)}.running_means"][0].float()
        elif kind == "log_var":
            kept = weights[f"{_library_name(norm)}.running_vars"][0].float().log()
        else:
            kept = weights[_library_name(name)].float()
        value.copy_(kept[: len(value)])
    model.iterate(30)
    return model


def _sees_noise(name: str) -> bool:
    return name == "gen_z" or name.endswith(("scale", "offset"))


def _library_name(name: str) -> str:
    return f"generator.{name.replace('/', '.')}"


def _half(value: Tensor) -> Tensor:
    """In float16; an expanded tensor stays expanded."""
    if value.stride(0) == 0:
        return value[0].half().expand(len(value), -1)
    return value.half().contiguous()


def _with_singular_vectors(name: str, weight: Tensor) -> dict[str, Tensor]:
    """A weight with its first singular vectors, which the library keeps beside it."""
    matrix = weight.flatten(1).double()
    if len(matrix) > matrix.shape[1]:
        v = torch.linalg.eigh(matrix.T @ matrix).eigenvectors[:, -1]
        u = F.normalize(matrix @ v, dim=0)
    else:
        u = torch.linalg.eigh(matrix @ matrix.T).eigenvectors[:, -1]
        v = F.normalize(matrix.T @ u, dim=0)
    return {f"{name}.weight_orig": weight, f"{name}.weight_u": u.float(), f"{name}.weight_v": v.float()}
