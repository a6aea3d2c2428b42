"""Cross-validation: out-of-fold predictions of a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.base import clone

from alignment.errors import InputError
from alignment.evaluation import metrics
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.result import TEXT_RETRIEVALS, EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.evaluation.splits import Fold
from alignment.progress import Progress
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
    outcomes = []
    for done, fold in enumerate(folds):
        if progress is not None:
            progress(label, done, len(folds))
        outcomes.append(predict_fold(mapping, pairs, fold))
    if progress is not None:
        progress(label, len(folds), len(folds))
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
    """Predictions for the test sentences of one fold.

    ``predictions`` is (m, d); ``asked`` is the result of :meth:`TextRanks.ask`, or None for a mapping that does not
    compare in text space.
    """

    predictions: np.ndarray
    asked: tuple | None


def predict_fold(mapping, pairs: SeedPairs, fold: Fold) -> FoldOutcome:
    """Fit and predict one fold of :func:`evaluate`."""
    fitted = fit_pairs(clone(mapping), pairs.subset(fold.train, fold.known))
    predictions = np.asarray(fitted.predict(pairs.X[fold.test]), dtype=pairs.class_vectors.dtype)
    compares = fold.split == "classes" and hasattr(fitted, "candidate_similarities")
    return FoldOutcome(predictions, TextRanks(pairs).ask(fitted, fold.test) if compares else None)


def result_of_folds(pairs: SeedPairs, folds: Sequence[Fold], outcomes: Sequence[FoldOutcome]) -> EvaluationResult:
    """Combine the outcomes of all folds, in order, to one result."""
    text = TextRanks(pairs)
    for outcome in outcomes:
        if outcome.asked is not None:
            text.add(*outcome.asked)
    predictions = np.concatenate([outcome.predictions for outcome in outcomes])
    rows = np.concatenate([fold.test for fold in folds])
    return result_of(pairs, predictions, rows, folds[0].split, text.ranks())


def result_of(
    pairs: SeedPairs,
    predictions: np.ndarray,
    rows: np.ndarray,
    split: str,
    text_ranks: dict[str, np.ndarray] | None = None,
) -> EvaluationResult:
    """Result of predictions (m, d) for some sentences, ``rows`` (m,), each of which names one class."""
    return EvaluationResult(
        predictions,
        rows,
        first_classes(pairs.membership, rows),
        pairs.class_vectors,
        split=split,
        groups=None if pairs.groups is None else pairs.groups[rows],
        text_ranks=text_ranks,
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


class TextRanks:
    """Ranks of held-out classes in text space, by the text vectors that each fold's mapping predicts for all classes.

    CSLS takes the nearest queries of a class: among those of all folds where the similarities of all classes are one
    block (:data:`alignment.vectors.similarity.BLOCK_NUMBERS`), among those of the same fold where they are more.
    """

    def __init__(self, pairs: SeedPairs):
        self.pairs = pairs
        self._whole = len(pairs.class_vectors) ** 2 <= similarity.BLOCK_NUMBERS
        self._classes: list[np.ndarray] = []
        self._found: list = []  # similarities of each fold, or its ranks

    def ask(self, fitted, rows: np.ndarray) -> tuple:
        """Similarities or ranks of one fold's held-out classes, as :meth:`add` takes them."""
        classes, queries = class_queries(self.pairs, rows)

        def blocks():
            for block in similarity.row_blocks(len(queries), len(self.pairs.class_vectors)):
                yield fitted.candidate_similarities(queries[block])

        return classes, [*blocks()] if self._whole else metrics.retrieval_ranks(blocks, classes, TEXT_RETRIEVALS)

    def add(self, classes: np.ndarray, found) -> None:
        """Add the result of :meth:`ask` of one fold."""
        self._classes.append(classes)
        self._found.append(found)

    def ranks(self) -> dict[str, np.ndarray] | None:
        """Rank of every queried class by retrieval method, classes ascending; None without queries."""
        if not self._found:
            return None
        classes = np.concatenate(self._classes)
        order = np.argsort(classes)
        if self._whole:
            S = np.concatenate([block for blocks in self._found for block in blocks])[order]
            return metrics.retrieval_ranks(lambda: [S], classes[order], TEXT_RETRIEVALS)
        return {name: np.concatenate([found[name] for found in self._found])[order] for name in TEXT_RETRIEVALS}
