"""VecMap's chain of linear steps, and refinement with mutual nearest neighbours."""

from __future__ import annotations

import numpy as np
from sklearn.base import clone

from alignment.evaluation.metrics import csls, similarities
from alignment.mappings.base import Mapping, class_means
from alignment.mappings.procrustes import Procrustes


class WhitenedRotation(Mapping):
    """Whiten both spaces, rotate, weigh directions by how well they agree, de-whiten.

    With centred class means A, class vectors B, ``W_a = (AᵀA / K + λ_a I)^(-1/2)``, W_b likewise and
    ``W_a AᵀB W_b / K = U S Vᵀ``, ``predict`` gives ``z̄ + a W_a U S^p Vᵀ W_b⁻¹``. S holds the canonical
    correlations; p = 1 without shrinkage is least squares.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target, and each such set of classes is one more row of A and B.

    Parameters
    ----------
    reweight : float, default=0.5
        The power p. 0 lets all directions count alike; 1 shrinks those in which the spaces disagree.
    shrinkage : float, default=0.3
        λ in units of the mean variance of a dimension; keeps the whitening from blowing up noise.

    Attributes
    ----------
    coef_ : ndarray of shape (d_text, d_class)
    correlations_ : ndarray of shape (min(d_text, d_class),)
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Artetxe, Labaka and Agirre (2018), Generalizing and improving bilingual word embedding mappings with a
    multi-step framework of linear transformations, doi:10.1609/aaai.v32i1.11992.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(30, 3))
    >>> WhitenedRotation(reweight=1, shrinkage=0).fit(X, X[:, :2]).predict([[1., 2., 3.]]).round(6)
    array([[1., 2.]])
    """

    in_blocks = True

    def __init__(self, *, reweight=0.5, shrinkage=0.3):
        self.reweight = reweight
        self.shrinkage = shrinkage

    def _fit(self, X, Z):
        if self.shrinkage < 0 or self.reweight < 0:
            raise ValueError(f"shrinkage and reweight must not be negative, got {self.shrinkage} and {self.reweight}.")
        A, B = class_means(X, Z)
        self.x_mean_, self.z_mean_ = A.mean(axis=0), B.mean(axis=0)
        A, B = A - self.x_mean_, B - self.z_mean_
        W_a, W_b = _inverse_root(A, self.shrinkage), _inverse_root(B, self.shrinkage)
        U, S, Vt = np.linalg.svd(W_a @ A.T @ B @ W_b / len(A), full_matrices=False)
        self.correlations_ = S
        self.coef_ = W_a @ U @ np.diag(S**self.reweight) @ Vt @ np.linalg.pinv(W_b, rtol=None, hermitian=True)

    def _predict(self, X):
        return self.z_mean_ + (X - self.x_mean_) @ self.coef_


class Refined(Mapping):
    """Fit, find the pairs that are each other's nearest neighbours, fit again on those alone; repeat.

    Neighbours are sought by CSLS among class means (and unpaired sentences) on one side, class vectors
    (and unpaired vectors) on the other. ``predict`` is that of the mapping fitted last.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target: each such set of classes is one more text and one more vector, and may be paired anew.

    Parameters
    ----------
    mapping : regressor, default=Procrustes()
        What is fitted in every round.
    n_iter : int, default=3
        Most rounds; they end when the pairs no longer change.
    unpaired_texts : ndarray of shape (q, d_text), optional
        Text vectors whose class nobody has told.
    unpaired_vectors : ndarray of shape (r, d_class), optional
        Class vectors nobody has written about.

    Attributes
    ----------
    mapping_ : the mapping fitted last
    pairs_ : ndarray of shape (n_pairs, 2)
        Which texts and vectors were paired in the end.
    n_iter_ : int

    References
    ----------
    Conneau et al. (2018), arXiv:1710.04087; Artetxe, Labaka and Agirre (2018), arXiv:1805.06297.
    """

    in_blocks = True

    def __init__(self, mapping=None, *, n_iter=3, unpaired_texts=None, unpaired_vectors=None):
        self.mapping = mapping
        self.n_iter = n_iter
        self.unpaired_texts = unpaired_texts
        self.unpaired_vectors = unpaired_vectors

    def _fit(self, X, Z):
        if self.n_iter < 1:
            raise ValueError(f"n_iter must be at least 1, got {self.n_iter}.")
        texts, vectors = class_means(X, Z)
        prototype = Procrustes() if self.mapping is None else self.mapping
        self.mapping_ = clone(prototype).fit(texts, vectors)
        self.pairs_ = np.repeat(np.arange(len(texts))[:, None], 2, axis=1)
        if self.unpaired_texts is not None:
            texts = np.vstack([texts, self.unpaired_texts])
        if self.unpaired_vectors is not None:
            vectors = np.vstack([vectors, self.unpaired_vectors])
        for n_iter in range(1, self.n_iter + 1):
            self.n_iter_ = n_iter
            pairs = mutual_neighbours(self.mapping_.predict(texts).reshape(len(texts), -1), vectors)
            if len(pairs) < 2 or np.array_equal(pairs, self.pairs_):
                break
            self.pairs_ = pairs
            self.mapping_ = clone(prototype).fit(texts[pairs[:, 0]], vectors[pairs[:, 1]])

    def _predict(self, X):
        return self.mapping_.predict(X).reshape(len(X), -1)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True  # one-dimensional targets leave two pairs at most
        return tags


def mutual_neighbours(P: np.ndarray, C: np.ndarray) -> np.ndarray:
    """Pairs (i, j) such that, by CSLS, class j is nearest to prediction i and i nearest to j; shape (n_pairs, 2)."""
    S = csls(similarities(P, C))
    nearest_class, nearest_text = S.argmax(axis=1), S.argmax(axis=0)
    texts = np.arange(len(P))
    mutual = nearest_text[nearest_class] == texts
    return np.column_stack([texts[mutual], nearest_class[mutual]])


def _inverse_root(A: np.ndarray, shrinkage: float) -> np.ndarray:
    """``(AᵀA / n + λ I)^(-1/2)``; directions without any variance stay without."""
    variances, V = np.linalg.eigh(A.T @ A / len(A))
    variances = variances + shrinkage * variances.mean()
    kept = variances > 1e-10 * max(variances.max(), np.finfo(float).tiny)
    return (V[:, kept] / np.sqrt(variances[kept])) @ V[:, kept].T
