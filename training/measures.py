"""Measures of a generator: response to factors, class space, smoothness of interpolation paths."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from alignment.images.generator import ImageGenerator
from alignment.vectors.class_means import unit_rows
from training import factors
from training.renderer import Renderer
from training.sampling import projection_tensor

RESPONSE_STEP = 1.5
"""Step along a factor over which the response of the pictures is measured."""

STILL_SHARE = 0.1
"""Share of the mean change of a step below which the step counts as still."""


def draw(model: ImageGenerator, vectors: Tensor, noise: Tensor, truncation: float) -> Tensor:
    """Generate pictures of class vectors, not rounded to bytes.

    Parameters
    ----------
    vectors, noise : float32 tensors (n, 128)

    Returns
    -------
    float32 tensor (n, 3, pixels, pixels)
    """
    pictures = model.forward(vectors.numpy(), noise.numpy(), truncation=truncation)
    return torch.from_numpy(pictures).permute(0, 3, 1, 2)


def response(model: ImageGenerator, renderer: Renderer, *, every: int = 6) -> dict[str, float]:
    """Response of generated pictures to each factor, relative to rendered ones: 0 none, 1 the same.

    For a step of `RESPONSE_STEP` along one factor from zero noise, the slope of the change of generated pictures on
    the change of rendered ones, over every `every`-th class.
    """
    labels = torch.arange(0, len(renderer), every)
    vectors = torch.from_numpy(model.class_embeddings)[labels]

    def both(values: Tensor) -> tuple[Tensor, Tensor]:
        noise = (values @ projection_tensor()).expand(len(labels), -1)
        return draw(model, vectors, noise, 1.0), renderer.draw(labels, values.expand(len(labels), -1))[0]

    made, target = both(torch.zeros(len(factors.NAMES)))
    figures = {}
    for name, step in zip(factors.NAMES, RESPONSE_STEP * torch.eye(len(factors.NAMES)), strict=True):
        moved, wanted = both(step)
        change = wanted - target
        figures[name] = (((moved - made) * change).sum() / (change**2).sum()).item()
    return figures


def class_space(vectors: np.ndarray, groups: Sequence[str]) -> dict[str, float]:
    """Mean cosines within and between groups, and the share of classes whose nearest class is of the same group.

    Parameters
    ----------
    vectors : float array (K, 128)
    groups : sequence of K str
        Classes alone in their group count only as neighbours of others.
    """
    names = np.array(groups)
    unit = unit_rows(vectors)
    cosine, same = unit @ unit.T, names[:, None] == names[None]
    apart = ~np.eye(len(unit), dtype=bool)
    nearest = np.where(apart, cosine, -2).argmax(axis=1)
    accompanied = (same & apart).any(axis=1)
    return {
        "cosine_within": float(cosine[same & apart].mean()),
        "cosine_between": float(cosine[~same].mean()),
        "neighbour_agreement": float((names[nearest] == names)[accompanied].mean()),
        "neighbour_agreement_by_chance": float(((same & apart).sum(axis=1) / (len(unit) - 1))[accompanied].mean()),
    }


def interpolated(model: ImageGenerator, rows: tuple[int, int], pictures: int) -> Tensor:
    """Pictures on the straight line between two class vectors at zero noise: (pictures, 3, pixels, pixels)."""
    first, last = torch.from_numpy(model.class_embeddings)[list(rows)]
    share = torch.linspace(0, 1, pictures)[:, None]
    return draw(model, first * (1 - share) + last * share, torch.zeros(pictures, factors.NOISE_SIZE), 0.4)


def step_changes(pictures: Tensor) -> Tensor:
    """Mean absolute difference of each picture of a path and the next, in mean steps: float tensor (n - 1,)."""
    change = (pictures[1:] - pictures[:-1]).abs().mean(dim=(1, 2, 3))
    return change / change.mean()


def longest_plateau(pictures: Tensor) -> float:
    """Length of the longest part of an interpolation path, 0 to 1, on which pictures hardly change.

    A step counts as still when it changes the picture by less than `STILL_SHARE` of the mean change of a step.
    """
    changes = step_changes(pictures)
    longest = length = 0
    for still in (changes < STILL_SHARE).tolist():
        length = length + 1 if still else 0
        longest = max(longest, length)
    return longest / len(changes)


def largest_step(pictures: Tensor) -> float:
    """Largest change of one step of an interpolation path, in mean steps: 1 where the change is even."""
    return step_changes(pictures).max().item()
