"""The methods of MUSE, VecMap, fastText and latentis, implemented from their papers, for comparison.

They were designed for two spaces of the same dimension; where a method needs that, text vectors are first reduced to
their principal components. All are fitted on one pair per class, as a dictionary has one per word.
"""

from __future__ import annotations

import numpy as np
from scipy import linalg
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from alignment.mappings.base import MappingRegressor, pairs_by_class
from alignment.mappings.procrustes import orthogonal_map
from alignment.mappings.rcsls import rcsls_criterion
from alignment.mappings.refinement import mutual_neighbours
from alignment.vectors.class_means import unit_rows


class Published(MappingRegressor):
    """Reduce class means to the dimension of the class space, then map them by the matrix that ``_learn`` returns."""

    def _fit(self, X, Z):
        A, B = pairs_by_class(X, Z)
        self.pca_ = PCA(B.shape[1], svd_solver="full").fit(A)
        self.coef_ = self._learn(self.pca_.transform(A), B)

    def _predict(self, X):
        return self.pca_.transform(X) @ self.coef_


class Muse(Published):
    """Conneau et al. (2018): Procrustes, then five rounds on mutual nearest neighbours by CSLS; nothing is centred."""

    def _learn(self, A, B):
        R = orthogonal_map(A, B)[0]
        for _ in range(5):
            pairs = mutual_neighbours(A @ R, B)
            R = orthogonal_map(A[pairs[:, 0]], B[pairs[:, 1]])[0]
        return R


class VecMap(Published):
    """Artetxe et al. (2018), supervised: normalise, whiten, rotate, re-weight by S^½ on both sides, de-whiten.

    Its comparisons are made in a shared space; predictions are mapped from there to the class space by the inverse of
    the class side's matrix.
    """

    def _predict(self, X):
        A = unit_rows(self._texts.normalise(self.pca_.transform(X)))
        return self._vectors.mean + A @ self.coef_

    def _learn(self, A, B):
        self._texts, self._vectors = _Normaliser(A), _Normaliser(B)
        A, B = unit_rows(self._texts.normalise(A)), unit_rows(self._vectors.normalise(B))
        W_a, W_b = (linalg.inv(linalg.sqrtm(M.T @ M).real) for M in (A, B))
        U, S, Vt = linalg.svd(W_a @ A.T @ B @ W_b)
        to_shared = W_a @ U @ np.diag(S**0.5) @ U.T @ linalg.inv(W_a) @ U
        from_classes = W_b @ Vt.T @ np.diag(S**0.5) @ Vt @ linalg.inv(W_b) @ Vt.T
        return to_shared @ linalg.inv(from_classes)


class _Normaliser:
    """Normalisation to length 1, then centring."""

    def __init__(self, A):
        self.mean = unit_rows(A).mean(axis=0)

    def normalise(self, A):
        return unit_rows(A) - self.mean


class FastTextRCSLS(Published):
    """Joulin et al. (2018) without a constraint on W: ten gradient steps from Procrustes, halved when one fails."""

    def _learn(self, A, B):
        A, B = unit_rows(A), unit_rows(B - B.mean(axis=0))
        W, step = orthogonal_map(A, B)[0], 1.0
        loss, gradient = rcsls_criterion(A, B, W, 10)
        for _ in range(10):
            new_loss, new_gradient = rcsls_criterion(A, B, W - step * gradient, 10)
            if new_loss < loss:
                W, loss, gradient = W - step * gradient, new_loss, new_gradient
            else:
                step /= 2
        return W


class Latentis(MappingRegressor):
    """Maiorca et al. (2023), arXiv:2311.00664: scale every dimension of both, pad with zeros, rotate, scale back."""

    def _fit(self, X, Z):
        A, B = pairs_by_class(X, Z)
        self._texts, self._vectors = StandardScaler().fit(A), StandardScaler().fit(B)
        padding = ((0, 0), (0, A.shape[1] - B.shape[1]))
        R, _ = linalg.orthogonal_procrustes(self._texts.transform(A), np.pad(self._vectors.transform(B), padding))
        self.coef_ = R[:, : B.shape[1]]

    def _predict(self, X):
        return self._vectors.inverse_transform(self._texts.transform(X) @ self.coef_)


PUBLISHED = {
    "MUSE, supervised, 5 refinements": Muse(),
    "VecMap, supervised": VecMap(),
    "fastText RCSLS": FastTextRCSLS(),
    "latentis, orthogonal": Latentis(),
}
