"""Cross-validation: predictions for what a mapping has not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import clone

from alignment.errors import InputError
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs, fit_pairs
from alignment.evaluation.splits import Fold
from alignment.progress import Progress
from alignment.vectors.groups import means_by_class, only_classes


def evaluate(
    mapping,
    pairs: SeedPairs,
    folds: Sequence[Fold],
    *,
    progress: Progress | None = None,
    label: str = "Evaluating",
) -> EvaluationResult:
    """Predict the test sentences of every fold with a mapping fitted on its training sentences.

    Parameters
    ----------
    mapping : scikit-learn regressor
        Cloned and fitted anew for every fold, tuning included.
    pairs : SeedPairs
    folds : sequence of Fold
        As from :meth:`SeedPairs.folds`, all of one split.
    progress : callable, optional
        Called with (label, folds done, folds).

    Returns
    -------
    EvaluationResult

    Raises
    ------
    InputError
        When no fold has sentences on both sides.
    """
    folds = [fold for fold in folds if len(fold.train) and len(fold.test)]
    if not folds:
        raise InputError("No fold has both sentences to learn from and sentences to evaluate; add seeds or classes.")
    predictions, rows, asked, text_similarities = [], [], [], []
    for done, fold in enumerate(folds):
        if progress is not None:
            progress(label, done, len(folds))
        fitted = fit_pairs(clone(mapping), pairs.subset(fold.train, fold.known))
        predictions.append(np.asarray(fitted.predict(pairs.X[fold.test]), dtype=pairs.class_vectors.dtype))
        rows.append(fold.test)
        if fold.split == "classes" and hasattr(fitted, "candidate_similarities"):
            classes, queries = class_queries(pairs, fold.test)
            asked.append(classes)
            text_similarities.append(fitted.candidate_similarities(queries))
    if progress is not None:
        progress(label, len(folds), len(folds))
    return result_of(
        pairs,
        np.concatenate(predictions),
        np.concatenate(rows),
        folds[0].split,
        np.concatenate(text_similarities)[np.argsort(np.concatenate(asked))] if asked else None,
    )


def result_of(
    pairs: SeedPairs,
    predictions: np.ndarray,
    rows: np.ndarray,
    split: str,
    text_similarities: np.ndarray | None = None,
) -> EvaluationResult:
    """The result of predictions (m, d) for some of the sentences, ``rows`` (m,), each of which names one class."""
    return EvaluationResult(
        predictions,
        rows,
        only_classes(pairs.membership, rows),
        pairs.class_vectors,
        split=split,
        groups=None if pairs.groups is None else pairs.groups[rows],
        text_similarities=text_similarities,
    )


def class_queries(pairs: SeedPairs, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The classes that some sentences name, one each, and the mean over every class's groups of sentence vectors.

    Returns
    -------
    (int array (J,), float array (J, d_text)), classes ascending
    """
    truth = only_classes(pairs.membership, rows)
    groups = None if pairs.groups is None else pairs.groups[rows]
    return np.unique(truth), means_by_class(pairs.X[rows], truth, groups)
