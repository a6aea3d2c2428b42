"""Canonical correlation analysis (CCA) after PCA, canonical similarity (CSA), and partial least squares (PLS)."""

from __future__ import annotations

import numpy as np
from sklearn.cross_decomposition import PLSRegression

from alignment.mappings.base import AffinePrediction, MappingRegressor, blended, checked_candidates, pairs_by_class
from alignment.mappings.hyperparameters import ABOVE_0, constraints, count
from alignment.vectors.class_means import unit_rows
from alignment.vectors.scale import power_of_two


class CanonicalCorrelation(AffinePrediction, MappingRegressor):
    """Regression through the directions of both spaces that correlate most.

    With T the principal components of the K class means, scaled so that ``Tᵀ T = I``, and Q an orthonormal basis of
    the centred class vectors, ``Tᵀ Q = U S Vᵀ`` holds the canonical correlations S, and ``predict`` gives the least
    squares regression of class vectors on the first directions ``t U``: ``z̄ + t U Uᵀ Tᵀ (Z - z̄)``. (scikit-learn's
    ``CCA`` finds the same directions one by one, which takes a hundred times as long here.) The text vectors are first
    reduced to principal components, because with as many text dimensions as classes every correlation would be 1.

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
        ``C U Uᵀ Tᵀ (Z - z̄)`` where ``t = (x - x̄) C``.
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Hotelling (1936), doi:10.1093/biomet/28.3-4.321; Björck and Golub (1973), doi:10.1090/S0025-5718-1973-0348991-3, for
    the computation; Faruqui and Dyer (2014), doi:10.3115/v1/E14-1049, for its use.
    """

    fits_in_blocks = True
    parameter_constraints = constraints(n_components=count(1), pca_components=count(1))

    def __init__(self, n_components=32, *, pca_components=96):
        self.n_components = n_components
        self.pca_components = pca_components

    def _fit(self, X, Z):
        A, B = pairs_by_class(X, Z)
        self.x_mean_, self.z_mean_ = A.mean(axis=0), B.mean(axis=0)
        A, B, count = A - self.x_mean_, B - self.z_mean_, max(len(A) - 1, 1)
        C = _whitening(A, self.pca_components)
        T, Q = A @ C, B @ _whitening(B, B.shape[1])
        U, S, _ = np.linalg.svd(T.T @ Q, full_matrices=False)
        self.correlations_ = S[: self.n_components] / count
        U = U[:, : self.n_components]
        self.coef_ = C @ (U @ U.T @ T.T @ B / count)


