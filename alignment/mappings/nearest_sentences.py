"""Nearest sentences: k-nearest-neighbour regression on the cosine between sentences."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.special import softmax
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import Pipeline

from alignment.mappings.base import MappingRegressor
from alignment.mappings.hyperparameters import ABOVE_0, constraints, count
from alignment.mappings.within_class_whitening import WithinClassWhitening
from alignment.vectors.class_means import unit_rows


class NearestSentences(MappingRegressor):
    """k-nearest-neighbour regression on the cosine to training rows.

    ``predict`` gives ``sum_j w_j z_j / sum_j w_j`` over the k rows of largest cosine ``c_j`` with x,
    where ``w_j = exp(c_j / T)``; the cosine with a row of zeros is 0.

    Sentences that name several classes, such as "I have a cat", are neighbours like any other; their
    ``z_j`` is the mean of those classes' vectors.

    Parameters
    ----------
    n_neighbors : int, default=20
        k, at most the number of rows. More neighbours blend more classes; fewer follow single sentences.
    temperature : float, default=0.05
        T. Low: the nearest neighbour has almost all the weight. High: all k have equal weight.

    Attributes
    ----------
    sentences_ : float32 ndarray of shape (n, d_text)
        Rows of length 1, or 0 for a row of zeros.
    targets_ : float32 ndarray of shape (n, d_class)

    References
    ----------
    Cover and Hart (1967), doi:10.1109/TIT.1967.1053964.

    Examples
    --------
    >>> NearestSentences(1).fit([[1., 0.], [0., 1.]], [[5.], [7.]]).predict([[2., 0.1]])
    array([[5.]])
    """

    poor_score = True  # the length of x is ignored, by design
    parameter_constraints = constraints(n_neighbors=count(1), temperature=ABOVE_0)

    def __init__(self, n_neighbors=20, *, temperature=0.05):
        self.n_neighbors = n_neighbors
        self.temperature = temperature

    def _fit(self, X, Z):
        self.sentences_ = unit_rows(X).astype(np.float32)  # half the size, where every sentence is kept
        self.targets_ = Z.astype(np.float32)

    def _predict(self, X):
        sentences, asked = self.sentences_, unit_rows(X).astype(np.float32)
        empty = ~sentences.any(axis=1)
        if empty.any():  # 1 in a dimension of their own: at a right angle to every sentence, as their cosine is 0
            sentences, asked = np.column_stack([sentences, empty]), np.pad(asked, ((0, 0), (0, 1)))
        search = NearestNeighbors(n_neighbors=min(self.n_neighbors, len(sentences)), algorithm="brute")
        distances, nearest = search.fit(sentences).kneighbors(asked)
        weights = softmax((1.0 - distances**2 / 2) / self.temperature, axis=1)  # of unit vectors: cosine
        starts = np.arange(0, nearest.size + 1, nearest.shape[1])
        return csr_array((weights.ravel(), nearest.ravel(), starts), shape=(len(X), len(sentences))) @ self.targets_


def whitened_nearest_sentences() -> Pipeline:
    """Nearest sentences after within-class whitening."""
    return Pipeline([("whitening", WithinClassWhitening()), ("mapping", NearestSentences())])
