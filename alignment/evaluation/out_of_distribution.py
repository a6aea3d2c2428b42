"""Out-of-distribution detection: distance of sentences to the seeds that a mapping was fitted on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.utils import gen_batches

from alignment.progress import at_step
from alignment.vectors.similarity import ROUNDING_STEPS, centred_directions

FAR_QUANTILE = 0.99  # of the distances between seeds; beyond it a sentence is out of distribution
MAX_SEEDS = 2000  # whose nearest neighbours are searched
BLOCK_ROWS = 500  # of a similarity matrix in memory


def seed_neighbour_distances(X: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Distance from seeds, a random ``MAX_SEEDS`` of more, to the nearest seed of another group.

    Parameters
    ----------
    X : float array (n, d_text)
    groups : int array (n,)
        Paraphrase groups as from :mod:`~alignment.evaluation.paraphrase_groups`: "a photo of a tench" must
        not find "a drawing of a tench".

    Returns
    -------
    float32 array (min(MAX_SEEDS, n),), ascending
        ``min_j 1 - cos(x_i - x̄, x_j - x̄)`` over the seeds j of other groups; 2 where there are none.
    """
    rows = np.random.default_rng(0).permutation(len(X))[:MAX_SEEDS]
    directions = centred_directions(X, X.mean(axis=0))
    found = []
    for start in range(0, len(rows), BLOCK_ROWS):
        at_step(start, len(rows))
        block = rows[start : start + BLOCK_ROWS]
        cosines = directions[block] @ directions.T  # (BLOCK_ROWS, n)
        cosines[groups[block][:, None] == groups] = -1.0
        found.append(1 - cosines.max(axis=1))
    return np.sort(np.concatenate(found))


class DistanceToSeeds:
    """Distances of sentences to the seeds, compared with the distances between seeds.

    Everything independent of the sentence is computed once: with x̄ the mean seed and u the direction of x - x̄,
    ``cos(x - x̄, x_j - x̄) = (u·x_j - u·x̄) / |x_j - x̄|``, so that the seeds need not be copied.

    Parameters
    ----------
    X : float array (n, d_text), the seeds
    seed_distances : ascending float array
        As from :func:`seed_neighbour_distances`.
    """

    def __init__(self, X: np.ndarray, seed_distances: np.ndarray):
        self.X, self.seed_distances = X, seed_distances
        self._centre = X.mean(axis=0)
        blocks = gen_batches(len(X), BLOCK_ROWS)
        lengths = np.concatenate([np.linalg.norm(X[rows] - self._centre, axis=1) for rows in blocks])  # (n,)
        largest = np.maximum(np.maximum(X.max(axis=1), -X.min(axis=1)), np.abs(self._centre).max())
        floor = ROUNDING_STEPS * np.finfo(lengths.dtype).eps * largest  # below it, as in centred_directions, 0
        self._inverse_lengths = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > floor)

    def __repr__(self) -> str:
        return f"<DistanceToSeeds: {len(self.X):,} seeds of {self.X.shape[1]:,} numbers>"

    def cosines(self, x: np.ndarray) -> np.ndarray:
        """Centred cosines ``cos(x_i - x̄, x_j - x̄)`` of sentences (m, d_text) and seeds: float array (m, n)."""
        u = centred_directions(x, self._centre)
        found = u @ self.X.T
        found -= (u @ self._centre)[:, None]
        found *= self._inverse_lengths
        return found

    def table(self, x: np.ndarray) -> pd.DataFrame:
        """Find the nearest seed of sentences, float array (m, d_text).

        Returns
        -------
        DataFrame
            One row per sentence: ``seed`` (row of the nearest), ``distance`` to it (1 - centred cosine), ``share`` of
            seeds that are nearer to their nearest neighbour, ``far``: whether the distance exceeds the quantile
            ``FAR_QUANTILE`` of ``seed_distances``.
        """
        cosines = self.cosines(x)
        seed = cosines.argmax(axis=1)
        distance = 1 - cosines[np.arange(len(x)), seed]
        return pd.DataFrame(
            {
                "seed": seed,
                "distance": distance,
                "share": np.searchsorted(self.seed_distances, distance) / len(self.seed_distances),
                "far": distance > np.quantile(self.seed_distances, FAR_QUANTILE),
            }
        )
