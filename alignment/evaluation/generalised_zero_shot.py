"""Generalised zero-shot evaluation: seen and unseen classes are candidates and queries together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.base import clone

from alignment.evaluation import metrics
from alignment.evaluation.cross_validation import class_queries
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.evaluation.splits import Fold
from alignment.progress import Progress, reported
from alignment.vectors.class_means import first_classes, means_by_class
from alignment.vectors.similarity import row_blocks, similarities

RANKS = (1, 10)  # k of P@k


def generalised_zero_shot(
    mapping,
    pairs: SeedPairs,
    *,
    n_splits: int = 5,
    progress: Progress | None = None,
    label: str = "Evaluating",
) -> dict[str, float]:
    """Evaluate a mapping on seen and unseen classes with the same kind of queries.

    In every fold a mapping learns from all sentences except those about the unseen classes (one part of the classes)
    and those of one part of the sentences. Each class, seen or unseen, is then one query, made of its sentences of that
    part, and is ranked among all K classes. Evaluated on unseen classes alone, a mapping that favours them would look
    better than it is; here such a bias shows as places taken from the seen classes.

    Parameters
    ----------
    mapping : scikit-learn regressor
        Cloned and refitted for every fold.
    pairs : SeedPairs
    n_splits : int
        As for :meth:`SeedPairs.folds`, whichever is fewer for classes and sentences.
    progress : callable, optional
        Called with (label, folds done, folds).

    Returns
    -------
    dict, each figure by nearest neighbour, by CSLS (prefix ``csls_``), and, for a mapping that compares sentences with
        classes itself, by its own similarities (``own_``, ``own_csls_``)
        ``seen_p_at_1``, ``seen_p_at_10``, ``unseen_p_at_1``, ``unseen_p_at_10``: shares of the queries of all folds;
        ``harmonic_p_at_1``, ``harmonic_p_at_10`` = 2 s u / (s + u); ``unseen_first``: share of the queries whose
        nearest class is an unseen one; ``unseen_queries``: share of the queries that are about an unseen class, at
        which ``unseen_first`` shows no bias.

    References
    ----------
    Xian et al. (2018), Zero-shot learning: a comprehensive evaluation of the good, the bad and the ugly,
    arXiv:1707.00600, for seen and unseen accuracy and their harmonic mean.
    """
    n_splits = min(n_splits, *(pairs.most_folds(split) for split in ("classes", "sentences")))
    rounds = list(zip(*(pairs.folds(split, n_splits=n_splits) for split in ("classes", "sentences")), strict=True))
    tables = [
        _queries(mapping, pairs, classes.known, sentences) for classes, sentences in reported(rounds, progress, label)
    ]
    return _figures(pd.concat(tables))


def _queries(mapping, pairs: SeedPairs, seen: np.ndarray, sentences: Fold) -> pd.DataFrame:
    """Query every class by its test sentences, with a mapping fitted on the ``seen`` classes, bool (K,).

    One row per retrieval and query: whether its class is ``unseen``, the ``rank`` of that class, and whether an unseen
    class comes first (``unseen_first``).
    """
    train = sentences.train[pairs.membership[sentences.train] @ seen > 0]
    fitted = fit_pairs(clone(mapping), pairs.subset(train, seen))
    test, groups = sentences.test, None if pairs.groups is None else pairs.groups[sentences.test]
    queried, queries = class_queries(pairs, test)
    predictions = means_by_class(fitted.predict(pairs.X[test]), first_classes(pairs.membership, test), groups)
    predictions = predictions.astype(pairs.class_vectors.dtype)
    rate: dict[str, Callable] = {"": lambda rows: similarities(predictions[rows], pairs.class_vectors)}
    if hasattr(fitted, "candidate_similarities"):
        rate["own_"] = lambda rows: fitted.candidate_similarities(queries[rows])
    return pd.concat(_rank_queries(one, space, queried, seen) for space, one in rate.items())


def _rank_queries(rate: Callable, space: str, queried: np.ndarray, seen: np.ndarray) -> pd.DataFrame:
    """Rows of :func:`_queries` for one space, block by block; ``rate`` returns the similarities of some queries."""
    blocks = list(row_blocks(len(queried), len(seen)))
    by_name = metrics.rescorers(lambda: map(rate, blocks), ("", "csls_"))
    tables = []
    for rows in blocks:
        S = rate(rows)
        for name, rescore in by_name.items():
            rescored, asked = rescore(S), queried[rows]
            ranked = {"rank": metrics.ranks(rescored, asked), "unseen_first": ~seen[rescored.argmax(axis=1)]}
            tables.append(pd.DataFrame({"retrieval": f"{space}{name}", "unseen": ~seen[asked]} | ranked))
    return pd.concat(tables)


def _figures(queries: pd.DataFrame) -> dict[str, float]:
    """Means over the queries about seen and about unseen classes, and their combinations."""
    figures = {"unseen_queries": float(queries["unseen"].mean())}
    for retrieval, asked in queries.groupby("retrieval", sort=False):
        for k in RANKS:
            s, u = (float((asked["rank"][part] <= k).mean()) for part in (~asked["unseen"], asked["unseen"]))
            figures |= {f"{retrieval}seen_p_at_{k}": s, f"{retrieval}unseen_p_at_{k}": u}
            figures[f"{retrieval}harmonic_p_at_{k}"] = 2 * s * u / (s + u) if s + u > 0 else 0.0
        figures[f"{retrieval}unseen_first"] = float(asked["unseen_first"].mean())
    return figures
