"""Steering of a point: shifts along principal directions, blends of classes, variations of a noise vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA

from alignment.errors import InputError, check_texts, check_whole
from alignment.images.truncation_and_noise import NOISE_SEEDS, draw_noise
from alignment.vectors.points import checked_points
from alignment.vectors.read_only import read_only

MAX_DIRECTIONS = 6
EXTREMES = 2  # classes that are named at either end of a direction
FRESH_NOISE = 0.5  # weight of fresh noise in a variation of a chosen noise vector


@dataclass(frozen=True)
class Directions:
    """Principal directions of a class space, in order of variance.

    Attributes
    ----------
    vectors : float32 array (r, d), orthonormal rows
    spreads : float32 array (r,)
        Standard deviation of the classes along each.
    shares : float32 array (r,)
        Share of the variance.
    low, high : r tuples of class rows
        The classes with the lowest and the highest coordinates, the extreme one first.
    """

    vectors: np.ndarray
    spreads: np.ndarray
    shares: np.ndarray
    low: tuple[tuple[int, ...], ...]
    high: tuple[tuple[int, ...], ...]

    def __repr__(self) -> str:
        number, size = self.vectors.shape
        return f"<Directions: {number} of {size:,} numbers, {self.shares.sum():.2f} of the variance>"


def directions(class_vectors: np.ndarray) -> Directions:
    """First :data:`MAX_DIRECTIONS` principal directions of the classes: ``C - c̄ = U S Vᵀ``, rows of Vᵀ.

    Signs are such that the largest entry of every direction is positive.
    """
    pca = PCA(min(MAX_DIRECTIONS, *class_vectors.shape), svd_solver="full").fit(class_vectors)
    order = np.argsort(pca.transform(class_vectors), axis=0, kind="stable").T  # (r, K)
    n = len(class_vectors)
    spreads = np.sqrt(pca.explained_variance_ * (n - 1) / n)
    shares = np.nan_to_num(pca.explained_variance_ratio_)  # 0 / 0 where all classes are equal
    return Directions(
        read_only(pca.components_.astype(np.float32)),
        read_only(spreads.astype(np.float32)),
        read_only(shares.astype(np.float32)),
        tuple(tuple(rows[:EXTREMES].tolist()) for rows in order),
        tuple(tuple(rows[::-1][:EXTREMES].tolist()) for rows in order),
    )


def blend_classes(class_vectors: np.ndarray, weights: Mapping[int, float]) -> np.ndarray:
    """Weighted mean of class vectors: ``sum_k w_k c_k / sum_k w_k``, float32 array (1, d).

    Parameters
    ----------
    weights : dict from class row to weight, none negative, not all 0

    Raises
    ------
    InputError
        For anything else: a row that the space lacks, a weight that is negative or no finite number, none above 0.
    """
    if not callable(getattr(weights, "values", None)):
        raise InputError("The weights of a mix are a dictionary from rows of classes to weights, such as {0: 1.0}.")
    for row in weights:
        check_whole("The row of a class of a mix", row, 0, len(class_vectors) - 1)
    given = _finite_row(list(weights.values()), "weights of a mix")
    if not len(given) or given.min() < 0 or not given.sum() > 0:
        raise InputError("Give at least one class a weight above 0, and none a weight below.")
    return (given / given.sum() @ class_vectors[list(weights)])[None].astype(np.float32)


def move_along(vectors: np.ndarray, along: Directions, amounts: Sequence[float]) -> np.ndarray:
    """Shift points along principal directions: ``z + sum_r a_r s_r v_r``, amounts a in standard deviations s.

    Raises
    ------
    InputError
        For points (m, d) that are none, not finite or of another size, amounts that are not finite, and more of them
        than directions.
    """
    points, given = checked_points(vectors, along.vectors.shape[1]), _finite_row(amounts, "amounts")
    if len(given) > len(along.spreads):
        raise InputError(f"There are {len(along.spreads)} directions to move along; got {len(given)} amounts.")
    shift = (given * along.spreads[: len(given)]) @ along.vectors[: len(given)]
    return np.asarray(points + shift, dtype=np.float32)


def move_away(vectors: np.ndarray, against: np.ndarray, centre: np.ndarray, strength: float) -> np.ndarray:
    """Move points away from another one: ``z - s (z_against - c̄)``; float arrays (m, d), (1, d) and (d,).

    Raises
    ------
    InputError
        For points that are none, not finite or of another size, more than one to move away from, and a strength that is
        no finite number.
    """
    points, (away,) = checked_points(vectors, len(centre)), checked_points(against, len(centre), rows=1)
    (share,) = _finite_row([strength], "strength")
    return np.asarray(points - share * (away - centre), dtype=np.float32)


def _finite_row(numbers: Sequence[float], what: str) -> np.ndarray:
    """Numbers as a float32 array (n,), if they are finite."""
    try:
        row = np.asarray(numbers, dtype=np.float32)
    except (TypeError, ValueError):
        row = np.array([np.nan])
    if row.ndim != 1 or not np.isfinite(row).all():
        raise InputError(f"The {what} must be finite numbers, one after another; got {numbers!r:.60}.")
    return row


def noises_around(count: int, size: int, *, truncation: float, seed: int, trail: Sequence[int] = ()) -> np.ndarray:
    """Candidate noise vectors; after a choice, variations of the chosen one.

    Without a trail, row i is the first noise vector of seed ``seed + i``. A trail is the list of choices: the first
    stands for the seed itself, every later one is a row of the previous result. Row 0 is then the chosen vector n,
    and row i ``sqrt(1 - v²) n + v n_i``, clipped to two standard deviations, with fresh noise n_i and
    v = ``FRESH_NOISE``.

    Returns
    -------
    float32 array (count, size)

    Raises
    ------
    InputError
        For a seed out of range, and for a trail that is no list of whole numbers.
    """
    numbers = check_texts(trail, "A trail is a list of choices, such as [0, 3]")
    trail = [check_whole("A choice of a trail", number, 0) for number in numbers]
    if not trail:
        return np.vstack([_one(size, truncation, (seed + i) % NOISE_SEEDS) for i in range(count)])
    chosen = draw_noise(1, size, truncation=truncation, seed=seed)
    for depth, number in enumerate(trail[1:], start=1):
        chosen = _variation(chosen, number, depth, truncation, seed)
    return np.vstack([_variation(chosen, i, len(trail), truncation, seed) for i in range(count)])


def _variation(chosen: np.ndarray, number: int, depth: int, truncation: float, seed: int) -> np.ndarray:
    if number == 0:
        return chosen
    fresh = _one(chosen.shape[1], truncation, (seed + 7919 * depth + number) % NOISE_SEEDS)
    return np.clip(np.sqrt(1 - FRESH_NOISE**2) * chosen + FRESH_NOISE * fresh, -2 * truncation, 2 * truncation)


def _one(size: int, truncation: float, seed: int) -> np.ndarray:
    return draw_noise(1, size, truncation=truncation, seed=seed)
