"""Conversion of weights between the training network and the library's names and layout, in both directions."""

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
    """Convert the weights of a network to the library's names, float16.

    The projection is multiplied into every layer that takes the noise vector. The singular vectors are exact, so that
    the library's step of the power iteration at every call in training mode does not change them. The rows of
    batch-norm statistics are all the same: expanded, they take the space of one row in a file.
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
    """Inverse of `to_library`, up to rounding to float16.

    Parameters
    ----------
    weights : dict of tensors
        By the library's names.
    resolution : int
        Side of the generated pictures in pixels.
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
    """Convert a layer's weights by noise and class vector, (..., 256), to weights by factors and class vector."""
    noise, class_vector = weight[..., : factors.NOISE_SIZE], weight[..., factors.NOISE_SIZE :]
    return torch.cat([noise @ projection_tensor().T, class_vector], dim=-1)


def _library_name(name: str) -> str:
    return f"generator.{name.replace('/', '.')}"


def _half(value: Tensor) -> Tensor:
    """Convert to float16; an expanded tensor stays expanded."""
    if value.stride(0) == 0:
        return value[0].half().expand(len(value), -1)
    return value.half().contiguous()
