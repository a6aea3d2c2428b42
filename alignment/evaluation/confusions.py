"""Confusions: classes predicted in place of the right one, and the confusion matrix of groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from alignment.errors import check_labels
from alignment.evaluation import metrics
from alignment.evaluation.result import BLOCK_ROWS, EvaluationResult
from alignment.vectors.similarity import row_blocks, similarities


def confusions(
    result: EvaluationResult,
    names: Sequence[str],
    groups: Sequence[str] | None = None,
    paths: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Count how often each class is predicted for the queries of each class, including the right one.

    Queries are those of :class:`~alignment.evaluation.result.EvaluationResult`: a held-out class is one query, its
    mean prediction; each held-out sentence is one query. The predicted class is the nearest by centred cosine.

    Parameters
    ----------
    result : EvaluationResult
    names, groups, paths : K strings, the last two optional
        As for :meth:`EvaluationResult.per_class`.

    Returns
    -------
    DataFrame, the largest shares first
        One row per pair of classes: ``class``, ``predicted`` (rows of the class space), ``share`` of the class's
        queries, ``similarity`` (mean), ``name``, ``predicted_name``; with groups ``group`` and ``predicted_group``;
        with paths ``wordnet_distance`` in edges, 0 for the class itself, NaN where unknown.
    """
    check_labels(len(result.class_vectors), "classes", names=names, groups=groups, paths=paths)
    if result.split == "classes":
        truth, (predicted, similarity) = result.classes, _nearest(result.class_predictions, result.class_vectors)
    else:
        truth, (predicted, similarity) = result.truth, _nearest(result.predictions, result.class_vectors)
    queries = pd.DataFrame({"class": truth, "predicted": predicted, "similarity": similarity})
    table = queries.groupby(["class", "predicted"], as_index=False).agg(
        share=("similarity", "size"), similarity=("similarity", "mean")
    )
    table["share"] = table["share"] / table.groupby("class")["share"].transform("sum")
    for column, given in (("name", names), ("group", groups)):
        if given is None:
            continue
        labels = np.asarray(given)
        table[column], table[f"predicted_{column}"] = labels[table["class"]], labels[table["predicted"]]
    if paths is not None:
        paths = list(paths)  # by position: [i] of a pandas Series is a look-up by label
        table["wordnet_distance"] = [
            0 if a == b else metrics.path_distance(paths[a], paths[b])
            for a, b in zip(table["class"], table["predicted"], strict=True)
        ]
    return table.sort_values(["share", "similarity"], ascending=False, kind="stable", ignore_index=True)


def group_matrix(confused: pd.DataFrame) -> pd.DataFrame:
    """Confusion matrix of groups: share of each group's queries with a predicted class in each group; rows sum to 1.

    Every class of a group counts equally, however many queries are about it.

    Parameters
    ----------
    confused : DataFrame
        As from :func:`confusions`, with groups.

    Returns
    -------
    DataFrame (G, G), rows the right groups, columns the predicted ones, both in the same order
    """
    groups = sorted(set(confused["group"]) | set(confused["predicted_group"]))
    sums = confused.pivot_table(index="group", columns="predicted_group", values="share", aggfunc="sum", fill_value=0.0)
    sums = sums.reindex(index=groups, columns=groups, fill_value=0.0)
    totals = sums.sum(axis=1)
    return sums.div(totals.where(totals > 0, 1.0), axis=0)


def share_in_right_group(confused: pd.DataFrame) -> float:
    """Share of the wrong answers that are in the right group: mean over the classes with wrong answers, or NaN.

    Parameters
    ----------
    confused : DataFrame
        As from :func:`confusions`.
    """
    wrong = confused[confused["class"] != confused["predicted"]]
    near = wrong["share"].where(wrong["group"] == wrong["predicted_group"], 0.0)
    return float((near.groupby(wrong["class"]).sum() / wrong.groupby("class")["share"].sum()).mean())


def _nearest(predictions: np.ndarray, class_vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nearest class of every prediction, and its similarity."""
    nearest, similarity = np.empty(len(predictions), int), np.empty(len(predictions))
    for block in row_blocks(len(predictions), len(class_vectors), BLOCK_ROWS):
        S = similarities(predictions[block], class_vectors)
        nearest[block], similarity[block] = S.argmax(axis=1), S.max(axis=1)
    return nearest, similarity
