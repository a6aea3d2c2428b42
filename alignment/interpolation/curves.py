"""Linear and spherical interpolation curves, bilinear grids, and step positions with even picture changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from alignment.errors import InputError
from alignment.vectors.class_means import unit_rows

SHAPES = ("linear", "spherical")
ROUNDS = 3  # in which the widest gaps between pictures are halved


def curve_points(points: np.ndarray, positions: np.ndarray, *, shape: str = "linear") -> np.ndarray:
    """Interpolate at given positions of the curve through ``points``.

    Parameters
    ----------
    points : float array (p, d), p >= 2
        Waypoints A, B, C, ...; each segment between two of them takes the same share of the curve.
    positions : float array (m,)
        Positions on the curve, 0 at the first waypoint and 1 at the last.
    shape : {"linear", "spherical"}
        Linear: a + t (b - a). Spherical: the direction rotates at constant speed, a sin((1 - t) w) / sin w +
        b sin(t w) / sin w for the unit vectors of a and b at the angle w, and the length changes linearly.

    Returns
    -------
    float array (m, d)

    References
    ----------
    Shoemake 1985, Animating rotation with quaternion curves, doi:10.1145/325165.325242, for the spherical formula.

    Examples
    --------
    >>> curve_points(np.array([[0.0], [2.0], [6.0]]), np.linspace(0, 1, 5)).ravel()
    array([0., 1., 2., 4., 6.])
    """
    if shape not in SHAPES:
        raise InputError(f"Unknown shape {shape!r}; choose one of {', '.join(SHAPES)}.")
    if len(points) < 2:
        raise InputError(f"A path needs at least 2 prompts; got {len(points)}.")
    scaled = np.clip(np.asarray(positions, dtype=float), 0, 1) * (len(points) - 1)
    segment = np.minimum(scaled.astype(int), len(points) - 2)
    t = (scaled - segment)[:, None]
    a, b = points[segment], points[segment + 1]
    return a + t * (b - a) if shape == "linear" else _slerp(a, b, t)


def _slerp(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Spherical interpolation, row by row; linear where two rows are parallel, opposite, or zero."""
    a, b = a.astype(np.float64), b.astype(np.float64)  # of a float32 cosine near -1, the angle is off by thousandths
    length_a, length_b = (np.linalg.norm(v, axis=1, keepdims=True) for v in (a, b))
    unit_a, unit_b = unit_rows(a), unit_rows(b)
    angle = np.arccos(np.clip((unit_a * unit_b).sum(axis=1, keepdims=True), -1, 1))
    rotates = (np.sin(angle) > 1e-6) & (length_a > 0) & (length_b > 0)
    rotated = (np.sin((1 - t) * angle) * unit_a + np.sin(t * angle) * unit_b) / np.where(rotates, np.sin(angle), 1)
    return np.where(rotates, rotated * ((1 - t) * length_a + t * length_b), a + t * (b - a))


def bilinear_grid(corners: np.ndarray, size: int) -> np.ndarray:
    """Points of a grid between four corners; each row is linear from the left edge to the right.

    Parameters
    ----------
    corners : float array (4, d)
        Upper left, upper right, lower left, lower right.
    size : int, >= 2
        Points along an edge.

    Returns
    -------
    float array (size, size, d)

    Examples
    --------
    >>> bilinear_grid(np.array([[0.0], [2.0], [4.0], [6.0]]), 3)[..., 0]
    array([[0., 1., 2.],
           [2., 3., 4.],
           [4., 5., 6.]])
    """
    t = np.linspace(0, 1, size)
    left, right = curve_points(corners[[0, 2]], t), curve_points(corners[[1, 3]], t)  # the edges, from top to bottom
    return left[:, None] + t[:, None] * (right - left)[:, None]


def picture_changes(pictures: np.ndarray) -> np.ndarray:
    """Difference of each picture from the one before: root mean square over pixels and channels, 0 to 255.

    Parameters
    ----------
    pictures : uint8 array (n, h, w, 3)

    Returns
    -------
    float array (n - 1,)
    """
    difference = np.diff(pictures.astype(np.float32), axis=0)
    return np.sqrt((difference**2).mean(axis=(1, 2, 3)))


def even_positions(draw: Callable[[np.ndarray], np.ndarray], steps: int) -> np.ndarray:
    """Positions on a curve at which neighbouring pictures differ by about the same amount.

    The curve is drawn at ``steps`` evenly spaced positions; each round halves the ``steps - 1`` widest gaps in picture
    space, which samples abrupt changes more densely. The cumulative sum of the gaps measures how much has changed by
    each position; equal shares of that sum are read off by linear interpolation.

    Parameters
    ----------
    draw : callable
        Positions (m,) in [0, 1] to pictures, uint8 (m, h, w, 3); called for ``steps + ROUNDS (steps - 1)`` in all.
    steps : int, >= 2

    Returns
    -------
    float array (steps,), rising from 0 to 1
    """
    positions = np.linspace(0, 1, steps)
    pictures = draw(positions)
    for _ in range(ROUNDS):
        gaps = np.sort(np.argsort(-picture_changes(pictures), kind="stable")[: steps - 1])
        midpoints = (positions[gaps] + positions[gaps + 1]) / 2
        pictures = np.insert(pictures, gaps + 1, draw(midpoints), axis=0)
        positions = np.insert(positions, gaps + 1, midpoints)
    changed = np.concatenate([[0.0], np.cumsum(picture_changes(pictures))])
    if changed[-1] == 0:  # the picture never changes
        return np.linspace(0, 1, steps)
    changed += 1e-6 * changed[-1] * positions  # strictly rising, so that every share has one position
    return np.interp(np.linspace(0, changed[-1], steps), changed, positions)
