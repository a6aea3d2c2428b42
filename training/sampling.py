"""Random classes and factors for training, by torch's random generator, directly on the GPU."""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor

from training import factors

MIN_TRUNCATION = 0.1
MAX_TRUNCATION = 1.1
"""Largest truncation in training: a little more than in later use."""

SWITCHED_SHARE = 0.25
"""Share of the pictures in which a switch is thrown additionally, at the largest truncation."""

SWITCHED_SPREAD = 0.5
"""Root mean square of how far beyond a switch's value the thrown ones lie."""


@functools.cache
def projection_tensor(device: torch.device | str = "cpu") -> Tensor:
    """:func:`training.factors.projection` as a tensor on this device."""
    return torch.from_numpy(factors.projection()).to(device)


def sample(
    count: int, classes: int, truncation: float | Tensor = MAX_TRUNCATION, device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Random classes and their factors, at truncations uniform from `MIN_TRUNCATION` to `truncation`.

    Noise is a normal distribution truncated at two standard deviations, drawn without rejection: ``Φ⁻¹`` of a uniform
    number, by the error function. Switches (mirror image, style, background) are thrown more often than that.

    Returns
    -------
    int64 tensor (count,), float tensor (count, 16)
    """
    edge = math.erf(2 / math.sqrt(2))
    uniform = (torch.rand(count, factors.NOISE_SIZE, device=device) * 2 - 1) * edge
    noise = torch.erfinv(uniform) * math.sqrt(2)
    scale = MIN_TRUNCATION + (truncation - MIN_TRUNCATION) * torch.rand(count, 1, device=device)
    values = (scale * noise) @ projection_tensor(device).T
    return torch.randint(classes, (count,), device=device), _throw_switches(values, truncation)


@functools.cache
def _switches(device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """For each switch: its column among the factors, its threshold, and whether it has two sides."""
    columns = torch.tensor([factors.NAMES.index(name) for name in factors.SWITCHES], device=device)
    at = torch.tensor([factors.unlimited(value) for value in factors.SWITCHES.values()], device=device)
    return columns, at, torch.tensor([name in factors.TWO_SIDED for name in factors.SWITCHES], device=device)


def _throw_switches(values: Tensor, truncation: float | Tensor) -> Tensor:
    """Throw random switches of factors (n, 16), with a probability proportional to the truncation."""
    columns, at, two_sided = _switches(values.device)
    chance, side, quantile = torch.rand(3, len(values), len(columns), device=values.device)
    beyond = at + SWITCHED_SPREAD * math.sqrt(2) * torch.erfinv(quantile)  # half of a normal distribution
    thrown = torch.where(two_sided & (side < 0.5), -beyond, beyond)
    chosen = chance < SWITCHED_SHARE * truncation / MAX_TRUNCATION
    return values.index_copy(1, columns, torch.where(chosen, thrown, values[:, columns]))
