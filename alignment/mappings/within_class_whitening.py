"""Within-class covariance normalisation (whitening): a transformer before a mapping in a Pipeline."""

from __future__ import annotations

import numpy as np
from scipy.linalg import get_lapack_funcs
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import validate_data

from alignment.errors import InputError
from alignment.mappings.base import check_magnitude, checked_sentences
from alignment.mappings.hyperparameters import ABOVE_0, check_hyperparameters, constraints
from alignment.progress import at_step
from alignment.vectors.class_means import classes_of, scatter_within, unit_rows


class WithinClassWhitening(TransformerMixin, BaseEstimator):
    """Shrinks the directions in which sentences of the same meaning differ.

    "A photo of a tench" and "I saw a tench" mean the same and still lie apart, in directions that many such pairs
    share. With S the covariance of unit sentence vectors within their class or paraphrase group, scaled to a mean
    variance of 1, ``transform`` gives ``(S + shrinkage I)^(-1/2) x / |x|``, scaled to length 1. Cosines between the
    results are those of the metric of linear discriminant analysis.

    Sentences that name several classes, such as "I have a cat", are transformed like all others; without a given S
    each such set of classes is one more class.

    Parameters
    ----------
    shrinkage : float, default=1.0
        Low: directions in which sentences of the same meaning differ have little weight, also for other differences.
        High: sentence vectors are hardly changed.

    Attributes
    ----------
    whitening_ : ndarray of shape (d_text, d_text)
        ``(S + shrinkage I)^(-1/2)``.

    References
    ----------
    Hatch, Kajarekar and Stolcke (2006), Within-class covariance normalization for SVM-based speaker recognition.

    Examples
    --------
    >>> X = np.array([[1., 0., 0.], [1., 1., 0.], [0., 0., 1.], [0., 1., 1.]])  # a direction that classes share
    >>> a, b = WithinClassWhitening(0.01).fit_transform(X, [5., 5., 7., 7.])[:2]
    >>> f"cosine {a @ b:.2f} instead of {X[0] @ X[1] / np.linalg.norm(X[1]):.2f}"
    'cosine 1.00 instead of 0.71'
    """

    __metadata_request__fit = {"within_class_covariance": True}  # noqa: RUF012, as scikit-learn reads it

    parameter_constraints = constraints(shrinkage=ABOVE_0)

    def __init__(self, shrinkage=1.0):
        self.shrinkage = shrinkage

    def fit(self, X, y, within_class_covariance=None):
        """Learn the whitening from sentences of known classes.

        Parameters
        ----------
        X : array-like of shape (n, d_text)
        y : array-like of shape (n, d_class) or (n,)
            Class vectors, one row per sentence; sentences of one class have identical rows.
        within_class_covariance : array-like of shape (d_text, d_text), optional
            S, as from :mod:`~alignment.evaluation.paraphrase_groups`. By default the covariance of the
            unit vectors of X within the classes of y.

        Returns
        -------
        self
        """
        check_hyperparameters(self)
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        check_magnitude(X)
        S = within_class_covariance
        if S is None:
            S = scatter_within(unit_rows(X), classes_of(y.reshape(len(y), -1))[1])
        S = np.asarray(S)
        if S.shape != (X.shape[1], X.shape[1]):
            raise InputError(f"within_class_covariance must be of shape {(X.shape[1], X.shape[1])}, got {S.shape}.")
        if not np.isfinite(S).all():
            raise InputError("within_class_covariance must hold finite numbers alone.")
        self.whitening_ = whitening_matrix(S, self.shrinkage)
        return self

    def transform(self, X):
        """Whiten sentence vectors: directions, float64 array (m, d_text), rows of length 1 or 0."""
        return unit_rows(unit_rows(checked_sentences(self, X)) @ self.whitening_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def whitening_matrix(S: np.ndarray, shrinkage: float) -> np.ndarray:
    """Whitening matrix ``(S + shrinkage I)^(-1/2)`` of a covariance S (d, d), scaled to mean variance 1; 0 stays 0.

    That of few sentences has a low rank r: a factor ``S = L Lᵀ``, (d, r), is decomposed in its place.
    """
    at_step()
    variance = np.trace(S) / len(S)
    S = S / variance if variance > 1e-12 else np.zeros_like(S)
    factor = low_rank_factor(S)
    if factor is None:
        variances, directions = np.linalg.eigh(S)
        return (directions / np.sqrt(np.maximum(variances, 0) + shrinkage)) @ directions.T
    variances, axes = np.linalg.eigh(factor.T @ factor)
    kept, shrunk = shrinkage**0.5, np.sqrt(np.maximum(variances, 0) + shrinkage)
    # 1 / kept - 1 / shrunk = variance / (kept shrunk (kept + shrunk)): without a division by a variance of 0
    directions = factor @ (axes / np.sqrt(kept * shrunk * (kept + shrunk)))
    return np.eye(len(S), dtype=S.dtype) / kept - directions @ directions.T


def low_rank_factor(S: np.ndarray) -> np.ndarray | None:
    """Factor L (d, r) of a covariance ``S = L Lᵀ`` of low rank, by Cholesky's method with pivots; None from d / 2."""
    (factorise,) = get_lapack_funcs(("pstrf",), (S,))
    factors, pivots, rank, _ = factorise(S, lower=True)  # ends where what is left is rounding
    if 2 * rank >= len(S):
        return None
    factor = np.empty((len(S), rank), dtype=factors.dtype)
    factor[pivots - 1] = np.tril(factors[:, :rank])
    return factor
