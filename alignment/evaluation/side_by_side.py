"""Comparison of several mappings, always with the baselines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from alignment.errors import InputError
from alignment.evaluation.baselines import evaluate_baselines
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.progress import Progress


def compare(
    mappings: Mapping[str, object],
    pairs: SeedPairs,
    *,
    split: str = "classes",
    n_splits: int = 5,
    random_state: int = 0,
    progress: Progress | None = None,
) -> dict[str, EvaluationResult]:
    """Evaluate mappings and the three baselines on the same folds.

    Parameters
    ----------
    mappings : dict from name to scikit-learn regressor
    pairs : SeedPairs
    split, n_splits, random_state
        As for :meth:`SeedPairs.folds`; ``random_state`` also shuffles the pairs of a baseline.
    progress : callable, optional
        Called with (name, steps done, steps), a step being one fold of one mapping.

    Returns
    -------
    dict from name to EvaluationResult
        The mappings in their order, then the baselines.
    """
    if not isinstance(mappings, Mapping):
        raise InputError("Mappings are a dict from names to regressors, such as {'ridge': make_mapping('ridge')}.")
    folds = pairs.folds(split, n_splits=n_splits, random_state=random_state)
    jobs: dict[str, Callable] = {
        name: partial(evaluate, mapping, pairs, folds, label=name) for name, mapping in mappings.items()
    }
    jobs["baselines"] = partial(evaluate_baselines, pairs, folds, random_state=random_state)
    results = run_in_turn(jobs, progress)
    return results | results.pop("baselines")


def run_in_turn(jobs: Mapping[str, Callable], progress: Progress | None) -> dict:
    """Run jobs one after the other; ``progress`` reports them as one piece of work.

    Parameters
    ----------
    jobs : dict from name to callable
        Each takes ``progress``, to be called with (stage, steps done, steps).

    Returns
    -------
    dict from name to what the job returned
    """
    results = {}
    for number, (name, job) in enumerate(jobs.items()):
        results[name] = job(progress=progress and partial(_report, progress, number, len(jobs)))
    return results


def _report(progress: Progress, number: int, jobs: int, name: str, done: int, steps: int) -> None:
    progress(name, number * steps + done, jobs * steps)


def summary_table(results: Mapping[str, EvaluationResult]) -> pd.DataFrame:
    """Table of all figures: one row per result, one column per figure."""
    return pd.DataFrame({name: result.summary() for name, result in results.items()}).T.rename_axis("mapping")
