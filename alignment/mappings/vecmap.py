"""VecMap: whitening, an orthogonal map, re-weighting and de-whitening."""

from __future__ import annotations

import numpy as np

from alignment.mappings.base import AffinePrediction, MappingRegressor, pairs_by_class
from alignment.mappings.hyperparameters import FROM_0, constraints


class WhitenedRotation(AffinePrediction, MappingRegressor):
    """Whiten both spaces, rotate, weight directions by their correlation, de-whiten.

    With centred class means A, class vectors B, ``W_a = (AᵀA / K + λ_a I)^(-1/2)``, W_b likewise and
    ``W_a AᵀB W_b / K = U S Vᵀ``, ``predict`` gives ``z̄ + a W_a U S^p Vᵀ W_b⁻¹``. S holds the canonical
    correlations; p = 1 without shrinkage is least squares.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target, and each such set of classes is one more row of A and B.

    Parameters
    ----------
    reweight : float, default=0.5
        The power p. 0 weights all directions equally; 1 shrinks those in which the spaces correlate little.
    shrinkage : float, default=0.3
        λ in units of the mean variance of a dimension; keeps the whitening from amplifying noise.

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

    fits_in_blocks = True
    parameter_constraints = constraints(reweight=FROM_0, shrinkage=FROM_0)

    def __init__(self, *, reweight=0.5, shrinkage=0.3):
        self.reweight = reweight
        self.shrinkage = shrinkage

    def _fit(self, X, Z):
        A, B = pairs_by_class(X, Z)
        self.x_mean_, self.z_mean_ = A.mean(axis=0), B.mean(axis=0)
        A, B = A - self.x_mean_, B - self.z_mean_
        W_a, W_b = _inverse_root(A, self.shrinkage), _inverse_root(B, self.shrinkage)
        U, S, Vt = np.linalg.svd(W_a @ A.T @ B @ W_b / len(A), full_matrices=False)
        self.correlations_ = S
        self.coef_ = W_a @ U @ np.diag(S**self.reweight) @ Vt @ np.linalg.pinv(W_b, rtol=None, hermitian=True)  # type: ignore[call-overload]


def _inverse_root(A: np.ndarray, shrinkage: float) -> np.ndarray:
    """Inverse square root ``(AᵀA / n + λ I)^(-1/2)``; directions without variance stay 0."""
    variances, V = np.linalg.eigh(A.T @ A / len(A))
    variances = variances + shrinkage * variances.mean()
    kept = variances > 1e-10 * max(variances.max(), np.finfo(float).tiny)
    return (V[:, kept] / np.sqrt(variances[kept])) @ V[:, kept].T
