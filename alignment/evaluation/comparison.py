"""Several mappings side by side; baselines stand in every table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from alignment.evaluation.baselines import baselines
from alignment.evaluation.cross_validation import EvaluationResult, evaluate_folds
from alignment.evaluation.seed_pairs import paraphrase_groups
from alignment.evaluation.splits import splits
from alignment.progress import Progress


def compare(
    mappings: Mapping[str, object],
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
) -> dict[str, EvaluationResult]:
    """Evaluate mappings on the same folds, and three baselines with them.

    Parameters
    ----------
    mappings : dict from name to scikit-learn regressor
    X, membership, class_vectors, split, kinds, templates, texts, terms, n_splits, random_state
        As for :func:`alignment.evaluation.cross_validation.evaluate`.
    progress : callable, optional
        Called with (name, steps done, steps), a step being a mapping's fold.

    Returns
    -------
    dict from name to EvaluationResult
        The mappings in their order, then those of :func:`baselines`.
    """
    folds = splits(
        split, membership, kinds=kinds, templates=templates, texts=texts, n_splits=n_splits, random_state=random_state
    )
    groups = None if terms is None else paraphrase_groups(terms, membership)
    data = (X, membership, class_vectors, folds)
    jobs = {
        name: partial(evaluate_folds, mapping, *data, split=split, groups=groups, label=name)
        for name, mapping in mappings.items()
    }
    jobs["baselines"] = partial(baselines, *data, split=split, groups=groups, random_state=random_state)
    results = in_turn(jobs, progress)
    return results | results.pop("baselines")


def in_turn(jobs: Mapping[str, Callable], progress: Progress | None) -> dict:
    """What every job gives, one after the other; ``progress`` follows them as one piece of work.

    Parameters
    ----------
    jobs : dict from name to callable
        Each takes ``progress``, to be called with (what is going on, steps done, steps).
    """
    results = {}
    for number, (name, job) in enumerate(jobs.items()):
        results[name] = job(progress=progress and partial(_report, progress, number, len(jobs)))
    return results


def _report(progress: Progress, number: int, jobs: int, name: str, done: int, steps: int) -> None:
    progress(name, number * steps + done, jobs * steps)


def summary_table(results: Mapping[str, EvaluationResult]) -> pd.DataFrame:
    """Every figure of every result: a row a name, a column a figure."""
    return pd.DataFrame({name: result.summary() for name, result in results.items()}).T.rename_axis("mapping")