class CanonicalSimilarity(MappingRegressor):
    """Softmax attention over classes by canonical similarity: canonical coordinates weighted by correlation.

    With ``a(x)`` and ``b(z)`` the first canonical coordinates of a sentence vector and of a class vector, scaled to
    length 1, and ``r_i`` the canonical correlations, the similarity of Li, Chinchali and Topcu is

        ``s(x, z) = sum_i r_i a_i(x) b_i(z)``

    Theirs is a similarity, not a mapping; ``predict`` gives ``sum_j softmax_j(s s(x, c_j)) c_j`` over the candidates.
    Text vectors are first reduced to principal components, as for :class:`CanonicalCorrelation`.

    The class vectors ``c_j`` of all candidates are metadata of ``fit``; without them the candidates are the classes
    in y. Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors as their
    target, and each such set of classes is one more pair; it is a candidate only without metadata.

    Parameters
    ----------
    n_components : int, default=128
        Pairs of coordinates; at most as many as the data have.
    pca_components : int, default=192
        Principal components of the text vectors; at most as many as the data have.
    scale : float, default=20.0
        s, the inverse temperature. Larger: the most similar candidate alone determines the prediction.

    Attributes
    ----------
    correlations_ : ndarray of shape (n_components,)
        The r_i.
    text_transform_ : ndarray of shape (d_text, n_components)
        From ``x - x_mean_`` to a(x), before scaling to length 1.
    x_mean_ : ndarray of shape (d_text,)
    candidates_ : ndarray of shape (K, d_class)
        The c_j.
    candidate_coordinates_ : ndarray of shape (K, n_components)
        The b(c_j).

    References
    ----------
    Li, Chinchali and Topcu (2025), CSA: data-efficient mapping of unimodal features to multimodal features,
    arXiv:2410.07610.
    """

    __metadata_request__fit = {"candidates": True}  # noqa: RUF012, as scikit-learn reads it
    fits_in_blocks = True
    poor_score = True  # the length of x is ignored, by design
    parameter_constraints = constraints(n_components=count(1), pca_components=count(1), scale=ABOVE_0)

    def __init__(self, n_components=128, *, pca_components=192, scale=20.0):
        self.n_components = n_components
        self.pca_components = pca_components
        self.scale = scale

    def fit(self, X, y, candidates=None):
        """Learn the mapping from seed pairs.

        Parameters
        ----------
        X : array-like of shape (n, d_text)
        y : array-like of shape (n, d_class) or (n,)
            As for every mapping.
        candidates : array-like of shape (K, d_class), optional
            Class vectors of all classes that a sentence may be about, seen or unseen; by default the classes of y.

        Returns
        -------
        self
        """
        return self._validate_and_fit(X, y, candidates=candidates)

    def _fit(self, X, Z, candidates):
        A, B = pairs_by_class(X, Z)
        self.candidates_ = checked_candidates(candidates, B)
        self.x_mean_, z_mean = A.mean(axis=0), B.mean(axis=0)
        P, Q = _whitening(A - self.x_mean_, self.pca_components), _whitening(B - z_mean, B.shape[1])
        products = (A - self.x_mean_).T @ (B - z_mean) / max(len(A) - 1, 1)
        U, S, Vt = np.linalg.svd(P.T @ products @ Q, full_matrices=False)
        self.correlations_ = S[: self.n_components].clip(0, 1)
        self.text_transform_ = P @ U[:, : self.n_components]
        self.candidate_coordinates_ = unit_rows((self.candidates_ - z_mean) @ Q @ Vt[: self.n_components].T)

    def _candidate_similarities(self, X):
        """Canonical similarities ``s(x_i, c_j)`` of sentences (m, d_text) and candidates: ndarray of shape (m, K)."""
        weighted = unit_rows((X - self.x_mean_) @ self.text_transform_) * self.correlations_
        return weighted @ self.candidate_coordinates_.T

    def _predict(self, X):
        return blended(lambda rows: self.scale * self._candidate_similarities(rows), X, self.candidates_)


class PartialLeastSquares(AffinePrediction, MappingRegressor):
    """Regression through the directions of both spaces that vary most together.

    scikit-learn's ``PLSRegression``, which maximises ``cov(A u_i, B v_i)`` direction by direction, on class
    means without rescaling single dimensions. ``predict`` gives ``z̄ + (x - x̄) W``. Each direction is iterated until
    the square of its change is below 1e-4, so that W is that of the exact directions to a few hundredths.

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
    parameter_constraints = constraints(n_components=count(1))

    def __init__(self, n_components=32):
        self.n_components = n_components

    def _fit(self, X, Z):
        A, B = pairs_by_class(X, Z)
        self.x_mean_, self.z_mean_ = A.mean(axis=0), B.mean(axis=0)
        A, B = A - self.x_mean_, B - self.z_mean_
        most = min(self.n_components, _rank(A))
        if not most or not B.any():  # nothing varies together
            self.coef_ = np.zeros((A.shape[1], B.shape[1]))
            return
        a, b = power_of_two(A), power_of_two(B)  # as scikit-learn's limits are those of numbers near 1
        self.coef_ = PLSRegression(most, scale=False, tol=1e-4).fit(A / a, B / b).coef_.T * (b / a)


def _rank(A: np.ndarray) -> int:
    """Rank of A (n, d), from the Gram matrix of its shorter side."""
    return int(np.linalg.matrix_rank(A @ A.T if len(A) < A.shape[1] else A.T @ A, hermitian=True))


def _whitening(A: np.ndarray, n_components: int) -> np.ndarray:
    """Whitening matrix (d, r) from centred rows A (n, d) to their first principal components, each with variance 1."""
    _, S, Vt = np.linalg.svd(A, full_matrices=False)
    kept = S[:n_components] > 1e-10 * max(S.max(initial=0.0), np.finfo(float).tiny)
    return Vt[:n_components][kept].T * (max(len(A) - 1, 1) ** 0.5 / S[:n_components][kept])
