"""Mappings that answer with a blend of the class vectors they know."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax
from sklearn.neighbors import NearestNeighbors

from alignment.mappings.base import MappingRegressor
from alignment.vectors.groups import classes_of, group_means, unit_rows


class Prototypes(MappingRegressor):
    """Softmax attention over class prototypes.

    A class's prototype ``p_k`` is the mean of its sentences' unit vectors, scaled to length 1 again.
    ``predict`` gives ``softmax_k(x·p_k / (|x| T)) z_k``: a weighted mean of known class vectors, so a
    prediction never leaves their convex hull.

    Sentences that name several classes, such as "I have a cat", have a prototype of their own, whose
    vector is the mean of those classes' vectors.

    Parameters
    ----------
    temperature : float, default=0.05
        Low: the nearest class alone answers, at its full length. High: many classes blend, and the
        answer shrinks towards the mean.

    Attributes
    ----------
    prototypes_ : ndarray of shape (K, d_text)
    vectors_ : ndarray of shape (K, d_class)

    References
    ----------
    Snell, Swersky and Zemel (2017), Prototypical networks, arXiv:1703.05175; the weighting is that of
    Nadaraya (1964), doi:10.1137/1109020, with a von Mises-Fisher kernel.

    Examples
    --------
    >>> Prototypes(temperature=0.01).fit([[1., 0.], [0., 1.]], [[5.], [7.]]).predict([[2., 0.1]])
    array([[5.]])
    """

    def __init__(self, temperature=0.05):
        self.temperature = temperature

    def _fit(self, X, Z):
        if not self.temperature > 0:
            raise ValueError(f"temperature must be above 0, got {self.temperature}.")
        self.vectors_, labels = classes_of(Z)
        self.prototypes_ = unit_rows(group_means(unit_rows(X), labels))

    def _predict(self, X):
        weights = softmax(unit_rows(X) @ self.prototypes_.T / self.temperature, axis=1)  # (m, K)
        return weights @ self.vectors_

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True  # the length of x carries nothing, by design
        return tags


class NearestSentences(MappingRegressor):
    """k-nearest-neighbour regression on cosine, the neighbours being seed sentences.

    ``predict`` gives ``sum_j w_j z_j / sum_j w_j`` over the k sentences of largest cosine ``c_j`` with x,
    where ``w_j = exp(c_j / T)``.

    Sentences that name several classes, such as "I have a cat", are neighbours like any other; their
    ``z_j`` is the mean of those classes' vectors.

    Parameters
    ----------
    n_neighbors : int, default=20
        More neighbours blend more classes; fewer follow single sentences. Never more than there are
        sentences.
    temperature : float, default=0.05
        Low: the nearest of them counts almost alone. High: all count alike.

    Attributes
    ----------
    neighbors_ : NearestNeighbors
    targets_ : ndarray of shape (n, d_class)

    References
    ----------
    Cover and Hart (1967), doi:10.1109/TIT.1967.1053964.

    Examples
    --------
    >>> NearestSentences(1).fit([[1., 0.], [0., 1.]], [[5.], [7.]]).predict([[2., 0.1]])
    array([[5.]])
    """

    def __init__(self, n_neighbors=20, *, temperature=0.05):
        self.n_neighbors = n_neighbors
        self.temperature = temperature

    def _fit(self, X, Z):
        if not self.temperature > 0 or self.n_neighbors < 1:
            raise ValueError(
                "temperature must be above 0 and n_neighbors at least 1, "
                f"got {self.temperature} and {self.n_neighbors}."
            )
        self.neighbors_ = NearestNeighbors(n_neighbors=min(self.n_neighbors, len(X)), algorithm="brute")
        self.neighbors_.fit(unit_rows(X).astype(np.float32))  # half the size, where every sentence is kept
        self.targets_ = Z.astype(np.float32)

    def _predict(self, X):
        distances, nearest = self.neighbors_.kneighbors(unit_rows(X).astype(np.float32))
        weights = softmax((1.0 - distances**2 / 2) / self.temperature, axis=1)  # of unit vectors: cosine
        return np.einsum("mk,mkd->md", weights, self.targets_[nearest])

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True
        return tags
