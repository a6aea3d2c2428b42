"""Cross-validation splits: training and test sentences of held-out classes, sentences or kinds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from alignment.errors import InputError, check_whole
from alignment.vectors.class_means import first_classes
from alignment.vectors.read_only import read_only

SPLITS = ("classes", "sentences", "kinds")


@dataclass(frozen=True)
class Fold:
    """One round of cross-validation.

    Parameters
    ----------
    train, test : ndarrays of int, read-only
        Rows of the seeds. Every test row names exactly one class.
    known : ndarray of bool, (K,)
        Classes a mapping may learn; the columns of the others are removed from its targets.
    split : {"classes", "sentences", "kinds"}
        What is held out.
    """

    train: np.ndarray
    test: np.ndarray
    known: np.ndarray
    split: str


def splits(
    split: str,
    membership: csr_array,
    *,
    kinds: Sequence | np.ndarray | None = None,
    templates: Sequence | np.ndarray | None = None,
    texts: Sequence[str] | None = None,
    n_splits: int = 5,
    random_state: int = 0,
) -> list[Fold]:
    """Split the seed dictionary into folds; the same arguments give the same folds.

    Parameters
    ----------
    split : {"classes", "sentences", "kinds"}
        What is held out. *Classes*: a fifth of the classes with all their sentences (zero-shot); a sentence that also
        names other classes keeps those. *Sentences*: a fifth of the sentences; other sentences of their classes are
        learned. *Kinds*: all sentences of one kind (descriptions, synonyms, ...).
    membership : sparse array of bool, (n, K)
        Whether a sentence names a class.
    kinds : n labels, needed by "kinds"
    templates : n labels, optional
        Sentences of one template are near-copies; "sentences" and "kinds" never train on some and test on others.
    texts : n sentences, optional
        Sentences that differ only in case and punctuation are near-copies in every split.
    n_splits : int
        Number of folds; "kinds" has one per kind.
    random_state : int

    Returns
    -------
    list of Fold

    Raises
    ------
    InputError
        When the split is unknown, its labels are missing, or there is too little to divide.
    """
    check_split(split)
    membership = csr_array(membership)
    n, K = membership.shape
    single = np.diff(membership.indptr) == 1
    copies = near_copies(n, texts, None if split == "classes" else templates)
    if split == "classes":
        parts = _parts(own_classes(membership), n_splits, random_state, "classes with sentences of their own")
        held_out = [np.isin(np.arange(K), part) for part in parts]
        groups = [np.isin(first_classes(membership), part) & single for part in parts]
    else:
        if split == "kinds":
            groups = [np.asarray(kinds) == kind for kind in _kinds(kinds, n)]
        else:
            groups = [np.isin(copies, part) for part in _balanced_parts(copies, n_splits, random_state)]
        held_out = [np.zeros(K, bool)] * len(groups)
    folds = []
    for away, group in zip(held_out, groups, strict=True):
        learnable = membership @ ~away > 0
        train = learnable & ~group & ~np.isin(copies, copies[group])
        test = np.flatnonzero(group & single)
        folds.append(Fold(read_only(np.flatnonzero(train)), read_only(test), read_only(~away), split))
    return folds


def check_split(split: object) -> None:
    """Raise InputError for a split that is none of ``SPLITS``."""
    if split not in SPLITS:
        raise InputError(f"split is {split!r:.60}; it can be {', '.join(SPLITS)}.")


def own_classes(membership: csr_array) -> np.ndarray:
    """Classes that have sentences about them alone, ascending: the others cannot be queries."""
    return np.unique(first_classes(membership)[np.diff(membership.indptr) == 1])


def near_copies(
    n: int, texts: Sequence[str] | None = None, templates: Sequence | np.ndarray | None = None
) -> np.ndarray:
    """Number the groups of near-copies: sentences connected by a chain of equal texts or templates; int array (n,).

    Examples
    --------
    >>> near_copies(4, ["A cat.", "a cat", "A dog", "A pig"], ["x", "y", "y", "z"])
    array([0, 0, 0, 1], dtype=int32)
    """
    links = []
    if texts is not None:
        links.append([re.sub(r"[\W_]+", " ", text.casefold()).strip() or text for text in texts])
    if templates is not None:
        links.append(list(templates))
    rows, columns, offset = [np.arange(n)], [np.arange(n)], n
    for labels in links:
        numbers = np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1]
        rows.append(np.arange(n))
        columns.append(numbers + offset)
        offset += numbers.max(initial=-1) + 1
    rows, columns = np.concatenate(rows), np.concatenate(columns)
    graph = coo_array((np.ones(len(rows), bool), (rows, columns)), shape=(offset, offset))
    return connected_components(graph, directed=False)[1][:n]


def _kinds(kinds: Sequence | np.ndarray | None, n: int) -> list:
    if kinds is None or len(kinds) != n:
        raise InputError(f"The split 'kinds' needs a kind for each of the {n} sentences.")
    found = sorted(set(kinds))
    if len(found) < 2:
        raise InputError(f"The split 'kinds' needs sentences of at least two kinds; all are {found[0]!r}.")
    return found


def _parts(items: np.ndarray, n_splits: int, random_state: int, what: str) -> list[np.ndarray]:
    if check_whole("n_splits", n_splits, 2) > len(items):
        raise InputError(f"n_splits is at most the number of {what}, {len(items)}; got {n_splits}.")
    return np.array_split(np.random.default_rng(random_state).permutation(items), n_splits)


def _balanced_parts(copies: np.ndarray, n_splits: int, random_state: int) -> list[list[int]]:
    """Assign groups of near-copies to parts with about equal numbers of sentences, largest group first."""
    sizes = np.bincount(copies)
    groups = np.concatenate(_parts(np.arange(len(sizes)), n_splits, random_state, "groups of near-copies"))
    parts: list[list[int]] = [[] for _ in range(n_splits)]
    totals = np.zeros(n_splits)
    for group in groups[np.argsort(-sizes[groups], kind="stable")]:
        smallest = int(totals.argmin())
        parts[smallest].append(int(group))
        totals[smallest] += sizes[group]
    return parts
