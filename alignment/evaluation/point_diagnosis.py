"""Why a picture is good or bad: where its point lies among the classes, and its prompt among the seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from alignment.evaluation.metrics import manifold_distance, similarities

FAR = 0.999  # a prompt farther from its nearest seed than this share of the seeds are from theirs is far
PROBES = 2000  # seeds whose nearest neighbours are sought
ROUNDING = 1.0001  # a class itself is never out of range
BLOCK = 500  # rows of a similarity matrix held at once
PALE = 0.75  # share of a typical class's length below which, if no class is as short, a picture is washed out
CLEAR = 0.5  # centred cosine to the nearest class from which on a picture shows that class


def diagnose(vectors: np.ndarray, class_vectors: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    """Where points of the class space lie, in figures and in words.

    Parameters
    ----------
    vectors : float array (m, d)
    class_vectors : float array (K, d)
    names : K names

    Returns
    -------
    DataFrame, a row a point
        ``norm`` = |z - c̄| / mean_k |c_k - c̄|, 1 for a typical class; ``norm_low``, ``norm_high``: the least and the
        most of a class; ``distance``, ``distance_low``, ``distance_high``: the same for the Mahalanobis distance of
        :func:`~alignment.evaluation.metrics.manifold_distance`; ``nearest`` (row of the class space), ``similarity``; ``reason``:
        one sentence.
    """
    centre = class_vectors.mean(axis=0)
    class_lengths = np.linalg.norm(class_vectors - centre, axis=1)
    typical = max(class_lengths.mean(), np.finfo(np.float32).tiny)
    both = manifold_distance(np.vstack([class_vectors, vectors]), class_vectors)  # one covariance for all
    similarity = similarities(vectors, class_vectors)
    best = np.argsort(-similarity, axis=1, kind="stable")[:, :2]
    table = pd.DataFrame(
        {
            "norm": np.linalg.norm(vectors - centre, axis=1) / typical,
            "distance": both[len(class_vectors) :],
            "nearest": best[:, 0],
            "similarity": np.take_along_axis(similarity, best, axis=1)[:, 0],
        }
    )
    table["norm_low"], table["norm_high"] = class_lengths.min() / typical, class_lengths.max() / typical
    of_classes = both[: len(class_vectors)]
    table["distance_low"], table["distance_high"] = of_classes.min(), of_classes.max()
    table["reason"] = [
        _reason(row, *(names[k] for k in pair)) for row, pair in zip(table.itertuples(), best, strict=True)
    ]
    return table


def _reason(point, first: str, second: str) -> str:
    """What the figures of one point mean for its picture."""
    if point.distance > point.distance_high * ROUNDING:
        return "No class lies out there: the generator has never drawn such a point, and the picture may fall apart."
    if point.norm > point.norm_high * ROUNDING:
        return "It lies farther out than classes do, so what it shows is exaggerated."
    if point.similarity < CLEAR:
        return (
            f"It points at no class in particular; {first} and {second} come nearest, and the picture may be neither."
        )
    if point.norm < min(PALE, point.norm_low):
        return f"It points at {first} but lies near the middle of all classes, so the picture is washed out."
    return f"It lies about where classes lie, close to {first}: about as clear as the generator can draw it."


def own_spread(X: np.ndarray, voice: np.ndarray, *, probes: int = PROBES, random_state: int = 0) -> np.ndarray:
    """How far seeds lie from the nearest seed that says something else.

    Parameters
    ----------
    X : float array (n, d_text)
    voice : int array (n,)
        As from :func:`~alignment.evaluation.seed_pairs.voices`: "a photo of a tench" must not find "a drawing of a tench".
    probes : int
        Seeds looked at, drawn at random; all where there are fewer.

    Returns
    -------
    float32 array (min(probes, n),), ascending
        ``min_j 1 - cos(x_i - x̄, x_j - x̄)`` over the seeds j of other voices; 2 where there is none.
    """
    rows = np.random.default_rng(random_state).permutation(len(X))[:probes]
    directions = _directions(X, X)
    found = []
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        cosines = directions[block] @ directions.T  # (BLOCK, n)
        cosines[voice[block][:, None] == voice] = -1.0
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
