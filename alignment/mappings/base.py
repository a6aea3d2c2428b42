"""What all mappings share: validation, the shape of the answer, and classes read off the targets.

Decompositions between products are NumPy's: SciPy brings threads of its own, and where products by NumPy and
decompositions by SciPy alternate, those of one wait for a processor that those of the other still hold.
"""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from alignment.mappings.sufficient_statistics import blocks
from alignment.vectors.groups import classes_of, group_means


class MappingRegressor(MultiOutputMixin, RegressorMixin, BaseEstimator):
    """A scikit-learn regressor from text space to class space.

    A family implements ``_fit(X, Z)`` and ``_predict(X)`` on float64 arrays; this class validates,
    keeps ``n_features_in_`` and gives back predictions in the shape of the targets. A family that says ``in_blocks``
    gets the arrays as they are, float32 or memory-mapped ones too, and turns a block of rows to float64 at a time.
    """

    in_blocks = False

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
        kept = (np.float64, np.float32) if self.in_blocks else np.float64
        X, y = validate_data(self, X, y, dtype=kept, multi_output=True, y_numeric=True)
        self._flat = y.ndim == 1
        Z = y.reshape(len(y), -1)
        self._fit(X, Z if self.in_blocks else np.asarray(Z, dtype=np.float64))
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


class Members:
    """The rows of each label, to draw from at random; labels run from 0 without gaps."""

    def __init__(self, labels: np.ndarray):
        self._order = np.argsort(labels, kind="stable")
        self._counts = np.bincount(labels)
        self._starts = np.cumsum(self._counts) - self._counts

    def draw(self, labels: np.ndarray, rng: np.random.RandomState) -> np.ndarray:
        """A random row of each of ``labels``: int array of their length."""
        which = (rng.random_sample(len(labels)) * self._counts[labels]).astype(int)
        return self._order[self._starts[labels] + which]


def pairs_by_class(X: np.ndarray, Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One pair a class: the mean of its sentences (K, d_text) and its vector (K, d_class), summed block by block."""
    places: dict[bytes, int] = {}  # of a class vector among those seen
    vectors = np.empty((0, Z.shape[1]))
    sums, counts = np.zeros((0, X.shape[1])), np.zeros(0)
    for x, z in blocks(X, Z):
        found, labels = classes_of(z)
        rows = [places.setdefault((vector + 0.0).tobytes(), len(places)) for vector in found]  # + 0.0: see classes_of
        new = len(places) - len(sums)
        vectors = np.vstack([vectors, found[np.asarray(rows) >= len(sums)]])
        sums, counts = np.pad(sums, ((0, new), (0, 0))), np.pad(counts, (0, new))
        size = np.bincount(labels)
        sums[rows] += group_means(x, labels) * size[:, None]
        counts[rows] += size
    return sums / counts[:, None], vectors


def check_choice(name: str, value, choices) -> None:
    """Raise ValueError unless ``value`` is one of ``choices``."""
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; it can be {', '.join(map(repr, choices))}.")
