"""Paths through points: straight or along the sphere, between four corners, evenly seen or not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from alignment.errors import InputError

SHAPES = ("linear", "spherical")


def path(points: np.ndarray, at: np.ndarray, *, shape: str = "linear") -> np.ndarray:
    """Points at given places of the way through ``points``.

    Parameters
    ----------
    points : float array (p, d), p >= 2
        Stations A, B, C, ...; each leg takes the same share of the path.
    at : float array (m,)
        Places on the path, 0 the first station and 1 the last.
    shape : {"linear", "spherical"}
        Linear: a + t (b - a). Spherical: the direction turns at constant speed, a sin((1 - t) w) / sin w +
        b sin(t w) / sin w for the unit vectors of a and b at the angle w, and the length changes linearly.

    Returns
    -------
    float array (m, d)

    References
    ----------
    Shoemake 1985, Animating rotation with quaternion curves, doi:10.1145/325165.325242, for the spherical formula.

    Examples
    --------
    >>> path(np.array([[0.0], [2.0], [6.0]]), np.linspace(0, 1, 5)).ravel()
    array([0., 1., 2., 4., 6.])
    """
    if shape not in SHAPES:
        raise InputError(f"Unknown shape {shape!r}; choose one of {', '.join(SHAPES)}.")
    if len(points) < 2:
        raise InputError(f"A path needs at least 2 prompts; got {len(points)}.")
    along = np.clip(np.asarray(at, dtype=float), 0, 1) * (len(points) - 1)
    leg = np.minimum(along.astype(int), len(points) - 2)
    t = (along - leg)[:, None]
    a, b = points[leg], points[leg + 1]
    return a + t * (b - a) if shape == "linear" else _slerp(a, b, t)


def _slerp(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Row by row; where two rows point the same way, or opposite ways, the straight line is taken."""
    length_a, length_b = (np.linalg.norm(v, axis=1, keepdims=True) for v in (a, b))
    unit_a, unit_b = a / np.maximum(length_a, 1e-12), b / np.maximum(length_b, 1e-12)
    angle = np.arccos(np.clip((unit_a * unit_b).sum(axis=1, keepdims=True), -1, 1))
    turns = (np.sin(angle) > 1e-6) & (length_a > 0) & (length_b > 0)
    turned = (np.sin((1 - t) * angle) * unit_a + np.sin(t * angle) * unit_b) / np.where(turns, np.sin(angle), 1)
    return np.where(turns, turned * ((1 - t) * length_a + t * length_b), a + t * (b - a))


def bilinear(corners: np.ndarray, size: int) -> np.ndarray:
    """Points of a square between four corners: each row runs straight from the left edge to the right.

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
    >>> bilinear(np.array([[0.0], [2.0], [4.0], [6.0]]), 3)[..., 0]
    array([[0., 1., 2.],
           [2., 3., 4.],
           [4., 5., 6.]])
    """
    t = np.linspace(0, 1, size)
    left, right = path(corners[[0, 2]], t), path(corners[[1, 3]], t)  # the edges, from above to below
    return left[:, None] + t[:, None] * (right - left)[:, None]


def picture_steps(pictures: np.ndarray) -> np.ndarray:
    """How much each picture differs from the one before: root mean square over pixels and channels, 0 to 255.

    Parameters
    ----------
    pictures : uint8 array (n, h, w, 3)

    Returns
    -------
    float array (n - 1,)
    """
    difference = np.diff(pictures.astype(np.float32), axis=0)
    return np.sqrt((difference**2).mean(axis=(1, 2, 3)))


def even_places(draw: Callable[[np.ndarray], np.ndarray], steps: int, *, rounds: int = 3) -> np.ndarray:
    """Places on a path at which neighbouring pictures differ by about as much.

    The path is drawn at ``steps`` even places; in each round the ``steps - 1`` widest gaps in picture space are
    halved, so that a jump is looked at closely. The gaps, added up, say how much has changed by each place; equal
    shares of that sum are read off by linear interpolation.

    Parameters
    ----------
    draw : callable
        Places (m,) in [0, 1] to pictures, uint8 (m, h, w, 3); called for ``steps + rounds (steps - 1)`` in all.
    steps : int, >= 2
    rounds : int

    Returns
    -------
    float array (steps,), rising from 0 to 1
    """
    places = np.linspace(0, 1, steps)
    pictures = draw(places)
    for _ in range(rounds):
        gaps = np.sort(np.argsort(-picture_steps(pictures), kind="stable")[: steps - 1])
        middles = (places[gaps] + places[gaps + 1]) / 2
        pictures = np.insert(pictures, gaps + 1, draw(middles), axis=0)
        places = np.insert(places, gaps + 1, middles)
    seen = np.concatenate([[0.0], np.cumsum(picture_steps(pictures))])
    if seen[-1] == 0:  # the picture never changes
        return np.linspace(0, 1, steps)
    seen += 1e-6 * seen[-1] * places  # strictly rising, so that every share has one place
    return np.interp(np.linspace(0, seen[-1], steps), seen, places)
