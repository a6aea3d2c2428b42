"""Few-shot learning: nested random samples of the seeds, of fewer classes and fewer sentences per class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from alignment.vectors.class_means import first_classes


@dataclass(frozen=True)
class SeedAmount:
    """Amount of seeds to learn from; ``None`` for all.

    Parameters
    ----------
    classes : int, 2 or more
        Number of classes.
    sentences : int
        Sentences per class, those about several classes left out.
    """

    classes: int | None = None
    sentences: int | None = None


def few_seeds(
    membership: csr_array, rows: np.ndarray, known: np.ndarray, amount: SeedAmount
) -> tuple[np.ndarray, np.ndarray]:
    """Draw some of the sentences ``rows`` at random, nested: a larger amount contains every smaller one.

    Parameters
    ----------
    membership : sparse array of bool, (n, K)
    rows : int array (m,)
        Sentences to draw from, each about a known class.
    known : bool array (K,)
        Classes to draw from.
    amount : SeedAmount

    Returns
    -------
    (int array, bool array (K,))
        Rows of the sentences, ascending, and the classes, as for
        :meth:`~alignment.evaluation.seed_pairs.SeedPairs.subset`.
    """
    rng = np.random.default_rng(0)
    classes = rng.permutation(np.flatnonzero(known))
    turn = rng.permutation(membership.shape[0])  # of every sentence to be drawn
    kept = np.zeros_like(known)
    kept[classes[: amount.classes]] = True
    rows = rows[(membership[rows] @ kept) > 0]
    if amount.sentences is not None:
        rows = rows[np.diff(membership[rows].indptr) == 1]
        rows = rows[np.argsort(turn[rows])]
        labels = pd.Series(first_classes(membership, rows))
        rows = np.sort(rows[labels.groupby(labels).cumcount().to_numpy() < amount.sentences])
    return rows, kept
