"""Similarity of predictions and class vectors: centred cosine, hubness corrections (CSLS), nearest classes.

Predictions P are (m, d), class vectors C (K, d), one row per item. Cosines are taken after subtracting the mean class
vector, because the direction that all class vectors share does not distinguish them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce

import numpy as np
from sklearn.utils import gen_batches

from alignment.vectors.class_means import classes_of

NEIGHBORS = 10  # k of CSLS, hubness and mutual kNN, as in Conneau et al. (2018)
ROUNDING_STEPS = 64  # units in the last place by which sums of many numbers may be off
BLOCK_NUMBERS = 2**24  # of a similarity matrix in memory at once; that of 4096 classes with one another is one block


def row_blocks(rows: int, columns: int, most: int | None = None) -> Iterator[slice]:
    """Row slices of a matrix (rows, columns), each of at most :data:`BLOCK_NUMBERS` numbers and ``most`` rows."""
    fitting = max(1, BLOCK_NUMBERS // max(1, columns))
    return gen_batches(rows, fitting if most is None else min(most, fitting)) if rows else iter(())


def similarities(P: np.ndarray, C: np.ndarray) -> np.ndarray:
    """Centred cosine: ``S[i, k] = cos(p_i - c̄, c_k - c̄)`` with c̄ the mean class vector.

    A prediction equal to c̄ has no direction and gets similarity 0 with every class. Columns in which no classes differ
    are left out. Classes with equal vectors get equal similarities.

    Returns
    -------
    ndarray of shape (m, K), -1 to 1

    Examples
    --------
    >>> similarities(np.array([[3., 1.]]), np.array([[2., 1.], [0., 1.]]))
    array([[ 1., -1.]])
    """
    S = directions_from_mean(P, C) @ directions_from_mean(C, C).T
    repeated, first = _repeated_rows(C)
    S[:, repeated] = S[:, first]
    return S


def similarities_to_others(A: np.ndarray, rows: slice) -> np.ndarray:
    """:func:`similarities` of some rows of A (n, d) with all: array (len(rows), n), minus infinity for each itself."""
    S = similarities(A[rows], A)
    S[np.arange(len(S)), np.arange(len(A))[rows]] = -np.inf
    return S


def _repeated_rows(C: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of C (K, d) that equal an earlier one, and the first that equals each: two int arrays of one length.

    A product of matrices may round equal columns differently, and would rank equal classes by that.
    """
    mixed = np.zeros(len(C) if C.shape[1] else 0)
    for weight, column in zip((1.0, 0.7, 0.5, 0.3), C.T, strict=False):  # number by number: equal for equal rows
        mixed += weight * column
    ordered = np.sort(mixed)
    alike = np.flatnonzero(np.isin(mixed, ordered[1:][ordered[1:] == ordered[:-1]]))  # few, to be compared in full
    labels = classes_of(C[alike])[1]
    first = alike[np.unique(labels, return_index=True)[1]][labels]
    later = first < alike
    return alike[later], first[later]


def csls_of(pool: Iterable[np.ndarray], *, k: int = NEIGHBORS) -> Callable[[np.ndarray], np.ndarray]:
    """Cross-domain similarity local scaling, a function of S (m, K): ``2 S[i, j] - r_i - r_j``.

    ``r_i`` is the mean similarity of prediction i to its k nearest classes, ``r_j`` that of class j to its
    k nearest predictions: the similarities of a hub, a class near to
    most predictions, are lowered by its mean similarity.

    Parameters
    ----------
    pool : blocks of rows of an array of shape (q, K)
        Similarities of the predictions among which the neighbours of a class are sought. They should be one
        prediction per class; otherwise the ten nearest would all be sentences of that class.

    References
    ----------
    Conneau et al. (2018), Word translation without parallel data, arXiv:1710.04087.
    """
    largest = np.empty((0, 0))
    for number, block in enumerate(pool):
        rows = np.concatenate([largest, block]) if number else block
        largest = _largest(rows, k, axis=0)  # (k, K), or all rows where there are fewer
    r_class = largest.mean(axis=0)[None, :]  # (1, K)
    return lambda S: 2 * S - _largest(S, k, axis=1).mean(axis=1)[:, None] - r_class


