"""Few-shot learning: a mapping fitted on nested subsets of the seeds, applied to the same queries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.vectors.class_means import first_classes


@dataclass(frozen=True)
class SeedAmount:
    """Amount of seeds to learn from; ``None`` for all.

    Parameters
    ----------
    classes : int, 2 or more
        Number of classes.
    sentences : int
        Sentences per class.
    """

    classes: int | None = None
    sentences: int | None = None


def few_seeds(pairs: SeedPairs, amount: SeedAmount) -> tuple[np.ndarray, np.ndarray]:
    """Draw seeds at random, nested: a larger amount contains every smaller one.

    Returns
    -------
    (rows of ``pairs``, int array (n,), ascending; whether a class is among those, bool array (K,))

    A sentence about several classes is taken only where all its classes are and ``sentences`` is None.
    """
    if amount.classes is None and amount.sentences is None:
        return np.arange(len(pairs)), pairs.membership.sum(axis=0) > 0
    rng = np.random.default_rng(0)
    single = np.flatnonzero(np.diff(pairs.membership.indptr) == 1)
    labels = first_classes(pairs.membership, single)
    known = np.zeros(pairs.membership.shape[1], bool)
    known[rng.permutation(np.unique(labels))[: amount.classes]] = True
    if amount.sentences is None:
        sizes = np.diff(pairs.membership.indptr)
        return np.flatnonzero((pairs.membership @ known.astype(int)) == sizes), known
    order = rng.permutation(len(single))
    table = pd.DataFrame({"row": single[order], "class": labels[order]})
    kept = known[table["class"]] & (table.groupby("class").cumcount() < amount.sentences)
    return np.sort(table["row"][kept].to_numpy()), known


def learned_from_few(mapping, pairs: SeedPairs, rows: np.ndarray, known: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """Map queries with a mapping fitted on only some of the seeds.

    Parameters
    ----------
    mapping : unfitted regressor
    rows, known : as from :func:`few_seeds`
    queries : float array (m, d_text)

    Returns
    -------
    float32 array (m, d)
    """
    fitted = fit_pairs(mapping, pairs.subset(rows, known))
    return np.asarray(fitted.predict(queries), dtype=np.float32)
