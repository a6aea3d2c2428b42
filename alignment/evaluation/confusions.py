"""What predictions land on in place of their own class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.utils import gen_batches

from alignment.evaluation import metrics
from alignment.evaluation.result import BLOCK, EvaluationResult
from alignment.vectors.similarity import similarities


def confusions(
    result: EvaluationResult, names: Sequence[str], groups: Sequence[str], paths: Sequence[str]
) -> pd.DataFrame:
    """Pairs of a class and a class its queries land on, the right one among them.

    A query is what :class:`~alignment.evaluation.result.EvaluationResult` says it is: a held-out class once, by its mean
    prediction; a held-out sentence by itself. It lands on the class nearest by centred cosine.

    Parameters
    ----------
    result : EvaluationResult
    names, groups, paths : K strings
        As for :meth:`EvaluationResult.per_class`.

    Returns
    -------
    DataFrame, a row a pair, the largest shares first
        ``class``, ``landed`` (rows of the class space), ``share`` of the class's queries, ``similarity`` (mean),
        ``name``, ``landed_name``, ``group``, ``landed_group``, ``wordnet_distance`` in edges, 0 for the class itself.
    """
    if result.split == "classes":
        truth, (landed, similarity) = result.classes, _nearest(result.class_predictions, result.class_vectors)
    else:
        truth, (landed, similarity) = result.truth, _nearest(result.predictions, result.class_vectors)
    queries = pd.DataFrame({"class": truth, "landed": landed, "similarity": similarity})
    pairs = queries.groupby(["class", "landed"], as_index=False).agg(
        share=("similarity", "size"), similarity=("similarity", "mean")
    )
    pairs["share"] = pairs["share"] / pairs.groupby("class")["share"].transform("sum")
    for column, labels in (("name", names), ("group", groups)):
        labels = np.asarray(labels)
        pairs[column], pairs[f"landed_{column}"] = labels[pairs["class"]], labels[pairs["landed"]]
    pairs["wordnet_distance"] = [
        0 if a == b else metrics.path_distance(paths[a], paths[b])
        for a, b in zip(pairs["class"], pairs["landed"], strict=True)
    ]
    return pairs.sort_values(["share", "similarity"], ascending=False, kind="stable", ignore_index=True)


def group_matrix(pairs: pd.DataFrame) -> pd.DataFrame:
    """Share of each group's queries that land in each group: rows the groups asked for, which add up to 1.

    Parameters
    ----------
    pairs : DataFrame
        As from :func:`confusions`.

    Returns
    -------
    DataFrame (G, G), rows and columns the same groups in the same order
    """
    groups = sorted(set(pairs["group"]) | set(pairs["landed_group"]))
    sums = pairs.pivot_table(index="group", columns="landed_group", values="share", aggfunc="sum", fill_value=0.0)
    sums = sums.reindex(index=groups, columns=groups, fill_value=0.0)
    totals = sums.sum(axis=1)
    return sums.div(totals.where(totals > 0, 1.0), axis=0)


def _nearest(predictions: np.ndarray, class_vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest class of every prediction, and its similarity."""
    landed, cosine = np.empty(len(predictions), int), np.empty(len(predictions))
    for block in gen_batches(len(predictions), BLOCK):
        S = similarities(predictions[block], class_vectors)
        landed[block], cosine[block] = S.argmax(axis=1), S.max(axis=1)
    return landed, cosine
