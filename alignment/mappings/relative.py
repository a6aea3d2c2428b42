"""Relative representations: sentences represented by their cosines to fixed anchors."""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline
from sklearn.utils import check_random_state
from sklearn.utils.validation import validate_data

from alignment.mappings.base import check_magnitude, checked_sentences
from alignment.mappings.hyperparameters import RANDOM_STATE, check_hyperparameters, constraints, count
from alignment.mappings.linear import CrossValidatedRidge
from alignment.vectors.class_means import classes_of, group_means, unit_rows


class RelativeRepresentation(TransformerMixin, BaseEstimator):
    """Cosines to anchors, as input to any mapping.

    ``transform`` gives ``R[i, j] = cos(x_i - x̄, a_j - x̄)``.

    Sentences that name several classes, such as "I have a cat", form a separate class when anchors are drawn from class
    means; otherwise their treatment depends on the mapping that follows.

    Parameters
    ----------
    n_anchors : int, default=512
        Anchors drawn from the class means (with y) or from the sentences (without); all of them where there
        are fewer. More anchors distinguish more sentences.
    random_state : int, RandomState or None, default=0
        Seed of the drawing of anchors.

    Attributes
    ----------
    anchors_ : ndarray of shape (n_anchors, d_text), of length 1 each
    mean_ : ndarray of shape (d_text,)

    References
    ----------
    Moschella et al. (2023), Relative representations enable zero-shot latent space communication, arXiv:2209.15430.

    Examples
    --------
    >>> RelativeRepresentation(2).fit_transform([[1., 0.], [-1., 0.]]).round(6).tolist() in (
    ...     [[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]])
    True
    """

    parameter_constraints = constraints(n_anchors=count(1), random_state=RANDOM_STATE)

    def __init__(self, n_anchors=512, *, random_state=0):
        self.n_anchors = n_anchors
        self.random_state = random_state

    def fit(self, X, y=None):
        check_hyperparameters(self)
        if y is None:
            X = validate_data(self, X, dtype=np.float64)
        else:
            X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        check_magnitude(X)
        if y is not None:
            X = group_means(X, classes_of(y.reshape(len(y), -1))[1])
        self.mean_ = X.mean(axis=0)
        chosen = check_random_state(self.random_state).permutation(len(X))[: self.n_anchors]
        self.anchors_ = unit_rows(X[chosen] - self.mean_)
        return self

    def transform(self, X):
        return unit_rows(checked_sentences(self, X) - self.mean_) @ self.anchors_.T


def relative_ridge() -> Pipeline:
    """Cross-validated ridge on relative representations."""
    return Pipeline([("representation", RelativeRepresentation()), ("mapping", CrossValidatedRidge())])
