"""How far sentences lie from the seeds that a mapping was fitted on."""

from __future__ import annotations

import numpy as np
import pandas as pd

FAR = 0.999  # a prompt farther from its nearest seed than this share of the seeds are from theirs is far
PROBES = 2000  # seeds whose nearest neighbours are sought
BLOCK = 500  # rows of a similarity matrix held at once


def own_spread(X: np.ndarray, groups: np.ndarray, *, probes: int = PROBES, random_state: int = 0) -> np.ndarray:
    """How far seeds lie from the nearest seed that says something else.

    Parameters
    ----------
    X : float array (n, d_text)
    groups : int array (n,)
        As from :func:`~alignment.evaluation.seed_pairs.paraphrase_groups`:
        "a photo of a tench" must not find "a drawing of a tench".
    probes : int
        Seeds looked at, drawn at random; all where there are fewer.

    Returns
    -------
    float32 array (min(probes, n),), ascending
        ``min_j 1 - cos(x_i - x̄, x_j - x̄)`` over the seeds j of other groups; 2 where there is none.
    """
    rows = np.random.default_rng(random_state).permutation(len(X))[:probes]
    directions = _directions(X, X)
    found = []
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        cosines = directions[block] @ directions.T  # (BLOCK, n)
        cosines[groups[block][:, None] == groups] = -1.0
        found.append(1 - cosines.max(axis=1))
    return np.sort(np.concatenate(found))


def novelty(x: np.ndarray, X: np.ndarray, spread: np.ndarray) -> pd.DataFrame:
    """How far sentences lie from everything a mapping has seen.

    Parameters
    ----------
    x : float array (m, d_text)
    X : float array (n, d_text), the seeds
    spread : ascending float array, as from :func:`own_spread`

    Returns
    -------
    DataFrame, a row a sentence
        ``seed`` (row of the nearest), ``distance`` to it (1 - centred cosine), ``share`` of seeds that lie nearer to
        theirs, ``far``: whether the distance exceeds the quantile ``FAR`` of ``spread``.
    """
    cosines = _directions(x, X) @ _directions(X, X).T
    seed = cosines.argmax(axis=1)
    distance = 1 - cosines[np.arange(len(x)), seed]
    return pd.DataFrame(
        {
            "seed": seed,
            "distance": distance,
            "share": np.searchsorted(spread, distance) / len(spread),
            "far": distance > np.quantile(spread, FAR),
        }
    )


def _directions(A: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Rows of A seen from the mean of X, each of length 1."""
    shifted = A - X.mean(axis=0)
    return shifted / np.maximum(np.linalg.norm(shifted, axis=1, keepdims=True), np.finfo(np.float32).tiny)
