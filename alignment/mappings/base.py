"""What all mappings share: validation, the shape of the answer, and classes read off the targets."""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data


class Mapping(MultiOutputMixin, RegressorMixin, BaseEstimator):
    """A scikit-learn regressor from text space to class space.

    A family implements ``_fit(X, Z)`` and ``_predict(X)`` on float64 arrays; this class validates,
    keeps ``n_features_in_`` and gives back predictions in the shape of the targets.
    """

    def fit(self, X, y):
        """Learn the mapping from seed pairs.

        Parameters
        ----------
        X : array-like of shape (n, d_text)
            Sentence vectors.
        y : array-like of shape (n, d_class) or (n,)
            Class vectors Z, a row a sentence. Sentences of one class share the very same row.

        Returns
        -------
        self
        """
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        self._flat = y.ndim == 1
        self._fit(X, np.asarray(y, dtype=np.float64).reshape(len(y), -1))
        return self

    def predict(self, X):
        """Class vectors for sentence vectors.

        Parameters
        ----------
        X : array-like of shape (m, d_text)

        Returns
        -------
        ndarray of shape (m, d_class), or (m,) when the targets of ``fit`` were one-dimensional
        """
        check_is_fitted(self)
        Z = self._predict(validate_data(self, X, dtype=np.float64, reset=False))
        return Z[:, 0] if self._flat else Z


def classes_of(Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct targets and the one each row has: ``vectors[labels] == Z``.

    Parameters
    ----------
    Z : ndarray of shape (n, d)

    Returns
    -------
    vectors : ndarray of shape (K, d), in order of first appearance
    labels : ndarray of shape (n,), int
    """
    # Rows compared as bytes: three times faster than numpy.unique(axis=0); + 0.0 turns -0.0 into 0.0.
    rows = np.ascontiguousarray(Z + 0.0)
    keys = rows.view([("", f"V{rows.itemsize * rows.shape[1]}")]).ravel() if rows.shape[1] else rows[:, :0].ravel()
    _, first, labels = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Z[first[order]], place[labels.ravel()]


def group_means(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """``out[k] = mean of the rows of X with label k``; labels run from 0 without gaps."""
    sums = np.zeros((labels.max() + 1, X.shape[1]))
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(labels[order]) > 0])
    np.add.reduceat(X[order], starts, axis=0, out=sums)
    return sums / np.bincount(labels)[:, None]


def class_means(X: np.ndarray, Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One pair a class: the mean of its sentences (K, d_text) and its vector (K, d_class)."""
    vectors, labels = classes_of(Z)
    return group_means(X, labels), vectors


def unit_rows(A: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; a row of zeros stays zero."""
    lengths = np.linalg.norm(A, axis=1, keepdims=True)
    return A / np.where(lengths > 0, lengths, 1.0)


def check_choice(name: str, value, choices) -> None:
    """Raise ValueError unless ``value`` is one of ``choices``."""
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; it can be {', '.join(map(repr, choices))}.")
