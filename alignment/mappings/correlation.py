"""Canonical correlation and partial least squares: scikit-learn's, with principal components before them."""

from __future__ import annotations

from sklearn.cross_decomposition import CCA, PLSRegression
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression

from alignment.mappings.base import Mapping, class_means


class CanonicalCorrelation(Mapping):
    """Regression through the directions of both spaces that correlate most.

    scikit-learn's ``CCA`` finds pairs of directions with maximal ``corr(A u_i, B v_i)`` among class means A and
    class vectors B. ``predict`` gives ``z̄ + a U Q``, Q being the least squares regression of class vectors on the
    text side's ``A U``; scikit-learn's own prediction leaves the correlations out. Principal components of the
    text come first, for with as many dimensions as classes any correlation can be had.

    Parameters
    ----------
    n_components : int, default=32
        Pairs of directions; cut to what the data allow.
    pca_components : int, default=96
        Principal components of the text vectors; cut to what the data allow.

    Attributes
    ----------
    pca_ : PCA
    cca_ : CCA
    regression_ : LinearRegression

    References
    ----------
    Hotelling (1936), doi:10.1093/biomet/28.3-4.321; Faruqui and Dyer (2014), doi:10.3115/v1/E14-1049.
    """

    def __init__(self, n_components=32, *, pca_components=96):
        self.n_components = n_components
        self.pca_components = pca_components

    def _fit(self, X, Z):
        A, B = class_means(X, Z)
        _check_components(self.n_components, self.pca_components)
        self.pca_ = PCA(min(self.pca_components, *A.shape), svd_solver="full").fit(A)
        A = self.pca_.transform(A)
        self.cca_ = CCA(min(self.n_components, A.shape[1], B.shape[1], len(A)), max_iter=1000, tol=1e-4).fit(A, B)
        self.regression_ = LinearRegression().fit(self.cca_.transform(A), B)

    def _predict(self, X):
        return self.regression_.predict(self.cca_.transform(self.pca_.transform(X)))


class PartialLeastSquares(Mapping):
    """Regression through the directions of both spaces that vary most together.

    scikit-learn's ``PLSRegression``, which maximises ``cov(A u_i, B v_i)`` direction by direction, on class
    means without rescaling single dimensions.

    Parameters
    ----------
    n_components : int, default=32
        Directions; more of them come closer to least squares. Cut to what the data allow.

    Attributes
    ----------
    model_ : PLSRegression

    References
    ----------
    Wold, Sjöström and Eriksson (2001), doi:10.1016/S0169-7439(01)00155-1.
    """

    def __init__(self, n_components=32):
        self.n_components = n_components

    def _fit(self, X, Z):
        A, B = class_means(X, Z)
        _check_components(self.n_components)
        most = max(1, min(self.n_components, A.shape[1], len(A) - 1))
        self.model_ = PLSRegression(most, scale=False, tol=1e-4).fit(A, B)

    def _predict(self, X):
        return self.model_.predict(X).reshape(len(X), -1)


def _check_components(*counts: int) -> None:
    if min(counts) < 1:
        raise ValueError(f"At least one component is needed, got {min(counts)}.")
