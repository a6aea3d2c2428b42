"""Bilinear interpolation between four prompts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.errors import InputError
from alignment.images.class_space import pulled
from alignment.images.generator import ImageGenerator
from alignment.interpolation.curves import bilinear
from alignment.interpolation.paths import MAX_STEPS, Plan, Predict, _Drawing, _noises
from alignment.progress import Progress
from alignment.vectors.similarity import similarities


@dataclass(frozen=True)
class Square:
    """Everything between four prompts.

    Parameters
    ----------
    points : float32 array (size, size, d)
    nearest : int array (size, size)
        Row of the nearest class.
    pictures : uint8 array (size, size, pixels, pixels, 3)
    """

    points: np.ndarray
    nearest: np.ndarray
    pictures: np.ndarray


def square(
    plan: Plan,
    texts: np.ndarray,
    predict: Predict,
    class_vectors: np.ndarray,
    generator: ImageGenerator,
    progress: Progress | None = None,
) -> Square:
    """The grid between a plan's four prompts, ``plan.steps`` along an edge, bilinear in class space.

    Parameters
    ----------
    texts : float array (4, d_text)
        The prompts in text space: upper left, upper right, lower left, lower right.
    """
    if len(plan.prompts) != 4:
        raise InputError(f"A grid lies between 4 prompts; got {len(plan.prompts)}.")
    if plan.steps**2 > MAX_STEPS:
        raise InputError(f"A grid has at most {int(MAX_STEPS**0.5)} pictures along an edge; got {plan.steps}.")
    points = bilinear(pulled(predict(texts), class_vectors, plan.pull), plan.steps).astype(np.float32)
    flat = points.reshape(-1, points.shape[-1])
    noises = np.repeat(_noises(plan, generator.config.z_dim)[:1], len(flat), axis=0)
    pictures = _Drawing(generator, plan.truncation, len(flat), progress)(flat, noises)
    nearest = similarities(flat, class_vectors).argmax(axis=1)
    return Square(points, nearest.reshape(points.shape[:2]), pictures.reshape(*points.shape[:2], *pictures.shape[1:]))
