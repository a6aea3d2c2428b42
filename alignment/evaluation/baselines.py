"""Baselines for evaluation: mean class vector, shuffled pairs, and the right class vector as an upper bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from alignment.evaluation.cross_validation import evaluate, result_of
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.evaluation.splits import Fold
from alignment.mappings import make_mapping
from alignment.progress import Progress

MEAN_VECTOR = "mean class vector"
SHUFFLED = "shuffled pairs"
OWN_VECTOR = "class's own vector"
BASELINES = (MEAN_VECTOR, SHUFFLED, OWN_VECTOR)
BELOW_GUESSING = (
    "On held-out classes P@k is lower there than the k divided by the number of classes that blind guessing gets, "
    "because what is predicted lies near the classes that were learned from, which take most of the k places."
)
"""Text for readers: why a figure in a random space is not the chance level of guessing."""


def random_space(pairs: SeedPairs, random_state: int = 0) -> SeedPairs:
    """Shuffle the class vectors among the classes, so that similar classes no longer have similar vectors.

    The figures of a mapping here come from memorising the seeds, like a dictionary, not from alignment of the spaces.
    """
    vectors = pairs.class_vectors
    return replace(pairs, class_vectors=vectors[np.random.default_rng(random_state).permutation(len(vectors))])


def evaluate_baselines(
    pairs: SeedPairs, folds: Sequence[Fold], *, random_state: int = 0, progress: Progress | None = None
) -> dict[str, EvaluationResult]:
    """Evaluate two lower bounds and an upper bound on the same folds as the mappings.

    Returns
    -------
    dict from name to EvaluationResult, one for each name of ``BASELINES``
        The mean of all class vectors as every prediction; ridge fitted on class vectors shuffled among the classes,
        where a few keep their own by chance; the right class vector as every prediction.
    """
    vectors = pairs.class_vectors
    permuted = random_space(pairs, random_state)
    shuffled = evaluate(make_mapping("ridge"), permuted, folds, progress=progress, label=f"Evaluating {SHUFFLED}")
    rows, split = shuffled.rows, shuffled.split
    mean = np.broadcast_to(vectors.mean(axis=0), shuffled.predictions.shape)
    predictions = (mean, shuffled.predictions, vectors[shuffled.truth])
    return {
        name: result_of(pairs, predicted, rows, split) for name, predicted in zip(BASELINES, predictions, strict=True)
    }
