"""Several mappings side by side; baselines stand in every table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from alignment.evaluation import metrics
from alignment.evaluation.cross_validation import EvaluationResult, Progress, evaluate_folds
from alignment.evaluation.seed_pairs import voices
from alignment.evaluation.splits import Fold, splits
from alignment.mappings import make_mapping

MEAN_VECTOR = "mean class vector"
SHUFFLED = "shuffled pairs"
OWN_VECTOR = "class's own vector"
BASELINES = (MEAN_VECTOR, SHUFFLED, OWN_VECTOR)


def compare(
    mappings: Mapping[str, object],
    X: np.ndarray,
    membership,
    class_vectors: np.ndarray,
    *,
    split: str = "classes",
    kinds=None,
    frames=None,
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
    X, membership, class_vectors, split, kinds, frames, texts, terms, n_splits, random_state
        As for :func:`alignment.evaluation.cross_validation.evaluate`.
    progress : callable, optional
        Called with (name, steps done, steps), a step being a mapping's fold.

    Returns
    -------
    dict from name to EvaluationResult
        The mappings in their order, then those of :func:`baselines`.
    """
    folds = splits(
        split, membership, kinds=kinds, frames=frames, texts=texts, n_splits=n_splits, random_state=random_state
    )
    voice = None if terms is None else voices(terms, membership)
    data = (X, membership, class_vectors, folds)
    jobs = {
        name: partial(evaluate_folds, mapping, *data, split=split, voice=voice, label=name)
        for name, mapping in mappings.items()
    }
    jobs["baselines"] = partial(baselines, *data, split=split, voice=voice, random_state=random_state)
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


def baselines(
    X: np.ndarray,
    membership,
    class_vectors: np.ndarray,
    folds: Sequence[Fold],
    *,
    split: str,
    voice: np.ndarray | None = None,
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
        voice=voice,
        learned_vectors=class_vectors[np.random.default_rng(random_state).permutation(len(class_vectors))],
        progress=progress,
        label=SHUFFLED,
    )
    rows, truth = shuffled.rows, shuffled.truth
    voice = None if voice is None else voice[rows]
    mean = np.broadcast_to(class_vectors.mean(axis=0), (len(rows), class_vectors.shape[1]))
    trivial = [
        EvaluationResult(predictions, rows, truth, class_vectors, split=split, voice=voice)
        for predictions in (mean, class_vectors[truth])
    ]
    return dict(zip(BASELINES, (trivial[0], shuffled, trivial[1]), strict=True))


def summary_table(results: Mapping[str, EvaluationResult]) -> pd.DataFrame:
    """Every figure of every result: a row a name, a column a figure."""
    return pd.DataFrame({name: result.summary() for name, result in results.items()}).T.rename_axis("mapping")


def evaluate_prompts(
    predictions: np.ndarray,
    class_vectors: np.ndarray,
    answers: Sequence[Sequence[int]],
    groups: Sequence[str] | None = None,
    *,
    ks: Sequence[int] = (1, 5, 10),
) -> pd.DataFrame:
    """How often a prompt finds one of the classes it is about.

    Parameters
    ----------
    predictions : ndarray of shape (m, d)
    class_vectors : ndarray of shape (K, d)
    answers : m collections of class rows
        For "a cat on a sofa", every cat.
    groups : m labels, optional

    Returns
    -------
    DataFrame, a row a group and one called "all"
        ``prompts``, ``hit_at_1``, ``hit_at_5``, ``hit_at_10``: shares of prompts.
    """
    S = metrics.similarities(predictions, class_vectors)
    hits = pd.DataFrame({f"hit_at_{k}": metrics.hit_at(S, answers, k) for k in ks}, dtype=float)
    table = hits.mean().to_frame("all").T
    table.insert(0, "prompts", len(hits))
    if groups is None:
        return table.rename_axis("group")
    grouped = hits.groupby(np.asarray(groups))
    by_group = grouped.mean()
    by_group.insert(0, "prompts", grouped.size())
    return pd.concat([by_group, table]).rename_axis("group")
