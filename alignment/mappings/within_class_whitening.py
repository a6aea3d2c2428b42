"""A transformer around any mapping: text space as it is when one does not listen to how a thing is said."""

from __future__ import annotations

import numpy as np
from sklearn.base import clone

from alignment.mappings.base import MappingRegressor
from alignment.mappings.prototypes import NearestSentences
from alignment.vectors.groups import classes_of, scatter_within, unit_rows


class PhrasingRemoved(MappingRegressor):
    """A mapping of sentence vectors from which most of the phrasing is taken away.

    "A photo of a tench" and "I saw a tench" say the same and still lie apart, in directions that many such pairs
    share. With S the covariance of these differences, scaled to a mean variance of 1, every unit sentence vector
    x is brought to ``(S + shrinkage I)^(-1/2) x`` and to length 1 again before the mapping sees it: directions of
    phrasing shrink, those that tell things apart stay. (Within-class covariance normalisation; cosines are then those
    of linear discriminant analysis' metric.)

    Sentences that name several classes, such as "I have a cat", are transformed like all others; the mapping says
    what it does with them.

    Parameters
    ----------
    mapping : regressor, default=nearest sentences
    shrinkage : float, default=1.0
        Low: phrasing counts for nothing, and with it whatever lies in the same directions. High: all stays as it is.

    Attributes
    ----------
    mapping_ : the fitted mapping
    transform_ : ndarray of shape (d_text, d_text)
        ``(S + shrinkage I)^(-1/2)``.

    References
    ----------
    Hatch, Kajarekar and Stolcke (2006), Within-class covariance normalization for SVM-based speaker recognition.
    """

    def __init__(self, mapping=None, *, shrinkage=1.0):
        self.mapping = mapping
        self.shrinkage = shrinkage

    def fit(self, X, y, phrasing=None):
        """Learn the mapping from seed pairs.

        Parameters
        ----------
        X : array-like of shape (n, d_text)
        y : array-like of shape (n, d_class) or (n,)
            As for every mapping.
        phrasing : array-like of shape (d_text, d_text), optional
            S, as from :func:`~alignment.evaluation.seed_pairs.phrasing`. By default how the unit vectors of one class differ.

        Returns
        -------
        self
        """
        self._phrasing = phrasing
        return super().fit(X, y)

    def _fit(self, X, Z):
        if not self.shrinkage > 0:
            raise ValueError(f"shrinkage must be above 0, got {self.shrinkage}.")
        S = scatter_within(unit_rows(X), classes_of(Z)[1]) if self._phrasing is None else np.asarray(self._phrasing)
        if S.shape != (X.shape[1], X.shape[1]):
            raise ValueError(f"phrasing must be of shape {(X.shape[1], X.shape[1])}, got {S.shape}.")
        self.transform_ = against_phrasing(S, self.shrinkage)
        self.mapping_ = clone(NearestSentences() if self.mapping is None else self.mapping).fit(self._transformed(X), Z)

    def _transformed(self, X):
        return unit_rows(unit_rows(X) @ self.transform_)

    def _predict(self, X):
        return self.mapping_.predict(self._transformed(X))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True  # the length of x carries nothing, by design
        return tags


def against_phrasing(S: np.ndarray, shrinkage: float) -> np.ndarray:
    """``(S + shrinkage I)^(-1/2)``, (d, d), for a covariance S (d, d) scaled to a mean variance of 1; 0 stays 0."""
    variance = np.trace(S) / len(S)
    variances, directions = np.linalg.eigh(S / variance if variance > 1e-12 else np.zeros_like(S))
    return (directions / np.sqrt(np.maximum(variances, 0) + shrinkage)) @ directions.T
