"""Norm restoration: predictions of a mapping scaled to the length of class vectors."""

from __future__ import annotations

import numpy as np
from sklearn.base import clone

from alignment.mappings.base import MappingRegressor
from alignment.mappings.hyperparameters import FLAG, REGRESSOR, constraints, optional
from alignment.mappings.kernel import KernelRidgeMapping
from alignment.vectors.class_means import classes_of, group_means


class NormRestoration(MappingRegressor):
    """Wraps a mapping and restores the distance of its predictions from the mean class vector.

    Predictions of mappings that minimise squared error shrink towards the mean, and a generator draws pictures of low
    contrast from them. With f the mapping and ``r = mean_k |z_k - z̄|`` the mean distance of class vectors from their
    mean, ``predict`` gives ``z̄ + g (f(x) - z̄)``. Directions from ``z̄`` do not change. Nearest classes are found by
    directions from the mean of all candidates, which is not ``z̄`` where sentences name several classes: a few change.

    Sentences that name several classes, such as "I have a cat", are passed on to the mapping; see there. Each such set
    of classes counts as an additional class in r and ``z̄``.

    Parameters
    ----------
    mapping : regressor, default=KernelRidgeMapping()
    each : bool, default=True
        Whether every prediction is scaled to length r (``g = r / |f(x) - z̄|``), or all by one factor
        (``g = r / mean_k |f(x̄_k) - z̄|`` over known classes), which keeps uncertain predictions nearer to the mean.

    Attributes
    ----------
    mapping_ : fitted regressor
    spread_ : float
        r.
    shrinkage_ : float
        ``mean_k |f(x̄_k) - z̄| / r`` over known classes; 1 without shrinkage.
    z_mean_ : ndarray of shape (d_class,)

    Examples
    --------
    >>> X = np.array([[1., 0.], [0., 1.], [-1., -1.]])
    >>> restored = NormRestoration(KernelRidgeMapping(alphas=5.0)).fit(X, X)
    >>> bool(restored.shrinkage_ < 0.5), np.linalg.norm(restored.predict(X), axis=1).round(3).tolist()
    (True, [1.138, 1.138, 1.138])
    """

    poor_score = True  # lengths no longer minimise the error
    parameter_constraints = constraints(mapping=optional(REGRESSOR), each=FLAG)

    def __init__(self, mapping=None, *, each=True):
        self.mapping = mapping
        self.each = each

    def _fit(self, X, Z):
        vectors, labels = classes_of(Z)
        self.z_mean_ = vectors.mean(axis=0)
        self.spread_ = float(np.linalg.norm(vectors - self.z_mean_, axis=1).mean())
        self.mapping_ = clone(KernelRidgeMapping() if self.mapping is None else self.mapping).fit(X, Z)
        length = np.linalg.norm(self._shifted(group_means(X, labels)), axis=1).mean()
        self.shrinkage_ = float(length / self.spread_) if self.spread_ > 0 and length > 0 else 1.0

    def _predict(self, X):
        shifted = self._shifted(X)
        if not self.each:
            return self.z_mean_ + shifted / self.shrinkage_
        lengths = np.linalg.norm(shifted, axis=1, keepdims=True)
        return self.z_mean_ + shifted * np.where(lengths > 0, self.spread_ / np.where(lengths > 0, lengths, 1.0), 0.0)

    def _shifted(self, X):
        return self.mapping_.predict(X).reshape(len(X), -1) - self.z_mean_
