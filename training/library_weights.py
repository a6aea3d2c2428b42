"""Between the network that learns and the library's own names and layout, both ways."""

import torch
import torch.nn.functional as F

from training import factors
from training.network import CONFIG, Network


@torch.no_grad()
def to_library(model):
    """Return the weights of `model` by the library's names, float16.

    The projection is multiplied into every layer that sees the noise vector,
    and the singular vectors are iterated until a further step changes nothing,
    since the library takes one at every call in train mode.

    Parameters
    ----------
    model : Network
    """
    width, projection = CONFIG["channel_width"], torch.from_numpy(factors.projection())
    out = {"embeddings.weight": model.embeddings.T.contiguous()}
    for name, weight in model.matrices.items():
        if _sees_noise(name):
            seen = len(factors.NAMES)
            weight = torch.cat([weight[:, :seen] @ projection, weight[:, seen:]], dim=1)
        if name == "conv_to_rgb":
            weight = torch.cat([weight, torch.zeros(width - 3, *weight.shape[1:])])
        out |= _spectral(_library_name(name), weight.half().float())
        if "conv_" in name and f"{name}/bias" not in model.vectors:
            out[f"{_library_name(name)}.bias"] = torch.zeros(len(weight))
    for name, value in model.vectors.items():
        if name.endswith(("mean", "log_var")):
            continue
        if name == "conv_to_rgb/bias":
            value = F.pad(value, (0, width - 3))
        out[_library_name(name)] = value
    for name, mean in model.vectors.items():
        if name.endswith("mean"):
            norm = name.removesuffix("/mean")
            variance = model.vectors[f"{norm}/log_var"].exp()
            out[f"{_library_name(norm)}.running_means"] = mean.repeat(CONFIG["n_stats"], 1)
            out[f"{_library_name(norm)}.running_vars"] = variance.repeat(CONFIG["n_stats"], 1)
    return {name: value.half().contiguous() for name, value in out.items()}


@torch.no_grad()
def from_library(weights, resolution):
    """Return the network that `to_library` wrote, but for the rounding to float16.

    Parameters
    ----------
    weights : dict of str to Tensor
    resolution : int
        Side of the pictures that the weights draw.
    """
    projection = torch.from_numpy(factors.projection())
    model = Network(weights["embeddings.weight"].float().T, resolution)
    for name, weight in model.matrices.items():
        kept = weights[f"{_library_name(name)}.weight_orig"].float()
        if _sees_noise(name):
            kept = torch.cat([kept[:, : factors.NOISE] @ projection.T, kept[:, factors.NOISE :]], dim=1)
        weight.copy_(kept[: len(weight)])
    for name, value in model.vectors.items():
        norm, _, last = name.rpartition("/")
        if last == "mean":
            kept = weights[f"{_library_name(norm)}.running_means"][0].float()
        elif last == "log_var":
            kept = weights[f"{_library_name(norm)}.running_vars"][0].float().log()
        else:
            kept = weights[_library_name(name)].float()
        value.copy_(kept[: len(value)])
    model.iterate(30)
    return model


def _sees_noise(name):
    return name == "gen_z" or name.endswith(("scale", "offset"))


def _library_name(name):
    return f"generator.{name.replace('/', '.')}"


def _spectral(name, weight):
    """Return a weight with the singular vectors that spectral_norm keeps beside it."""
    matrix = weight.flatten(1).double()
    if len(matrix) > matrix.shape[1]:
        v = torch.linalg.eigh(matrix.T @ matrix).eigenvectors[:, -1]
        u = F.normalize(matrix @ v, dim=0)
    else:
        u = torch.linalg.eigh(matrix @ matrix.T).eigenvectors[:, -1]
        v = F.normalize(matrix.T @ u, dim=0)
    return {f"{name}.weight_orig": weight, f"{name}.weight_u": u.float(), f"{name}.weight_v": v.float()}
