"""How far sentences lie from the seeds that a mapping was fitted on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alignment.progress import at_step
from alignment.vectors.similarity import centred_directions

FAR_QUANTILE = 0.99  # of the seeds' own distances, above which a sentence is out of distribution
MAX_SEEDS = 2000  # whose nearest neighbours are searched for
BLOCK_ROWS = 500  # of a similarity matrix held at once


def seed_neighbour_distances(
    X: np.ndarray, groups: np.ndarray, *, max_seeds: int = MAX_SEEDS, random_state: int = 0
) -> np.ndarray:
    """Distance from seeds to the nearest seed of another paraphrase group.

    Parameters
    ----------
    X : float array (n, d_text)
    groups : int array (n,)
        Paraphrase groups as from :mod:`~alignment.evaluation.paraphrase_groups`: "a photo of a tench" must
        not find "a drawing of a tench".
    max_seeds : int
        Seeds looked at, drawn at random; all where there are fewer.

    Returns
    -------
    float32 array (min(max_seeds, n),), ascending
        ``min_j 1 - cos(x_i - x̄, x_j - x̄)`` over the seeds j of other groups; 2 where there are none.
    """
    rows = np.random.default_rng(random_state).permutation(len(X))[:max_seeds]
    directions = centred_directions(X, X.mean(axis=0))
    found = []
    for start in range(0, len(rows), BLOCK_ROWS):
        at_step(start, len(rows))
        block = rows[start : start + BLOCK_ROWS]
        cosines = directions[block] @ directions.T  # (BLOCK_ROWS, n)
        cosines[groups[block][:, None] == groups] = -1.0
        found.append(1 - cosines.max(axis=1))
    return np.sort(np.concatenate(found))


def out_of_distribution(x: np.ndarray, X: np.ndarray, seed_distances: np.ndarray) -> pd.DataFrame:
    """How far sentences lie from everything that a mapping was fitted on, compared with how far seeds lie apart.

    Parameters
    ----------
    x : float array (m, d_text)
        Sentence vectors.
    X : float array (n, d_text), the seeds
    seed_distances : ascending float array
        As from :func:`seed_neighbour_distances`.

    Returns
    -------
    DataFrame
        One row per sentence: ``seed`` (row of the nearest), ``distance`` to it (1 - centred cosine), ``share`` of seeds
        that lie nearer to their nearest neighbour, ``far``: whether the distance exceeds the quantile ``FAR_QUANTILE``
        of ``seed_distances``.
    """
    centre = X.mean(axis=0)
    cosines = centred_directions(x, centre) @ centred_directions(X, centre).T
    seed = cosines.argmax(axis=1)
    distance = 1 - cosines[np.arange(len(x)), seed]
    return pd.DataFrame(
        {
            "seed": seed,
            "distance": distance,
            "share": np.searchsorted(seed_distances, distance) / len(seed_distances),
            "far": distance > np.quantile(seed_distances, FAR_QUANTILE),
        }
    )
