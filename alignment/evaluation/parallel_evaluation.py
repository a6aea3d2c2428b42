"""Parallel evaluation: one independent task per fold of each mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alignment.evaluation.cross_validation import FoldOutcome, predict_fold, result_of_folds, usable_folds
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.evaluation.splits import Fold
from alignment.execution.workers import Executor
from alignment.mappings import make_mapping
from alignment.progress import Progress


def evaluate_on(
    executor: Executor,
    mappings: Sequence[str],
    pairs: SeedPairs,
    folds: Sequence[Fold],
    progress: Progress | None = None,
) -> Iterator[tuple[str, EvaluationResult]]:
    """Evaluate mappings of the registry like :func:`~alignment.evaluation.cross_validation.evaluate`, on an executor.

    The seed pairs and the folds are sent to each worker once.

    Yields
    ------
    (str, EvaluationResult)
        Key and result of a mapping, as soon as its last fold is done.
    """
    folds = usable_folds(folds)
    tasks = [(make_mapping(name), fold) for name in mappings for fold in range(len(folds))]
    found: dict[int, FoldOutcome] = {}
    for number, outcome in executor.map(_predict, tasks, executor.share(pairs), executor.share(folds)):
        found[number] = outcome
        if progress is not None:
            progress("Evaluating folds", len(found), len(tasks))
        name = mappings[number // len(folds)]
        own = range(number // len(folds) * len(folds), (number // len(folds) + 1) * len(folds))
        if all(each in found for each in own):
            yield name, result_of_folds(pairs, folds, [found[each] for each in own])


def _predict(task: tuple, pairs: SeedPairs, folds: Sequence[Fold]) -> FoldOutcome:
    mapping, fold = task
    return predict_fold(mapping, pairs, folds[fold])