def inverted_softmax_of(pool: Iterable[np.ndarray], *, temperature: float = 0.1) -> Callable[[np.ndarray], np.ndarray]:
    """Log of the softmax over predictions, a function of S (m, K): ``S[i, j] / T - log sum_p exp(pool[p, j] / T)``.

    Parameters
    ----------
    pool : blocks of rows of an array of shape (q, K)
        Similarities of the predictions that are summed over.

    References
    ----------
    Smith et al. (2017), Offline bilingual word vectors, arXiv:1702.03859.
    """
    parts = []
    for block in pool:
        largest = block.max(axis=0)
        parts.append(largest / temperature + np.log(np.exp((block - largest) / temperature).sum(axis=0)))
    log_sum = reduce(np.logaddexp, parts)
    return lambda S: S / temperature - log_sum


def nearest_classes(P: np.ndarray, C: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k classes most similar to each prediction, most similar first.

    Returns
    -------
    (int array, float array), both (m, min(k, K))
        Rows of C, and their centred cosines; of equal ones the lower row comes first.
    """
    k = min(k, len(C))
    nearest, values = np.empty((len(P), k), int), np.empty((len(P), k), np.result_type(P, C))
    for block in row_blocks(len(P), len(C)):
        S = similarities(P[block], C)
        nearest[block] = largest_columns(S, k)
        values[block] = np.take_along_axis(S, nearest[block], axis=1)
    return nearest, values


def nearest_class(P: np.ndarray, C: np.ndarray) -> np.ndarray:
    """Row of the class most similar to each prediction, int array (m,); see :func:`nearest_classes`."""
    return nearest_classes(P, C, 1)[0][:, 0]


def largest_columns(S: np.ndarray, k: int) -> np.ndarray:
    """Columns of the k largest numbers of each row: ``argsort(-S, kind="stable")[:, :k]`` without sorting the rest.

    Examples
    --------
    >>> largest_columns(np.array([[1.0, 3.0, 3.0, 2.0]]), 3)
    array([[1, 2, 3]])
    """
    if k >= S.shape[1]:
        return np.argsort(-S, axis=1, kind="stable")
    columns = np.sort(np.argpartition(S, -k, axis=1)[:, -k:], axis=1)
    values = np.take_along_axis(S, columns, axis=1)
    found = np.take_along_axis(columns, np.argsort(-values, axis=1, kind="stable"), axis=1)
    tied = (values.min(axis=1)[:, None] <= S).sum(axis=1) > k  # others are as large as the k-th
    found[tied] = np.argsort(-S[tied], axis=1, kind="stable")[:, :k]
    return found


def nearest_shares(S: np.ndarray, k: int) -> np.ndarray:
    """Share of each column in the k largest numbers of its row, at most all of them: array (m, K), rows sum to k.

    1 above the k-th largest, 0 below; columns that tie for the last places share them.

    Examples
    --------
    >>> nearest_shares(np.array([[3.0, 1.0, 1.0, 0.0]]), 2)
    array([[1. , 0.5, 0.5, 0. ]])
    """
    last = np.partition(S, -k, axis=1)[:, [-k]]
    above, tied = last < S, last == S
    left = k - above.sum(axis=1, keepdims=True)
    return above + tied * (left / tied.sum(axis=1, keepdims=True)).astype(S.dtype)


def directions_from_mean(A: np.ndarray, C: np.ndarray) -> np.ndarray:
    """:func:`centred_directions` of A (m, d) from the mean of C (K, d), without constant columns of C: (m, d) or fewer.

    Columns in which rows of C differ by rounding error alone are left out: where their numbers are large, such as a
    date in every row, the rounding error would exceed all other columns.
    """
    centre, lowest, highest = C.mean(axis=0), C.min(axis=0), C.max(axis=0)
    largest = np.maximum(highest, -lowest)
    alike = (highest - lowest <= ROUNDING_STEPS * np.finfo(centre.dtype).eps * largest) & (largest > 0)
    if alike.any():
        A, centre = A[:, ~alike], centre[~alike]
    return centred_directions(A, centre)


def centred_directions(A: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """``(a - centre) / |a - centre|``, and 0 where that difference is only rounding error."""
    shifted = A - centre
    lengths = np.linalg.norm(shifted, axis=1, keepdims=True)
    largest = np.maximum(np.abs(A).max(axis=1, initial=0.0, keepdims=True), np.abs(centre).max(initial=0.0))
    floor = ROUNDING_STEPS * np.finfo(shifted.dtype).eps * largest
    return np.where(lengths > floor, shifted / np.where(lengths > floor, lengths, 1.0), 0.0)


def _largest(S: np.ndarray, k: int, axis: int) -> np.ndarray:
    k = min(k, S.shape[axis])
    return np.take(np.partition(S, -k, axis=axis), np.arange(-k, 0), axis=axis)
