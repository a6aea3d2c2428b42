"""Bilinear interpolation between four prompts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.errors import InputError
from alignment.images.generator import ImageGenerator
from alignment.images.snap import snap_to_nearest_class
from alignment.interpolation.curves import bilinear_grid
from alignment.interpolation.paths import (
    MAX_STEPS,
    DrawingWithProgress,
    InterpolationSettings,
    Predict,
    waypoint_noises,
)
from alignment.progress import Progress
from alignment.vectors.similarity import nearest_class


@dataclass(frozen=True)
class InterpolationGrid:
    """A bilinear interpolation between four prompts.

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

    def __repr__(self) -> str:
        return f"<InterpolationGrid: {self.points.shape[0]} x {self.points.shape[1]} pictures>"


def check_grid(settings: InterpolationSettings) -> None:
    """Raise InputError for settings that a grid cannot have: not four prompts, classes, or too many pictures."""
    if len(settings.prompts) != 4:
        raise InputError(f"A grid lies between 4 prompts; got {len(settings.prompts)}.")
    if settings.through:
        raise InputError("A grid lies between 4 prompts and goes through no class; leave the classes out.")
    if settings.steps**2 > MAX_STEPS:
        raise InputError(f"A grid has at most {int(MAX_STEPS**0.5)} pictures along an edge; got {settings.steps}.")


def interpolate_grid(
    settings: InterpolationSettings,
    texts: np.ndarray,
    predict: Predict,
    class_vectors: np.ndarray,
    generator: ImageGenerator,
    progress: Progress | None = None,
) -> InterpolationGrid:
    """Compute the grid between four prompts, ``settings.steps`` along an edge, bilinear in class space.

    Parameters
    ----------
    texts : float array (4, d_text)
        The prompts in text space: upper left, upper right, lower left, lower right.
    """
    check_grid(settings)
    corners = snap_to_nearest_class(predict(texts), class_vectors, settings.drawing.snap)
    points = bilinear_grid(corners, settings.steps).astype(np.float32)
    rows = points.reshape(-1, points.shape[-1])
    noises = np.repeat(waypoint_noises(settings, generator.config.z_dim)[:1], len(rows), axis=0)
    pictures = DrawingWithProgress(generator, settings.drawing.truncation, len(rows), progress)(rows, noises)
    nearest = nearest_class(rows, class_vectors)
    edges = points.shape[:2]
    return InterpolationGrid(points, nearest.reshape(edges), pictures.reshape(*edges, *pictures.shape[1:]))
