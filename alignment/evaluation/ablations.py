"""One mapping under several conditions: other layers and poolings, fewer seeds, without a kind of seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

from alignment.evaluation.cross_validation import evaluate_folds
from alignment.evaluation.result import PRIMARY_METRIC
from alignment.evaluation.seed_pairs import only_classes, paraphrase_groups
from alignment.evaluation.significance import paired_test
from alignment.evaluation.splits import Fold, splits
from alignment.progress import Progress

ALL_SEEDS = "all"


def learning_curve(
    mapping,
    X: np.ndarray,
    membership,
    class_vectors: np.ndarray,
    *,
    sentences: Sequence[int | None] = (1, 2, 4, 8, 16, None),
    classes: Sequence[float] = (0.25, 0.5, 1.0),
    split: str = "classes",
    kinds=None,
    templates=None,
    texts=None,
    terms=None,
    n_splits: int = 5,
    random_state: int = 0,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Figures against the number of seeds a class and the number of classes learned; what is judged stays the same.

    Parameters
    ----------
    sentences : sequence of int or None
        Most sentences a class to learn from, drawn at random; None for all, those about several classes included.
    classes : sequence of float
        Shares of the known classes to learn from.

    Returns
    -------
    DataFrame
        ``sentences`` (a class; None for all), ``classes`` (number learned, mean over folds), ``seeds`` (sentences
        learned from, mean over folds) and every figure, a row a combination.
    """
    folds = splits(
        split, membership, kinds=kinds, templates=templates, texts=texts, n_splits=n_splits, random_state=random_state
    )
    groups = None if terms is None else paraphrase_groups(terms, membership)
    rows, pairs = [], list(product(sentences, classes))
    for done, (most, share) in enumerate(pairs):
        if progress is not None:
            progress(f"{most or 'all'} sentences, {share:.0%} of classes", done, len(pairs))
        thinned = [_thin(fold, membership, most, share, random_state) for fold in folds]
        result = evaluate_folds(mapping, X, membership, class_vectors, thinned, split=split, groups=groups)
        rows.append(
            {
                "sentences": most,
                "classes": np.mean([fold.known.sum() for fold in thinned]),
                "seeds": np.mean([len(fold.train) for fold in thinned]),
            }
            | result.summary()
        )
    if progress is not None:
        progress("Done", len(pairs), len(pairs))
    return pd.DataFrame(rows)


def _thin(fold: Fold, membership, most: int | None, share: float, random_state: int) -> Fold:
    """The fold with fewer classes to learn and fewer sentences of each."""
    rng = np.random.default_rng(random_state)
    known = np.flatnonzero(fold.known)
    kept = np.zeros_like(fold.known)
    kept[rng.permutation(known)[: max(2, round(share * len(known)))]] = True
    train = fold.train[(membership[fold.train] @ kept) > 0]
    if most is not None:
        train = rng.permutation(train[np.diff(membership[train].indptr) == 1])
        labels = pd.Series(only_classes(membership, train))
        train = np.sort(train[labels.groupby(labels).cumcount().to_numpy() < most])
    return replace(fold, train=train, known=kept)


def seed_kinds(
    mapping,
    X: np.ndarray,
    membership,
    class_vectors: np.ndarray,
    *,
    kinds: Sequence[str],
    templates=None,
    texts=None,
    terms=None,
    metric: str = PRIMARY_METRIC,
    n_splits: int = 5,
    random_state: int = 0,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """What each kind of seeds is worth: held-out classes, learned without the kind, and from the kind alone.

    The question stays the same: a class is asked for by all that is said of it, whatever was learned from.

    Parameters
    ----------
    kinds : n labels
    metric : str
        The figure whose difference from all seeds is tested.

    Returns
    -------
    DataFrame, a row a condition, indexed by ``kind`` ("all" first) and ``learned`` ("all", "without", "alone")
        ``seeds`` (sentences learned from, mean over folds), every figure, and of ``metric`` the ``difference`` from
        all seeds with ``low``, ``high`` and ``p_value`` as from :func:`~alignment.evaluation.significance.paired_test`.
    """
    kinds = np.asarray(kinds)
    folds = splits("classes", membership, texts=texts, n_splits=n_splits, random_state=random_state)
    groups = None if terms is None else paraphrase_groups(terms, membership)
    found = sorted(set(kinds))
    conditions = {(ALL_SEEDS, ALL_SEEDS): np.ones(len(kinds), bool)}
    conditions |= {(kind, "without"): kinds != kind for kind in found}
    conditions |= {(kind, "alone"): kinds == kind for kind in found}
    rows, results = [], []
    for done, ((kind, learned), kept) in enumerate(conditions.items()):
        if progress is not None:
            progress(f"{kind} {learned}" if done else "all seeds", done, len(conditions))
        chosen = [replace(fold, train=fold.train[kept[fold.train]]) for fold in folds]
        if min(len(fold.train) for fold in chosen) < 2:
            continue
        results.append(evaluate_folds(mapping, X, membership, class_vectors, chosen, split="classes", groups=groups))
        rows.append(
            {"kind": kind, "learned": learned, "seeds": np.mean([len(fold.train) for fold in chosen])}
            | results[-1].summary()
            | paired_test(results[-1], results[0], metric)
        )
    if progress is not None:
        progress("Done", len(conditions), len(conditions))
    return pd.DataFrame(rows).set_index(["kind", "learned"])
