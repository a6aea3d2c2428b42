"""How good a mapping is: predictions for what it has not seen, and the difference between two mappings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import clone

from alignment.errors import InputError
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import fit_pairs, only_classes, paraphrase_groups
from alignment.evaluation.splits import Fold, splits
from alignment.progress import Progress


def evaluate(
    mapping,
    X: np.ndarray,
    membership,
    class_vectors: np.ndarray,
    *,
    split: str = "classes",
    kinds=None,
    templates=None,
    texts=None,
    terms=None,
    n_splits: int = 5,
    random_state: int = 0,
    progress: Progress | None = None,
    label: str = "Evaluating",
) -> EvaluationResult:
    """Predict every seed that names one class from mappings that have not seen it.

    Parameters
    ----------
    mapping : scikit-learn regressor
        Cloned and fitted anew for every fold, tuning included.
    X : ndarray of shape (n, d_text)
    membership : sparse array of bool, (n, K)
        Which classes each sentence names.
    class_vectors : ndarray of shape (K, d)
    split, kinds, templates, texts, n_splits, random_state
        As for :func:`alignment.evaluation.splits.splits`.
    terms : n words, optional
        The word each sentence was built around. With it a mapping learns from paraphrase groups in place of sentences,
        and the query of a held-out class is the mean over its groups; see
        :func:`alignment.evaluation.seed_pairs.paraphrase_groups`.
    progress : callable, optional
        Called with (label, folds done, folds).

    Returns
    -------
    EvaluationResult
    """
    folds = splits(
        split, membership, kinds=kinds, templates=templates, texts=texts, n_splits=n_splits, random_state=random_state
    )
    groups = None if terms is None else paraphrase_groups(terms, membership)
    return evaluate_folds(
        mapping, X, membership, class_vectors, folds, split=split, groups=groups, progress=progress, label=label
    )


def evaluate_folds(
    mapping,
    X: np.ndarray,
    membership,
    class_vectors: np.ndarray,
    folds: Sequence[Fold],
    *,
    split: str,
    groups: np.ndarray | None = None,
    learned_vectors: np.ndarray | None = None,
    progress: Progress | None = None,
    label: str = "Evaluating",
) -> EvaluationResult:
    """:func:`evaluate` on folds made beforehand.

    Parameters
    ----------
    groups : ndarray of int, (n,), optional
        As from :func:`alignment.evaluation.seed_pairs.paraphrase_groups`.
    learned_vectors : ndarray of shape (K, d), default=class_vectors
        What the mapping is taught in place of the class vectors it is judged on.
    """
    learned_vectors = class_vectors if learned_vectors is None else learned_vectors
    folds = [fold for fold in folds if len(fold.train) and len(fold.test)]
    if not folds:
        raise InputError("No fold has both sentences to learn from and sentences to judge; add seeds or classes.")
    predictions, rows = [], []
    for done, fold in enumerate(folds):
        if progress is not None:
            progress(label, done, len(folds))
        known = np.flatnonzero(fold.known)
        fitted = fit_pairs(
            clone(mapping),
            X[fold.train],
            membership[fold.train][:, known],
            learned_vectors[known],
            None if groups is None else groups[fold.train],
        )
        predictions.append(np.asarray(fitted.predict(X[fold.test]), dtype=class_vectors.dtype))
        rows.append(fold.test)
    if progress is not None:
        progress(label, len(folds), len(folds))
    rows = np.concatenate(rows)
    truth = only_classes(membership, rows)
    return EvaluationResult(
        np.concatenate(predictions),
        rows,
        truth,
        class_vectors,
        split=split,
        groups=None if groups is None else groups[rows],
    )
