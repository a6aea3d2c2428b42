"""Several mappings, or one under several conditions, side by side; baselines stand in every table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
import pandas as pd

from alignment import metrics
from alignment.evaluation import EvaluationResult, Progress, evaluate, evaluate_folds
from alignment.mappings import make_mapping
from alignment.pairs import only_classes, voices
from alignment.splits import Fold, splits

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
        As for :func:`alignment.evaluation.evaluate`.
    progress : callable, optional
        Called with (name, steps done, steps), a step being a mapping's fold.

    Returns
    -------
    dict from name to EvaluationResult
        The mappings in their order, then ``BASELINES``: every prediction the mean of all class vectors; ridge
        taught a random other class's vector for each class; every prediction right.
    """
    folds = splits(
        split, membership, kinds=kinds, frames=frames, texts=texts, n_splits=n_splits, random_state=random_state
    )
    voice = None if terms is None else voices(terms, membership)
    jobs = {name: (mapping, class_vectors) for name, mapping in mappings.items()}
    shuffled = class_vectors[np.random.default_rng(random_state).permutation(len(class_vectors))]
    jobs[SHUFFLED] = (make_mapping("ridge"), shuffled)
    results = {}
    steps = len(jobs) * len(folds)
    for number, (name, (mapping, learned)) in enumerate(jobs.items()):
        report = progress and partial(_report, progress, number * len(folds), steps)
        results[name] = evaluate_folds(
            mapping,
            X,
            membership,
            class_vectors,
            folds,
            split=split,
            voice=voice,
            learned_vectors=learned,
            progress=report,
            label=name,
        )
    return _with_trivial(results, membership, class_vectors, split, voice)


def _report(progress: Progress, before: int, steps: int, name: str, done: int, _folds: int) -> None:
    progress(name, before + done, steps)


def _with_trivial(results, membership, class_vectors, split, voice) -> dict[str, EvaluationResult]:
    """The baselines that need no fit, on the sentences the others were judged on."""
    rows = results[SHUFFLED].rows
    truth = only_classes(membership, rows)
    trivial = {
        MEAN_VECTOR: np.broadcast_to(class_vectors.mean(axis=0), (len(rows), class_vectors.shape[1])),
        OWN_VECTOR: class_vectors[truth],
    }
    for name, predictions in trivial.items():
        results[name] = EvaluationResult(
            predictions, rows, truth, class_vectors, split=split, voice=None if voice is None else voice[rows]
        )
    return {name: results[name] for name in [n for n in results if n not in BASELINES] + list(BASELINES)}


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


def sweep(
    encode: Callable[[int, str], np.ndarray],
    layers: Sequence[int],
    poolings: Sequence[str],
    mapping,
    membership,
    class_vectors: np.ndarray,
    *,
    progress: Progress | None = None,
    **evaluation,
) -> pd.DataFrame:
    """Every encoder layer with every pooling.

    Parameters
    ----------
    encode : callable
        ``encode(layer, pooling)`` gives X, (n, d_text).
    mapping : scikit-learn regressor
    **evaluation
        As for :func:`alignment.evaluation.evaluate`.

    Returns
    -------
    DataFrame
        ``layer``, ``pooling`` and every figure, a row a combination.
    """
    rows, pairs = [], list(product(layers, poolings))
    for done, (layer, pooling) in enumerate(pairs):
        if progress is not None:
            progress(f"Layer {layer}, {pooling}", done, len(pairs))
        result = evaluate(mapping, encode(layer, pooling), membership, class_vectors, **evaluation)
        rows.append({"layer": layer, "pooling": pooling} | result.summary())
    return pd.DataFrame(rows)


def learning_curve(
    mapping,
    X: np.ndarray,
    membership,
    class_vectors: np.ndarray,
    *,
    sentences: Sequence[int | None] = (1, 2, 4, 8, 16, None),
    classes: Sequence[float] = (1.0,),
    split: str = "classes",
    kinds=None,
    frames=None,
    texts=None,
    terms=None,
    n_splits: int = 5,
    random_state: int = 0,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Figures against the number of seeds a class and the number of classes learned; what is judged stays the same.

    Parameters
    ----------
    sentences : sequence of int or None
        Most sentences a class to learn from, drawn at random; None for all, those about several classes included.
    classes : sequence of float
        Shares of the known classes to learn from.

    Returns
    -------
    DataFrame
        ``sentences`` (a class; None for all), ``classes`` (number learned, mean over folds), ``seeds`` (sentences
        learned from, mean over folds) and every figure, a row a combination.
    """
    folds = splits(
        split, membership, kinds=kinds, frames=frames, texts=texts, n_splits=n_splits, random_state=random_state
    )
    voice = None if terms is None else voices(terms, membership)
    rows, pairs = [], list(product(sentences, classes))
    for done, (most, share) in enumerate(pairs):
        if progress is not None:
            progress(f"{most or 'all'} sentences, {share:.0%} of classes", done, len(pairs))
        thinned = [_thin(fold, membership, most, share, random_state) for fold in folds]
        result = evaluate_folds(mapping, X, membership, class_vectors, thinned, split=split, voice=voice)
        rows.append(
            {
                "sentences": most,
                "classes": np.mean([fold.known.sum() for fold in thinned]),
                "seeds": np.mean([len(fold.train) for fold in thinned]),
            }
            | result.summary()
        )
    return pd.DataFrame(rows)


def _thin(fold: Fold, membership, most: int | None, share: float, random_state: int) -> Fold:
    """The fold with fewer classes to learn and fewer sentences of each."""
    rng = np.random.default_rng(random_state)
    known = np.flatnonzero(fold.known)
    kept = np.zeros_like(fold.known)
    kept[rng.permutation(known)[: max(2, round(share * len(known)))]] = True
    train = fold.train[(membership[fold.train] @ kept) > 0]
    if most is not None:
        train = rng.permutation(train[np.diff(membership[train].indptr) == 1])
        labels = pd.Series(only_classes(membership, train))
        train = np.sort(train[labels.groupby(labels).cumcount().to_numpy() < most])
    return replace(fold, train=train, known=kept)
