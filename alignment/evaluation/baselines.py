"""Baselines: what a figure is compared with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alignment.evaluation.cross_validation import EvaluationResult, evaluate_folds
from alignment.evaluation.splits import Fold
from alignment.mappings import make_mapping
from alignment.progress import Progress

MEAN_VECTOR = "mean class vector"
SHUFFLED = "shuffled pairs"
OWN_VECTOR = "class's own vector"
BASELINES = (MEAN_VECTOR, SHUFFLED, OWN_VECTOR)


def baselines(
    X: np.ndarray,
    membership,
    class_vectors: np.ndarray,
    folds: Sequence[Fold],
    *,
    split: str,
    groups: np.ndarray | None = None,
    random_state: int = 0,
    progress: Progress | None = None,
) -> dict[str, EvaluationResult]:
    """What a figure means nothing without: the same folds, answered without looking or without knowing.

    Returns
    -------
    dict from name to EvaluationResult, a name of ``BASELINES`` each
        Every prediction the mean of all class vectors; ridge taught a random other class's vector for each class;
        every prediction right.
    """
    shuffled = evaluate_folds(
        make_mapping("ridge"),
        X,
        membership,
        class_vectors,
        folds,
        split=split,
        groups=groups,
        learned_vectors=class_vectors[np.random.default_rng(random_state).permutation(len(class_vectors))],
        progress=progress,
        label=SHUFFLED,
    )
    rows, truth = shuffled.rows, shuffled.truth
    groups = None if groups is None else groups[rows]
    mean = np.broadcast_to(class_vectors.mean(axis=0), (len(rows), class_vectors.shape[1]))
    trivial = [
        EvaluationResult(predictions, rows, truth, class_vectors, split=split, groups=groups)
        for predictions in (mean, class_vectors[truth])
    ]
    return dict(zip(BASELINES, (trivial[0], shuffled, trivial[1]), strict=True))
