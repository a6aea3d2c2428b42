"""An ensemble: the weighted mean of several mappings' predictions, scaled to the same length."""

from __future__ import annotations

import numpy as np
from sklearn.base import clone

from alignment.errors import InputError
from alignment.mappings.base import MappingRegressor
from alignment.mappings.hyperparameters import Constraint, are_numbers, constraints, is_regressor, optional
from alignment.mappings.kernel import KernelRidgeMapping
from alignment.mappings.rcsls import RCSLS
from alignment.vectors.class_means import classes_of, group_means


def _are_members(value) -> bool:
    pairs = list(value) if isinstance(value, list | tuple) else []
    named = all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs)
    return bool(pairs) and named and all(is_regressor(mapping) for _, mapping in pairs)


def _are_weights(value) -> bool:
    return are_numbers(value) and min(value) >= 0 and max(value) > 0


class Ensemble(MappingRegressor):
    """Weighted mean of several mappings' predictions, each first scaled to the same length.

    With ``f_j`` the members and ``r_j`` the root mean square of ``|f_j(x) - z̄|`` over known classes, ``predict``
    gives ``z̄ + r · sum_j w_j (f_j(x) - z̄) / r_j`` over ``sum_j w_j``, r being the mean of the r_j.

    Sentences that name several classes, such as "I have a cat", are passed on to every member; see there. Each such
    set of classes counts as one more class in ``r_j`` and ``z̄``.

    Parameters
    ----------
    mappings : list of (name, regressor), default=kernel ridge once and RCSLS twice
    weights : list of float, optional
        One per member; by default 1 and 2 for the default members, equal for others.

    Attributes
    ----------
    mappings_ : list of fitted regressors
    weights_ : ndarray of shape (n_members,)
    lengths_ : ndarray of shape (n_members,)
        The r_j.
    z_mean_ : ndarray of shape (d_class,)

    References
    ----------
    Perrone and Cooper (1993), When networks disagree: ensemble methods for hybrid neural networks.
    """

    poor_score = True  # like its members
    parameter_constraints = constraints(
        mappings=optional(Constraint("a list of (name, regressor)", _are_members)),
        weights=optional(Constraint("a list of finite numbers, 0 or more and one of them above", _are_weights)),
    )

    def __init__(self, mappings=None, *, weights=None):
        self.mappings = mappings
        self.weights = weights

    def _fit(self, X, Z):
        members = (
            [("kernel-ridge", KernelRidgeMapping()), ("rcsls", RCSLS())] if self.mappings is None else self.mappings
        )
        weights = (
            ([1.0, 2.0] if self.mappings is None else np.ones(len(members))) if self.weights is None else self.weights
        )
        self.weights_ = np.asarray(weights, dtype=float)
        if len(self.weights_) != len(members):
            raise InputError(f"Ensemble has {len(members)} mappings and {len(self.weights_)} weights; each needs one.")
        vectors, labels = classes_of(Z)
        means = group_means(X, labels)
        self.z_mean_ = vectors.mean(axis=0)
        self.mappings_ = [clone(mapping).fit(X, Z) for _, mapping in members]
        lengths = [np.sqrt(np.mean(np.sum(shifted**2, axis=1))) for shifted in self._shifted(means)]
        self.lengths_ = np.where(np.array(lengths) > 0, lengths, 1.0)

    def _predict(self, X):
        blend = sum(
            w / r * shifted for w, r, shifted in zip(self.weights_, self.lengths_, self._shifted(X), strict=True)
        )
        return self.z_mean_ + self.lengths_.mean() / self.weights_.sum() * blend

    def _shifted(self, X):
        return [mapping.predict(X).reshape(len(X), -1) - self.z_mean_ for mapping in self.mappings_]
