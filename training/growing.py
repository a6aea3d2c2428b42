"""Progressive growing of the network: initial batch-norm statistics, and new blocks at a higher resolution."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from training.network import Network
from training.sampling import sample

CALIBRATION_PICTURES = 64
CALIBRATION_TRUNCATION = 0.5

QUIET_LOG_VARIANCE = 6.0
"""Added to the last log-variance of a new block, so that at first the block adds little to its input."""


@torch.no_grad()
def calibrate(model: Network, first: str = "") -> None:
    """Set the means and variances of the batch norms whose names start with `first` from one batch, in order."""
    device = model.embeddings.device
    classes, values = sample(CALIBRATION_PICTURES, len(model.embeddings), CALIBRATION_TRUNCATION, device)

    def watch(name: str, x: Tensor) -> None:
        if name.startswith(first):
            model.vectors[f"{name}/mean"].copy_(x.float().mean(dim=(0, 2, 3)))
            model.vectors[f"{name}/log_var"].copy_(x.float().var(dim=(0, 2, 3)).clamp_min(1e-6).log())

    model.iterate(30)
    model(model.normalised(), classes, values, watch=watch)


@torch.no_grad()
def grown(weights: Mapping[str, Tensor], resolution: int) -> Network:
    """Network for pictures `resolution` wide, initialised from the weights of a smaller one.

    At first the new blocks do little but upsample; the last norm and convolution are new.

    Parameters
    ----------
    weights : dict of tensors
        Parameters of a :class:`training.network.Network` by name.

    References
    ----------
    Karras et al. (2018), Progressive growing of GANs, arXiv:1710.10196; here with quiet last norms in place of a
    fade.
    """
    larger = Network(weights["embeddings"], resolution).to(weights["embeddings"].device)
    shapes = {name: value.shape for name, value in larger.named_parameters()}
    fitting = {name: value for name, value in weights.items() if value.shape == shapes[name]}
    larger.load_state_dict(fitting, strict=False)
    for number in range(blocks(weights), len(larger.config["layers"])):
        calibrate(larger, f"layers/{number}/")
        larger.vectors[f"layers/{number}/bn_3/log_var"] += QUIET_LOG_VARIANCE
    calibrate(larger, "bn")
    larger.vectors["bn/weight"].fill_(1.0)
    return larger


def blocks(weights: Mapping[str, Tensor]) -> int:
    """Number of blocks of the network with these parameters."""
    return 1 + max(int(name.split("/")[1]) for name in weights if "layers/" in name)
