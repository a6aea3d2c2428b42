"""Ablations of the seeds: learning curve, and contribution of each kind of seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.few_seeds import SeedAmount, few_seeds
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.evaluation.significance import paired_test
from alignment.evaluation.splits import Fold
from alignment.progress import Progress, reported
from alignment.wording import counted

ALL_SEEDS = "all"


def learning_curve(
    mapping,
    pairs: SeedPairs,
    *,
    sentences: Sequence[int | None] = (1, 2, 4, 8, 16, None),
    classes: Sequence[float] = (0.25, 0.5, 1.0),
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Learning curve: held-out figures against seeds per class and number of training classes, on the same test sets.

    Parameters
    ----------
    mapping : scikit-learn regressor
    pairs : SeedPairs
    sentences : sequence of int or None
        Most sentences per class to learn from, drawn at random; None for all, those about several classes included.
    classes : sequence of float
        Shares of the known classes with sentences to learn from.

    Returns
    -------
    DataFrame
        One row per combination: ``sentences`` (per class; None for all), ``classes`` (number learned, mean over
        folds), ``seeds`` (sentences learned from, mean over folds) and every figure.
    """
    folds = pairs.folds("classes")
    rows = []
    for most, share in reported(list(product(sentences, classes)), progress, _size_in_words):
        thinned = [_thin(fold, pairs.membership, most, share) for fold in folds]
        rows.append(
            {
                "sentences": most,
                "classes": np.mean([fold.known.sum() for fold in thinned]),
                "seeds": np.mean([len(fold.train) for fold in thinned]),
            }
            | evaluate(mapping, pairs, thinned).summary()
        )
    return pd.DataFrame(rows)


def _size_in_words(combination: tuple[int | None, float]) -> str:
    most, share = combination
    return f"{counted(most, 'sentence') if most else 'all sentences'}, {share:.0%} of classes"


def _thin(fold: Fold, membership, most: int | None, share: float) -> Fold:
    """Reduce a fold to fewer training classes and fewer training sentences per class."""
    named = fold.known & (membership[fold.train].sum(axis=0) > 0)  # a class without sentences cannot be learned
    amount = SeedAmount(max(2, round(share * named.sum())), most)
    train, known = few_seeds(membership, fold.train, named, amount)
    return replace(fold, train=train, known=known)


def seed_kinds(mapping, pairs: SeedPairs, *, progress: Progress | None = None) -> pd.DataFrame:
    """Ablation of seed kinds: held-out classes, learned without each kind, and from each kind alone.

    The test sets stay the same: the query of a class uses all its sentences, whatever kinds were learned from.

    Parameters
    ----------
    mapping : scikit-learn regressor
    pairs : SeedPairs
        With ``kinds``.

    Returns
    -------
    DataFrame, indexed by ``kind`` ("all" first) and ``learned`` ("all", "without", "alone")
        ``seeds`` (sentences learned from, mean over folds), every figure, and for P@10 the ``difference`` from
        all seeds with ``low``, ``high`` and ``p_value`` as from :func:`~alignment.evaluation.significance.paired_test`.
    """
    kinds = np.asarray(pairs.kinds)
    folds = pairs.folds("classes")
    found = sorted(set(kinds))
    selections = {(ALL_SEEDS, ALL_SEEDS): np.ones(len(kinds), bool)}
    selections |= {(kind, "without"): kinds != kind for kind in found}
    selections |= {(kind, "alone"): kinds == kind for kind in found}
    rows, results = [], []
    for kind, learned in reported(selections, progress, _selection_in_words):
        kept = selections[kind, learned]
        chosen = [replace(fold, train=fold.train[kept[fold.train]]) for fold in folds]
        if min(len(fold.train) for fold in chosen) < 2:
            continue
        results.append(evaluate(mapping, pairs, chosen))
        rows.append(
            {"kind": kind, "learned": learned, "seeds": np.mean([len(fold.train) for fold in chosen])}
            | results[-1].summary()
            | paired_test(results[-1], results[0])
        )
    return pd.DataFrame(rows).set_index(["kind", "learned"])


def _selection_in_words(selection: tuple[str, str]) -> str:
    kind, learned = selection
    return "all seeds" if kind == ALL_SEEDS else f"{kind} {learned}"
