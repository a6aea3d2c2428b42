"""Canonical correlation, after a reduction to principal components, and partial least squares."""

from __future__ import annotations

import numpy as np
from scipy.linalg import orth
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA

from alignment.mappings.base import MappingRegressor, pairs_by_class, projection_matrix


class CanonicalCorrelation(MappingRegressor):
    """Regression through the directions of both spaces that correlate most.

    With T the whitened principal components of the K class means and Q an orthonormal basis of the centred
    class vectors, ``Tᵀ Q = U S Vᵀ`` holds the canonical correlations S, and ``predict`` gives the least squares
    regression of class vectors on the first directions ``t U``: ``z̄ + t U Uᵀ Tᵀ Z``. (scikit-learn's ``CCA`` finds
    the same directions one by one, which takes a hundred times as long here.) Principal components come first,
    because with as many text dimensions as classes every correlation would be 1.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target, and each such set of classes is one more class.

    Parameters
    ----------
    n_components : int, default=32
        Pairs of directions; at most as many as the data have.
    pca_components : int, default=96
        Principal components of the text vectors; at most as many as the data have.

    Attributes
    ----------
    correlations_ : ndarray of shape (n_components,)
    coef_ : ndarray of shape (d_text, d_class)
        ``C U Uᵀ Tᵀ Z`` where ``t = (x - x̄) C``.
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Hotelling (1936), doi:10.1093/biomet/28.3-4.321; Björck and Golub (1973), doi:10.1090/S0025-5718-1973-0348991-3, for
    the computation; Faruqui and Dyer (2014), doi:10.3115/v1/E14-1049, for its use.
    """

    fits_in_blocks = True

    def __init__(self, n_components=32, *, pca_components=96):
        self.n_components = n_components
        self.pca_components = pca_components

    def _fit(self, X, Z):
        A, B = pairs_by_class(X, Z)
        _check_components(self.n_components, self.pca_components)
        pca = PCA(min(self.pca_components, A.shape[1], max(len(A) - 1, 1)), whiten=True, svd_solver="full").fit(A)
        T = pca.transform(A)
        self.x_mean_, self.z_mean_ = pca.mean_, B.mean(axis=0)
        U, S, _ = np.linalg.svd(T.T @ orth(B - self.z_mean_), full_matrices=False)
        self.correlations_ = S[: self.n_components] / max(len(A) - 1, 1) ** 0.5
        U = U[:, : self.n_components]
        self.coef_ = projection_matrix(pca) @ (U @ U.T @ T.T @ (B - self.z_mean_) / max(len(A) - 1, 1))

    def _predict(self, X):
        return self.z_mean_ + (X - self.x_mean_) @ self.coef_


class PartialLeastSquares(MappingRegressor):
    """Regression through the directions of both spaces that vary most together.

    scikit-learn's ``PLSRegression``, which maximises ``cov(A u_i, B v_i)`` direction by direction, on class
    means without rescaling single dimensions. ``predict`` gives ``z̄ + (x - x̄) W``.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target, and each such set of classes is one more class.

    Parameters
    ----------
    n_components : int, default=32
        Directions; more of them come closer to least squares. At most as many as the data have.

    Attributes
    ----------
    coef_ : ndarray of shape (d_text, d_class)
        W.
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Wold, Sjöström and Eriksson (2001), doi:10.1016/S0169-7439(01)00155-1.
    """

    fits_in_blocks = True

    def __init__(self, n_components=32):
        self.n_components = n_components

    def _fit(self, X, Z):
        A, B = pairs_by_class(X, Z)
        _check_components(self.n_components)
        most = max(1, min(self.n_components, A.shape[1], len(A) - 1))
        self.x_mean_, self.z_mean_ = A.mean(axis=0), B.mean(axis=0)
        self.coef_ = PLSRegression(most, scale=False, tol=1e-4).fit(A, B).coef_.T

    def _predict(self, X):
        return self.z_mean_ + (X - self.x_mean_) @ self.coef_


def _check_components(*counts: int) -> None:
    if min(counts) < 1:
        raise ValueError(f"At least one component is needed, got {min(counts)}.")
