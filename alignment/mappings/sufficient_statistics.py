"""Sufficient statistics of seed pairs for closed-form solutions, summed over blocks of rows."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import numpy as np
from sklearn.utils import gen_batches

from alignment.progress import at_step

BLOCK = 4096  # rows converted to float64 and multiplied at a time


@dataclass(frozen=True)
class PairSums:
    """Means and centred products of text vectors X and class vectors Z.

    Attributes
    ----------
    count : int, n
    x_mean, z_mean : ndarrays of shape (d_text,) and (d_class,)
    xx : ndarray of shape (d_text, d_text), ``(X - x̄)ᵀ (X - x̄)``
    xz : ndarray of shape (d_text, d_class), ``(X - x̄)ᵀ (Z - z̄)``
    zz : float, ``|Z - z̄|²``

    References
    ----------
    Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, doi:10.1080/00031305.1983.10483115:
    centring every block and adding the difference of its mean keeps all digits where the mean is large.
    """

    count: int
    x_mean: np.ndarray
    z_mean: np.ndarray
    xx: np.ndarray
    xz: np.ndarray
    zz: float

    def __add__(self, other: PairSums) -> PairSums:
        count = self.count + other.count
        dx, dz = other.x_mean - self.x_mean, other.z_mean - self.z_mean
        share = other.count / count
        weight = self.count * share
        return PairSums(
            count,
            self.x_mean + share * dx,
            self.z_mean + share * dz,
            self.xx + other.xx + weight * np.outer(dx, dx),
            self.xz + other.xz + weight * np.outer(dx, dz),
            self.zz + other.zz + weight * float(dz @ dz),
        )


def pair_sums(X: np.ndarray, Z: np.ndarray, rows: np.ndarray | None = None) -> PairSums:
    """Sum over all pairs or some rows; X and Z may be memory-mapped and of any float type."""
    return reduce(operator.add, (_sums_of_block(x, z) for x, z in blocks(X, Z, rows)))


def _sums_of_block(x: np.ndarray, z: np.ndarray) -> PairSums:
    x_mean, z_mean = x.mean(axis=0), z.mean(axis=0)
    x, z = x - x_mean, z - z_mean
    return PairSums(len(x), x_mean, z_mean, x.T @ x, x.T @ z, float(np.vdot(z, z)))


def blocks(X: np.ndarray, Z: np.ndarray, rows: np.ndarray | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Iterate over rows of X and Z as float64, ``BLOCK`` at a time."""
    for block in gen_batches(len(X) if rows is None else len(rows), BLOCK):
        at_step()
        chosen = block if rows is None else rows[block]
        yield np.asarray(X[chosen], dtype=np.float64), np.asarray(Z[chosen], dtype=np.float64)
