"""Hit rates of prompts with known right classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from alignment.dictionary.prompts import ALL_PROMPTS
from alignment.errors import check_labels
from alignment.evaluation import metrics
from alignment.evaluation.result import HIT_RANKS
from alignment.vectors import similarity


def evaluate_prompts(
    predictions: np.ndarray,
    class_vectors: np.ndarray,
    answers: Sequence[Sequence[int]],
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Hit rates: share of prompts with one of their right classes among the nearest 1, 5 and 10.

    Parameters
    ----------
    predictions : ndarray of shape (m, d)
    class_vectors : ndarray of shape (K, d)
    answers : m collections of class rows
        For "a cat on a sofa", every cat.
    groups : m labels, optional

    Returns
    -------
    DataFrame, one row per group and one called "all"
        ``prompts``, ``hit_at_1``, ``hit_at_5``, ``hit_at_10``: shares of prompts.
    """
    check_labels(len(predictions), "prompts", groups=groups)
    found = []
    for rows in similarity.row_blocks(len(predictions), len(class_vectors)):
        S = similarity.similarities(predictions[rows], class_vectors)
        best = metrics.answer_ranks(S, answers[rows])
        found.append(pd.DataFrame({f"hit_at_{k}": best <= k for k in HIT_RANKS}, dtype=float))
    hits = pd.concat(found, ignore_index=True)
    table = hits.mean().to_frame(ALL_PROMPTS).T
    table.insert(0, "prompts", len(hits))
    if groups is None:
        return table.rename_axis("group")
    grouped = hits.groupby(np.asarray(groups))
    by_group = grouped.mean()
    by_group.insert(0, "prompts", grouped.size())
    return pd.concat([by_group, table]).rename_axis("group")
