"""RCSLS: a linear mapping trained on a relaxation of the retrieval criterion CSLS."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from alignment.mappings.base import MappingRegressor, least_squares_scale, pairs_by_class
from alignment.mappings.hyperparameters import ABOVE_0, constraints, count
from alignment.mappings.landmarks import MAX_LANDMARKS
from alignment.mappings.procrustes import orthogonal_map
from alignment.progress import at_step
from alignment.vectors.class_means import unit_rows
from alignment.vectors.samples import sampled_rows


class RCSLS(MappingRegressor):
    """Relaxed cross-domain similarity local scaling.

    Minimises

        mean_i [ -2 a_i W·b_i + mean_{b in N(a_i W)} a_i W·b + mean_{a in N(b_i)} a W·b_i ]

    over matrices W of spectral norm at most 1, by projected gradient steps from Procrustes' rotation. The a are
    means of a class's unit vectors, centred and of length 1 again, the b centred class vectors of length 1, N the
    k nearest on the other side. The cosine with the right class grows, those with its nearest rivals fall.
    ``predict`` gives ``z̄ + s a W`` with a the direction of x likewise and s the scale of least squared error.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target, and each such set of classes is an additional class that competes with its members.

    Of more than :data:`~alignment.mappings.landmarks.MAX_LANDMARKS` classes it learns from a sample of that size.

    Parameters
    ----------
    n_neighbors : int, default=10
        Rivals k on each side.
    learning_rate : float, default=10.0
        First step; halved whenever a step does not lower the criterion.
    max_iter : int, default=30
        Most steps.

    Attributes
    ----------
    coef_ : ndarray of shape (d_text, d_class)
    scale_ : float
    losses_ : ndarray of shape (n_steps + 1,)
        The criterion at the start and after every step that lowered it.
    n_iter_ : int
        Steps tried.
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Joulin et al. (2018), Loss in translation, arXiv:1804.07745.
    """

    poor_score = True  # the length of x is ignored, by design
    parameter_constraints = constraints(n_neighbors=count(1), learning_rate=ABOVE_0, max_iter=count(1))

    def __init__(self, *, n_neighbors=10, learning_rate=10.0, max_iter=30):
        self.n_neighbors = n_neighbors
        self.learning_rate = learning_rate
        self.max_iter = max_iter

    def _fit(self, X, Z):
        means, vectors = pairs_by_class(unit_rows(X), Z)
        self.x_mean_, self.z_mean_ = means.mean(axis=0), vectors.mean(axis=0)
        A, B = unit_rows(means - self.x_mean_), unit_rows(vectors - self.z_mean_)
        rows = sampled_rows(len(A), MAX_LANDMARKS)
        A, B, vectors = A[rows], B[rows], vectors[rows]
        W, step = orthogonal_map(A, B)[0], self.learning_rate
        loss, gradient = rcsls_criterion(A, B, W, self.n_neighbors)
        losses = [loss]
        self.n_iter_ = self.max_iter
        for done in range(self.max_iter):
            at_step(done, self.max_iter)
            candidate = _into_spectral_ball(W - step * gradient)
            loss, new_gradient = rcsls_criterion(A, B, candidate, self.n_neighbors)
            if loss < losses[-1]:
                W, gradient = candidate, new_gradient
                losses.append(loss)
            else:
                step /= 2
        self.coef_, self.losses_ = W, np.array(losses)
        self.scale_ = least_squares_scale(A @ W, vectors - self.z_mean_)

    def _predict(self, X):
        return self.z_mean_ + self.scale_ * (unit_rows(unit_rows(X) - self.x_mean_) @ self.coef_)


def rcsls_criterion(A, B, W, k):
    """RCSLS criterion of W and its gradient for fixed neighbours, with A, B of shapes (n, d_text) and (n, d_class)."""
    n, k = len(A), min(k, len(A))
    mapped = A @ W
    S = mapped @ B.T  # S[i, j] = a_i W · b_j
    near_classes = np.argpartition(S, n - k, axis=1)[:, n - k :].ravel()
    near_texts = np.argpartition(np.ascontiguousarray(S.T), n - k, axis=1)[:, n - k :].ravel()
    own, each = np.arange(n), np.repeat(np.arange(n), k)
    weights = np.repeat([1.0 / k, 1.0 / k, -2.0], [n * k, n * k, n]) / n
    rows, columns = np.r_[each, near_texts, own], np.r_[near_classes, each, own]
    against = csr_array((weights, (rows, columns)), shape=(n, n)) @ B
    return float(np.vdot(mapped, against)), A.T @ against


def _into_spectral_ball(W):
    """Project W to the nearest matrix with singular values at most 1, from the smaller side's Gram matrix."""
    if W.shape[0] < W.shape[1]:
        return _into_spectral_ball(W.T).T
    squares, V = np.linalg.eigh(W.T @ W)
    return W @ ((V / np.sqrt(np.maximum(squares, 1.0))) @ V.T)
