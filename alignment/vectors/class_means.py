"""Means of rows by group or class, within-class scatter, and rows scaled to unit length."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array


def classes_of(Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct target vectors and the label of each row: ``vectors[labels] == Z``.

    Parameters
    ----------
    Z : ndarray of shape (n, d)

    Returns
    -------
    vectors : ndarray of shape (K, d), in order of first appearance
    labels : ndarray of shape (n,), int
    """
    _, first, labels = np.unique(rows_as_bytes(Z), return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Z[first[order]], place[labels.ravel()]


def rows_as_bytes(A: np.ndarray) -> np.ndarray:
    """Every row of A (n, d) as one comparable value, (n,), which NumPy sorts far faster than rows."""
    rows = np.ascontiguousarray(A + 0.0)  # + 0.0: -0.0 becomes 0.0
    return rows.view(f"V{rows.itemsize * rows.shape[1]}").ravel()


def group_means(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """``out[k] = mean of the rows of X with label k``, in X's precision; labels run from 0 without gaps."""
    sizes = np.bincount(labels).astype(X.dtype)
    return label_matrix(labels, len(sizes), dtype=X.dtype).T @ X / sizes[:, None]


def label_matrix(labels: np.ndarray, n_labels: int, dtype=bool) -> csr_array:
    """Sparse array (n, n_labels) with a 1 in every row, in the column of its label."""
    ones, starts = np.ones(len(labels), dtype=dtype), np.arange(len(labels) + 1)
    return csr_array((ones, labels, starts), shape=(len(labels), n_labels))


def means_by_class(A: np.ndarray, truth: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """One row per class: the mean over its groups, each of which is the mean of its rows.

    Parameters
    ----------
    A : ndarray of shape (n, d)
    truth : ndarray of int, (n,)
        The class of each row.
    groups : ndarray of int, (n,), optional
        Rows of one group are of one class. By default every row is a group.

    Returns
    -------
    ndarray of shape (J, d), one row per class of ``truth``, in ascending order
    """
    labels = np.unique(truth, return_inverse=True)[1]
    if groups is None:
        return group_means(A, labels)
    _, first, members = np.unique(groups, return_index=True, return_inverse=True)
    return group_means(group_means(A, members), labels[first])


def class_means(A: np.ndarray, membership: csr_array) -> np.ndarray:
    """Mean vector of every class's sentences, one that names c classes counting 1/c in each.

    Parameters
    ----------
    A : ndarray of shape (n, d)
        One row per sentence.
    membership : sparse array of bool, (n, K)

    Returns
    -------
    float32 ndarray of shape (K, d), NaN for a class without sentences
    """
    weights = shares(membership)
    totals = np.asarray(weights.sum(axis=0)).ravel()
    return np.where(totals > 0, (weights.T @ A).T / np.where(totals > 0, totals, 1), np.nan).T.astype(np.float32)


def shares(membership, dtype=np.float64) -> csr_array:
    """Share of each sentence in each class: a sentence that names c classes has a share of 1/c in each.

    Parameters
    ----------
    membership : sparse array of bool, (n, K)

    Returns
    -------
    sparse array (n, K) of ``dtype``; rows of sentences that name nothing are empty
    """
    parts = csr_array(membership, dtype=dtype)
    parts.sum_duplicates()
    counts = np.diff(parts.indptr)
    parts.data = np.repeat(1.0 / np.maximum(counts, 1), counts).astype(dtype)
    return parts


def first_classes(membership: csr_array, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
    """First class that each of ``rows`` names, -1 where it names none."""
    membership = csr_array(membership)
    first = np.full(membership.shape[0], -1)
    named = np.diff(membership.indptr) > 0
    first[named] = membership.indices[membership.indptr[:-1][named]]
    return first[rows]


def scatter_within(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Covariance of rows around the mean of their label, ``mean_i (x_i - m_i)(x_i - m_i)ᵀ``: (d, d), X's precision."""
    apart = group_means(X, labels)[labels]
    np.subtract(X, apart, out=apart)  # not a difference of two sums: exactly 0 for a label of one row
    return apart.T @ apart / len(X)


def unit_rows(A: np.ndarray) -> np.ndarray:
    """Scale rows to length 1; a row of zeros stays zero.

    ``sklearn.preprocessing.normalize`` would refuse NaN (a class without sentences) and arrays without rows.
    """
    lengths = np.linalg.norm(A, axis=1, keepdims=True)
    return A / np.where(lengths > 0, lengths, 1.0)
