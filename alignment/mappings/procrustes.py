"""Orthogonal Procrustes: a rotation, which preserves distances in text space."""

from __future__ import annotations

import numpy as np
from sklearn.decomposition import PCA

from alignment.mappings.base import MappingRegressor, pairs_by_class
from alignment.mappings.hyperparameters import FLAG, choice, constraints, count, optional
from alignment.mappings.linear import FIT_ON
from alignment.mappings.sufficient_statistics import pair_sums


class Procrustes(MappingRegressor):
    """Orthogonal Procrustes between spaces of any two dimensions.

    Maximises ``trace(Rᵀ Aᵀ B)`` over matrices R with orthonormal columns (or rows, when the class
    space is the wider one); A holds the centred text vectors, B the centred class vectors. With equal
    dimensions this minimises ``|A R - B|²``. The solution is ``R = U Vᵀ`` from ``Aᵀ B = U S Vᵀ``, and
    the scale ``trace(S) / |A R|²`` makes the squared error smallest for that R; it is 0 where no vectors differ.
    ``predict`` gives ``z̄ + scale · a R``.

    Sentences that name several classes, such as "I have a cat", are paired with the mean of those
    classes' vectors; fitted on classes, each such set of classes is one more pair.

    Parameters
    ----------
    scale : bool, default=True
        Multiply by the best scale. Without it predictions have the spread of the text vectors, outside the range of
        class vectors.
    n_components : int or None, default=None
        Reduce text vectors to their first principal components beforehand; None keeps all dimensions.
    whiten : bool, default=False
        Give every principal component of the text vectors unit variance beforehand.
    fit_on : {"classes", "sentences"}, default="classes"
        One pair per class (its mean sentence) or one per sentence.

    Attributes
    ----------
    rotation_ : ndarray of shape (n_components or d_text, d_class)
        R.
    scale_ : float
    components_ : ndarray of shape (d_text, n_components) or None
        Principal directions of the text vectors, divided by their standard deviations if ``whiten``.
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Schönemann (1966), doi:10.1007/BF02289451; Xing et al. (2015), doi:10.3115/v1/N15-1104;
    Smith et al. (2017), arXiv:1702.03859; Artetxe, Labaka and Agirre (2018), doi:10.1609/aaai.v32i1.11992.

    Examples
    --------
    >>> X = np.array([[1., 0.], [0., 1.], [-1., -1.]])
    >>> Procrustes().fit(X, 3 * X[:, ::-1]).predict([[2., 0.]]).round(6)
    array([[0., 6.]])
    """

    fits_in_blocks = True
    parameter_constraints = constraints(scale=FLAG, n_components=optional(count(1)), whiten=FLAG, fit_on=choice(FIT_ON))

    def __init__(self, *, scale=True, n_components=None, whiten=False, fit_on="classes"):
        self.scale = scale
        self.n_components = n_components
        self.whiten = whiten
        self.fit_on = fit_on

    def _fit(self, X, Z):
        if self.fit_on == "classes":
            X, Z = pairs_by_class(X, Z)
        self.components_, x_mean = None, None
        if self.n_components is not None or self.whiten:
            most = min(X.shape[1], max(len(X) - 1, 1))  # centred data have no more directions than this
            X = np.asarray(X, dtype=np.float64)
            pca = PCA(min(self.n_components or most, most), whiten=self.whiten, svd_solver="full").fit(X)
            self.components_, x_mean = _components(pca), pca.mean_
            X = pca.transform(X)
        sums = pair_sums(X, Z)
        self.x_mean_, self.z_mean_ = sums.x_mean if x_mean is None else x_mean, sums.z_mean
        self.rotation_, self.scale_ = _rotation(sums.xx, sums.xz)
        if not self.scale:
            self.scale_ = 1.0

    def _predict(self, X):
        A = X - self.x_mean_
        if self.components_ is not None:
            A = A @ self.components_
        return self.z_mean_ + self.scale_ * (A @ self.rotation_)


def _components(pca: PCA) -> np.ndarray:
    """Matrix C (d, r) of a fitted PCA, including whitening: ``pca.transform(X) = (X - pca.mean_) @ C``."""
    deviations = np.sqrt(pca.explained_variance_) if pca.whiten else 1.0
    return pca.components_.T / np.maximum(deviations, np.finfo(float).eps)


def orthogonal_map(A: np.ndarray, B: np.ndarray) -> tuple[np.ndarray, float]:
    """Solve orthogonal Procrustes: semi-orthogonal R with the largest ``trace(Rᵀ Aᵀ B)``, scale s of least error.

    Parameters
    ----------
    A, B : ndarrays of shape (n, p) and (n, q), centred

    Returns
    -------
    R : ndarray of shape (p, q)
    s : float
        Minimises ``|s A R - B|²``.
    """
    return _rotation(A.T @ A, A.T @ B)


def _rotation(xx: np.ndarray, xz: np.ndarray) -> tuple[np.ndarray, float]:
    """:func:`orthogonal_map` from ``AᵀA`` and ``AᵀB``."""
    U, S, Vt = np.linalg.svd(xz, full_matrices=False)
    R = U @ Vt
    spread = np.sum(R * (xx @ R))  # |A R|²
    return R, float(S.sum() / spread) if spread > 0 else 0.0
