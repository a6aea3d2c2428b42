"""Diagnosis of points of class space: reasons why their pictures are good or bad."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from alignment.errors import check_labels
from alignment.evaluation.metrics import manifold_distance
from alignment.vectors.similarity import similarities

ROUNDING_FACTOR = 1.0001  # so that a class itself is never out of range
WASHED_OUT_NORM = 0.75  # relative to a typical class; below it, and below every class, a picture is washed out
# Of the centred cosine to the nearest class, found by looking at pictures of mapped sentences and of mixtures of two
# classes: below the first a picture shows no class, from the second on it shows that class alone.
MIXED_COSINE, CLEAR_COSINE = 0.7, 0.95


def diagnose(
    vectors: np.ndarray, class_vectors: np.ndarray, names: Sequence[str], *, drawn: bool = True
) -> pd.DataFrame:
    """Position of points among the classes, in figures and in words.

    Parameters
    ----------
    vectors : float array (m, d)
    class_vectors : float array (K, d)
    names : K names
    drawn : bool
        Whether the words also say what follows for the picture.

    Returns
    -------
    DataFrame, one row per point
        ``norm`` = |z - c̄| / mean_k |c_k - c̄|, 1 for a typical class; ``norm_low``, ``norm_high``: its range over the
        classes; ``distance``, ``distance_low``, ``distance_high``: the same for the Mahalanobis distance of
        :func:`~alignment.evaluation.metrics.manifold_distance`; ``nearest`` (row of the class space), ``similarity``;
        ``reason``: one sentence.
    """
    check_labels(len(class_vectors), "classes", names=names)
    names, centre = list(names), class_vectors.mean(axis=0)
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
        f"{''.join(_reason(row, *(names[k] for k in pair))[: 1 + drawn])}."
        for row, pair in zip(table.itertuples(), best, strict=True)
    ]
    return table


def _reason(point, first: str, second: str) -> tuple[str, str]:
    """Meaning of one point's figures, and what follows for its picture."""
    # A low Mahalanobis distance alone does not blur: it is also low near a class that many others resemble, as a dog.
    if point.distance > point.distance_high * ROUNDING_FACTOR:
        return "Far from every class", ": the generator was not trained on such points, and the picture may be broken"
    if point.norm > point.norm_high * ROUNDING_FACTOR:
        return "Farther from the mean than any class", ", so that features are exaggerated"
    if point.similarity < MIXED_COSINE:
        return f"Similar to no single class; {first} and {second} are nearest", ", and the picture may show neither"
    if point.norm < min(WASHED_OUT_NORM, point.norm_low):
        return f"Similar to {first}, but near the mean of all classes", ", so that the picture is washed out"
    if point.similarity < CLEAR_COSINE:
        is_low = point.distance * ROUNDING_FACTOR < point.distance_low
        low = "by Mahalanobis distance it is nearer to the middle than any class, and " if is_low else ""
        return f"A mixture of classes, most of all of {first} and {second}", f": {low}the picture may be blurred"
    return f"Close to {first}", ": the picture should be clear"
