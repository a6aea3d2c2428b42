"""Cross-validation: out-of-fold predictions of a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.base import clone

from alignment.errors import InputError
from alignment.evaluation import metrics
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.evaluation.splits import Fold
from alignment.progress import Progress, reported
from alignment.vectors import similarity
from alignment.vectors.class_means import first_classes, means_by_class


def evaluate(
    mapping,
    pairs: SeedPairs,
    folds: Sequence[Fold],
    *,
    progress: Progress | None = None,
    label: str = "Evaluating",
) -> EvaluationResult:
    """Cross-validate: predict the test sentences of every fold with a mapping fitted on its training sentences.

    Parameters
    ----------
    mapping : scikit-learn regressor
        Cloned and refitted for every fold, including tuning.
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
    folds = usable_folds(folds)
    outcomes = [predict_fold(mapping, pairs, fold) for fold in reported(folds, progress, label)]
    return result_of_folds(pairs, folds, outcomes)


def usable_folds(folds: Sequence[Fold]) -> list[Fold]:
    """Folds that have both training and test sentences.

    Raises
    ------
    InputError
        When none has.
    """
    folds = [fold for fold in folds if len(fold.train) and len(fold.test)]
    if not folds:
        raise InputError("No fold has both sentences to learn from and sentences to evaluate; add seeds or classes.")
    return folds


@dataclass(frozen=True)
class FoldOutcome:
    """Predictions for the test sentences of one fold."""

    predictions: np.ndarray
    """Array (m, d)."""

    own_ranks: np.ndarray | None = None
    """Ranks of the held-out classes, ascending, by the mapping's own similarities (J,), where it has them."""

    own_similarities: np.ndarray | None = None
    """These similarities (J, K), where those of all classes with one another are at most a block in memory."""


def predict_fold(mapping, pairs: SeedPairs, fold: Fold) -> FoldOutcome:
    """Fit and predict one fold of :func:`evaluate`."""
    fitted = fit_pairs(clone(mapping), pairs.subset(fold.train, fold.known))
    predictions = np.asarray(fitted.predict(pairs.X[fold.test]), dtype=pairs.class_vectors.dtype)
    if fold.split != "classes" or not hasattr(fitted, "candidate_similarities"):
        return FoldOutcome(predictions)
    classes, queries = class_queries(pairs, fold.test)
    K = len(pairs.class_vectors)
    if K * K <= similarity.BLOCK_NUMBERS:
        S = fitted.candidate_similarities(queries)
        return FoldOutcome(predictions, metrics.ranks(S, classes), S)
    blocks = similarity.row_blocks(len(queries), K)
    ranks = [metrics.ranks(fitted.candidate_similarities(queries[rows]), classes[rows]) for rows in blocks]
    return FoldOutcome(predictions, np.concatenate(ranks))


def result_of_folds(pairs: SeedPairs, folds: Sequence[Fold], outcomes: Sequence[FoldOutcome]) -> EvaluationResult:
    """Combine the outcomes of all folds, in order, to one result."""
    predictions = np.concatenate([outcome.predictions for outcome in outcomes])
    rows = np.concatenate([fold.test for fold in folds])
    return result_of(pairs, predictions, rows, folds[0].split, _own_ranks(pairs, folds, outcomes))


def _own_ranks(pairs: SeedPairs, folds: Sequence[Fold], outcomes: Sequence[FoldOutcome]) -> dict[str, np.ndarray]:
    """Ranks of the classes of all folds, ascending, by the mapping's own similarities; empty where it has none.

    CSLS looks for a class's nearest queries among those of all folds: among its own fold's alone, it would be held
    back for them where a class of another fold is not. So it is left out where the similarities are not kept.
    """
    if outcomes[0].own_ranks is None:
        return {}
    classes = np.concatenate([np.unique(first_classes(pairs.membership, fold.test)) for fold in folds])
    order = np.argsort(classes)
    ranks = {"": np.concatenate([outcome.own_ranks for outcome in outcomes])[order]}
    if outcomes[0].own_similarities is None:
        return ranks
    S = np.concatenate([outcome.own_similarities for outcome in outcomes])[order]
    return ranks | metrics.retrieval_ranks(lambda: [S], classes[order], ("csls_",))


def result_of(
    pairs: SeedPairs,
    predictions: np.ndarray,
    rows: np.ndarray,
    split: str,
    own_ranks: dict[str, np.ndarray] | None = None,
) -> EvaluationResult:
    """Result of predictions (m, d) for some sentences, ``rows`` (m,), each of which names one class."""
    return EvaluationResult(
        predictions,
        rows,
        first_classes(pairs.membership, rows),
        pairs.class_vectors,
        split=split,
        groups=None if pairs.groups is None else pairs.groups[rows],
        own_ranks=own_ranks,
    )


def class_queries(pairs: SeedPairs, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Classes named by sentences, one per sentence, and their queries: means over each class's groups of vectors.

    Returns
    -------
    (int array (J,), float array (J, d_text)), classes ascending
    """
    truth = first_classes(pairs.membership, rows)
    groups = None if pairs.groups is None else pairs.groups[rows]
    return np.unique(truth), means_by_class(pairs.X[rows], truth, groups)
