"""Nearest neighbours of classes in each space, and the share of them that two spaces have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from alignment.vectors.class_means import unit_rows
from alignment.vectors.similarity import NEIGHBORS, largest_columns, nearest_classes, row_blocks


def distances(A: np.ndarray, B: np.ndarray, metric: str) -> np.ndarray:
    """``D[i, j]`` = distance of a_i and b_j by a scikit-learn metric: float array (m, n)."""
    from sklearn.metrics import pairwise_distances

    return np.asarray(pairwise_distances(A, B, metric=metric))


def nearest_others(D: np.ndarray, k: int) -> np.ndarray:
    """The k nearest other items of each item: int array (n, min(k, n - 1)), nearest first.

    Examples
    --------
    >>> nearest_others(np.array([[0., 2., 1.], [2., 0., 3.], [1., 3., 0.]]), k=1).ravel()
    array([2, 0, 0])
    """
    D = D.copy()
    np.fill_diagonal(D, np.inf)
    return largest_columns(-D, min(k, len(D) - 1))


def _nearest_by_cosine(A: np.ndarray, k: int) -> np.ndarray:
    """:func:`nearest_others` by cosine distance, computed block by block."""
    near = np.empty((len(A), min(k, len(A) - 1)), int)
    for block in row_blocks(len(A), len(A)):
        D = distances(A[block], A, "cosine")
        D[np.arange(len(D)), np.arange(len(A))[block]] = np.inf
        near[block] = largest_columns(-D, near.shape[1])
    return near


def share_kept(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``|A_i ∩ B_i| / k``, the share of common neighbours of each item in two arrays (n, k): float array (n,).

    Examples
    --------
    >>> share_kept(np.array([[1, 2]]), np.array([[2, 3]]))
    array([0.5])
    """
    return (a[:, :, None] == b[:, None, :]).any(axis=2).mean(axis=1)


def class_neighbours(spaces: dict[str, np.ndarray], k: int) -> dict[str, np.ndarray]:
    """The k classes nearest to each class in each space, by cosine from the mean of the space's classes.

    Parameters
    ----------
    spaces : dict from name to float array (K, d), a row of NaN where a class is missing
    k : int

    Returns
    -------
    dict from name to int array (K, k)
        Rows of classes, nearest first, among those that all spaces have; -1 for a class that is missing in one.
    """
    rows = shared_rows(spaces)
    found = {}
    for name, space in spaces.items():
        here = space[rows]
        near = _nearest_by_cosine(here - here.mean(axis=0), k)
        found[name] = np.full((len(space), near.shape[1]), -1)
        found[name][rows] = rows[near]
    return found


def similar_classes(spaces: dict[str, np.ndarray], k: int = NEIGHBORS) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The classes most similar to each class in each space, with their similarities in that space.

    In "text" and "class" these are the others of :func:`class_neighbours`; in "mapped" they are the classes whose
    vectors the mean of a class's mapped sentences is most similar to, itself among them.

    Returns
    -------
    dict from "text", "mapped", "class" to (int array (K, k), float array (K, k))
        Rows of classes, the most similar first, and their cosines from the mean of the space's classes; -1 and NaN
        for a class that is missing in a space.
    """
    found = {}
    for name, near in class_neighbours({name: spaces[name] for name in ("text", "class")}, k).items():
        rows = np.flatnonzero(near[:, 0] >= 0)
        unit = unit_rows(spaces[name] - spaces[name][rows].mean(axis=0))
        values = np.full(near.shape, np.nan)
        values[rows] = np.einsum("nd,nkd->nk", unit[rows], unit[near[rows]])
        found[name] = near, values
    there = np.isfinite(spaces["mapped"]).all(axis=1)
    near, values = nearest_classes(np.nan_to_num(spaces["mapped"]), spaces["class"], k)
    found["mapped"] = np.where(there[:, None], near, -1), np.where(there[:, None], values, np.nan)
    return found


def neighbourhood_table(spaces: dict[str, np.ndarray], names: Sequence[str], *, k: int = NEIGHBORS) -> pd.DataFrame:
    """Nearest classes of every class in text space, after mapping and in class space.

    Parameters
    ----------
    spaces : dict from "text", "mapped", "class" to float array (K, d)
        As from ``Evaluations.class_positions``.
    names : K strings
    k : int

    Returns
    -------
    DataFrame, K rows
        ``norm`` of the class vector, from the mean of all; ``change``, the share of a class's k nearest in text space
        that are not among its k nearest in class space, k at most a third of the classes, because for larger k all
        neighbourhoods overlap (NaN where there are no sentences); ``near_text`` and
        ``near_class``, tuples of the names of the k nearest others; ``lands_on``, those of the k classes nearest to
        its mapped sentences, the class itself among them if it is mapped well.
    """
    names = np.asarray(names, dtype=object)
    C, mapped = spaces["class"], spaces["mapped"]
    near = class_neighbours({name: spaces[name] for name in ("text", "class")}, k)
    here = np.all(near["text"] >= 0, axis=1)
    few = max(1, min(k, here.sum() // 3))
    landed = nearest_classes(np.nan_to_num(mapped), C, k)[0]
    return pd.DataFrame(
        {
            "norm": np.linalg.norm(C - C.mean(axis=0), axis=1),
            "change": np.where(here, 1 - share_kept(near["text"][:, :few], near["class"][:, :few]), np.nan),
            "near_text": _name_rows(names, near["text"], here),
            "lands_on": _name_rows(names, landed, np.all(np.isfinite(mapped), axis=1)),
            "near_class": _name_rows(names, near["class"], here),
        }
    )


def _name_rows(names: np.ndarray, rows: np.ndarray, known: np.ndarray) -> list[tuple[str, ...]]:
    return [tuple(names[row]) if there else () for row, there in zip(rows, known, strict=True)]


def shared_rows(spaces: Mapping[str, np.ndarray]) -> np.ndarray:
    """Rows of the classes that every space has."""
    return np.flatnonzero(np.all([np.isfinite(space).all(axis=1) for space in spaces.values()], axis=0))
