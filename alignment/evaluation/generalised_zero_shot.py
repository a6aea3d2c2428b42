"""Generalised zero-shot evaluation: seen and unseen classes are candidates and queries together."""

from __future__ import annotations

import numpy as np
from sklearn.base import clone

from alignment.evaluation.cross_validation import result_of
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs, fit_pairs
from alignment.evaluation.splits import Fold
from alignment.progress import Progress
from alignment.vectors.similarity import csls, similarities

RETRIEVALS = {"": lambda S: S, "csls_": csls}
FIGURES = ("p_at_1", "p_at_10")


def generalised_zero_shot(
    mapping,
    pairs: SeedPairs,
    *,
    n_splits: int = 5,
    random_state: int = 0,
    progress: Progress | None = None,
    label: str = "Evaluating",
) -> dict[str, float]:
    """How well a mapping finds classes it has seen and classes it has not, asked for in the same way.

    In every fold a mapping learns from all sentences but those about the unseen classes (one part of the classes) and
    those of one part of the sentences. Each class, seen or unseen, is then one query, by its sentences of that part
    alone, and is ranked among all K classes. Evaluated on unseen classes alone, a mapping that favours them would look
    better than it is; here such a bias shows as places taken from the seen classes.

    Parameters
    ----------
    mapping : scikit-learn regressor
        Cloned and fitted anew for every fold.
    pairs : SeedPairs
    n_splits, random_state
        As for :meth:`SeedPairs.folds`.
    progress : callable, optional
        Called with (label, folds done, folds).

    Returns
    -------
    dict, each figure by nearest neighbour and, with ``csls_`` in front, by CSLS
        ``seen_p_at_1``, ``seen_p_at_10``, ``unseen_p_at_1``, ``unseen_p_at_10``: shares of the queries of all folds;
        ``harmonic_p_at_1``, ``harmonic_p_at_10`` = 2 s u / (s + u); ``unseen_first``: share of the queries whose
        nearest class is an unseen one; ``unseen_queries``: share of the queries that are about an unseen class, at
        which ``unseen_first`` shows no bias.

    References
    ----------
    Xian et al. (2018), Zero-shot learning: a comprehensive evaluation of the good, the bad and the ugly,
    arXiv:1707.00600, for seen and unseen accuracy and their harmonic mean.
    """
    options = {"n_splits": n_splits, "random_state": random_state}
    rounds = list(zip(pairs.folds("classes", **options), pairs.folds("sentences", **options), strict=True))
    unseen_query: list[np.ndarray] = []
    found: dict[str, list[np.ndarray]] = {
        f"{retrieval}{name}": [] for retrieval in RETRIEVALS for name in (*FIGURES, "first")
    }
    for done, (classes, sentences) in enumerate(rounds):
        if progress is not None:
            progress(label, done, len(rounds))
        seen = classes.known
        result = _round_result(mapping, pairs, seen, sentences)
        unseen_query.append(~seen[result.classes])
        S = similarities(result.class_predictions, pairs.class_vectors)
        for retrieval, rescored in RETRIEVALS.items():
            for name in FIGURES:
                found[f"{retrieval}{name}"].append(result.values(f"{retrieval}{name}").to_numpy())
            found[f"{retrieval}first"].append(~seen[rescored(S).argmax(axis=1)])
    if progress is not None:
        progress(label, len(rounds), len(rounds))
    unseen = np.concatenate(unseen_query)
    return _figures(unseen, {name: np.concatenate(values) for name, values in found.items()})


def _round_result(mapping, pairs: SeedPairs, seen: np.ndarray, sentences: Fold) -> EvaluationResult:
    """Every class asked for by its test sentences, by a mapping that has learned the seen classes, bool (K,)."""
    train = sentences.train[pairs.membership[sentences.train] @ seen > 0]
    fitted = fit_pairs(clone(mapping), pairs.subset(train, seen), candidates=pairs.class_vectors)
    predictions = np.asarray(fitted.predict(pairs.X[sentences.test]), dtype=pairs.class_vectors.dtype)
    return result_of(pairs, predictions, sentences.test, "classes")


def _figures(unseen: np.ndarray, found: dict[str, np.ndarray]) -> dict[str, float]:
    """Means over the queries about seen and about unseen classes, and what combines the two."""
    figures: dict[str, float] = {"unseen_queries": float(unseen.mean())}
    for retrieval in RETRIEVALS:
        for name in FIGURES:
            values = found[f"{retrieval}{name}"]
            s, u = (float(values[part].mean()) if part.any() else np.nan for part in (~unseen, unseen))
            figures |= {f"{retrieval}seen_{name}": s, f"{retrieval}unseen_{name}": u}
            figures[f"{retrieval}harmonic_{name}"] = 2 * s * u / (s + u) if s + u > 0 else 0.0
        figures[f"{retrieval}unseen_first"] = float(found[f"{retrieval}first"].mean())
    return figures
