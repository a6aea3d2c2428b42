"""A mapping whose predictions are brought to the length of class vectors."""

from __future__ import annotations

import numpy as np
from sklearn.base import clone

from alignment.mappings.base import MappingRegressor
from alignment.mappings.kernel import KernelRidgeMapping
from alignment.vectors.groups import classes_of, group_means


class NormRestoration(MappingRegressor):
    """Any mapping, its predictions moved out to where class vectors lie.

    Mappings that minimise squared error shrink towards the mean, and a generator turns that into washed-out
    pictures. With f the mapping and ``r = mean_k |z_k - z̄|`` the class space's own spread, ``predict`` gives
    ``z̄ + g (f(x) - z̄)``. Directions, and with them nearest classes, stay as they were.

    Sentences that name several classes, such as "I have a cat", go to the mapping, which says what it
    does with them; each such set of classes counts as one more class in r and ``z̄``.

    Parameters
    ----------
    mapping : regressor, default=KernelRidgeMapping()
    each : bool, default=True
        Whether every prediction is brought to length r (``g = r / |f(x) - z̄|``), or all by one factor
        (``g = r / mean_k |f(x̄_k) - z̄|`` over seen classes), which keeps unsure answers nearer to the mean.

    Attributes
    ----------
    mapping_ : fitted regressor
    spread_ : float
        r.
    shrinkage_ : float
        ``mean_k |f(x̄_k) - z̄| / r`` over seen classes; 1 where nothing was lost.
    z_mean_ : ndarray of shape (d_class,)

    Examples
    --------
    >>> X = np.array([[1., 0.], [0., 1.], [-1., -1.]])
    >>> restored = NormRestoration(KernelRidgeMapping(alphas=5.0)).fit(X, X)
    >>> bool(restored.shrinkage_ < 0.5), np.linalg.norm(restored.predict(X), axis=1).round(3).tolist()
    (True, [1.138, 1.138, 1.138])
    """

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

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True  # lengths are no longer those of least error
        return tags
