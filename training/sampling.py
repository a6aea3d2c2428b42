"""Random classes and factors to learn from, by torch's own generator, so that a GPU draws them where it needs them."""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor

from training import factors

MIN_TRUNCATION = 0.1
MAX_TRUNCATION = 1.1
"""Largest truncation that is trained on: a little beyond what is drawn later."""


@functools.cache
def projection(device: torch.device | str = "cpu") -> Tensor:
    """:func:`training.factors.projection` as a tensor on this device."""
    return torch.from_numpy(factors.projection()).to(device)


def sample(
    count: int, classes: int, truncation: float | Tensor = MAX_TRUNCATION, device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Random classes and their factors, at truncations spread evenly from `MIN_TRUNCATION` up to `truncation`.

    Noise is a normal distribution cut off at two standard deviations, drawn without rejection: ``Φ⁻¹`` of a uniform
    number, written with the error function.

    Returns
    -------
    int64 tensor (count,), float tensor (count, 12)
    """
    edge = math.erf(2 / math.sqrt(2))
    uniform = (torch.rand(count, factors.NOISE_SIZE, device=device) * 2 - 1) * edge
    noise = torch.erfinv(uniform) * math.sqrt(2)
    scale = MIN_TRUNCATION + (truncation - MIN_TRUNCATION) * torch.rand(count, 1, device=device)
    return torch.randint(classes, (count,), device=device), (scale * noise) @ projection(device).T
