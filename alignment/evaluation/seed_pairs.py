"""From sentences and the classes they name to the pairs a mapping learns from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sklearn.utils.validation import has_fit_parameter

from alignment.vectors.groups import group_means, scatter_within, shares, unit_rows


def targets(membership: csr_array, class_vectors: np.ndarray) -> np.ndarray:
    """The vector each sentence should be mapped to: the mean of the vectors of the classes it names.

    Rows that name the same classes get the very same numbers.

    Parameters
    ----------
    membership : sparse array of bool, (n, K), no row empty
    class_vectors : ndarray of shape (K, d)

    Returns
    -------
    ndarray of shape (n, d), dtype of ``class_vectors``
    """
    weights = shares(membership, class_vectors.dtype)
    counts = np.diff(weights.indptr)
    if not counts.all():
        raise ValueError(f"Sentence {int(np.argmin(counts))} names no class; leave it out.")
    return weights @ class_vectors


def class_means(A: np.ndarray, membership: csr_array) -> np.ndarray:
    """Mean vector of every class's sentences, one that names c classes counting 1/c in each.

    Parameters
    ----------
    A : ndarray of shape (n, d)
        A row a sentence.
    membership : sparse array of bool, (n, K)

    Returns
    -------
    float32 ndarray of shape (K, d), NaN for a class without sentences
    """
    weights = shares(membership)
    totals = np.asarray(weights.sum(axis=0)).ravel()
    return np.where(totals > 0, (weights.T @ A).T / np.where(totals > 0, totals, 1), np.nan).T.astype(np.float32)


def only_classes(membership: csr_array, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
    """The class of each of ``rows``: the only one it names, or the first of several; -1 for none."""
    membership = csr_array(membership)
    first = np.full(membership.shape[0], -1)
    named = np.diff(membership.indptr) > 0
    first[named] = membership.indices[membership.indptr[:-1][named]]
    return first[rows]


def paraphrase_groups(terms: Sequence[str], membership: csr_array) -> np.ndarray:
    """Groups of sentences that paraphrase one another: one word for the same classes in different templates.

    "A photo of a tench" and "I saw a tench" say no more about the class than either does alone, while a synonym or
    a description does. Weighted by sentence, twenty templates outweigh three descriptions; weighted by group, every
    word and every description counts once.

    Parameters
    ----------
    terms : n words
        The word a sentence was built around; "" for one that is a group of its own.
    membership : sparse array of bool, (n, K)

    Returns
    -------
    ndarray of int, (n,)
        Equal for sentences of one group, from 0 without gaps.

    Examples
    --------
    >>> paraphrase_groups(["tench", "Tench", "", "", "fish"], csr_array(np.ones((5, 1), bool)))
    array([0, 0, 1, 2, 3])
    """
    membership = csr_array(membership)
    named = np.split(membership.indices, membership.indptr[1:-1])
    keys = [
        (term.casefold(), classes.tobytes()) if term else row
        for row, (term, classes) in enumerate(zip(terms, named, strict=False))
    ]
    return np.asarray(pd.factorize(pd.Series(keys, dtype=object))[0], dtype=np.int64)


def training_pairs(
    X: np.ndarray, membership: csr_array, class_vectors: np.ndarray, groups: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """What a mapping is fitted on: one row per sentence, or one row per paraphrase group, the mean of its sentences.

    Parameters
    ----------
    X : ndarray of shape (n, d_text)
    membership : sparse array of bool, (n, K), no row empty
    class_vectors : ndarray of shape (K, d)
    groups : ndarray of int, (n,), optional
        As from :func:`paraphrase_groups`; sentences of one group name the same classes.
        Without it there is one row per sentence.

    Returns
    -------
    (X, Z) : ndarrays of shape (p, d_text) and (p, d)
    """
    if groups is None:
        return X, targets(membership, class_vectors)
    _, first, labels = np.unique(groups, return_index=True, return_inverse=True)
    return group_means(X, labels), targets(csr_array(membership)[first], class_vectors)


def phrasing(X: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Covariance (d_text, d_text) of unit sentence vectors around the mean of their paraphrase group."""
    return scatter_within(unit_rows(X), np.unique(groups, return_inverse=True)[1])


def fit_pairs(
    mapping, X: np.ndarray, membership: csr_array, class_vectors: np.ndarray, groups: np.ndarray | None = None
):
    """A mapping fitted on seed pairs.

    One whose ``fit`` takes ``membership`` and ``groups`` learns from every sentence and is given both; the others learn
    from :func:`training_pairs`, and one whose ``fit`` takes ``phrasing`` is given how sentences of one group differ.

    Parameters
    ----------
    mapping : regressor
    X, membership, class_vectors, groups
        As for :func:`training_pairs`.

    Returns
    -------
    The mapping.
    """
    if has_fit_parameter(mapping, "membership"):
        return mapping.fit(X, targets(membership, class_vectors), membership=membership, groups=groups)
    told = {} if groups is None or not has_fit_parameter(mapping, "phrasing") else {"phrasing": phrasing(X, groups)}
    return mapping.fit(*training_pairs(X, membership, class_vectors, groups), **told)
