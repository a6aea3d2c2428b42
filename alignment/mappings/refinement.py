"""Iterative refinement: fit, keep the pairs that are mutual nearest neighbours, fit again."""

from __future__ import annotations

import numpy as np
from sklearn.base import clone

from alignment.mappings.base import MappingRegressor, pairs_by_class
from alignment.mappings.hyperparameters import REGRESSOR, constraints, count, optional
from alignment.mappings.landmarks import MAX_LANDMARKS
from alignment.mappings.procrustes import Procrustes
from alignment.progress import at_step
from alignment.vectors.samples import sampled_rows
from alignment.vectors.similarity import csls_of, similarities


class IterativeRefinement(MappingRegressor):
    """Iterative refinement: fit, find mutual nearest neighbours, refit on those pairs only; repeat.

    Neighbours are found by CSLS between mapped class means and class vectors. ``predict`` is that of the last mapping.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target: each such set of classes is an additional text and vector, and may be paired differently.

    Of more than :data:`~alignment.mappings.landmarks.MAX_LANDMARKS` classes, neighbours are found in a sample.

    Parameters
    ----------
    mapping : regressor, default=Procrustes()
        The mapping fitted in every round.
    n_iter : int, default=3
        Most rounds; they end when the pairs no longer change.

    Attributes
    ----------
    mapping_ : the mapping fitted last
    pairs_ : ndarray of shape (n_pairs, 2)
        Class means and class vectors that the last round was fitted on.
    n_iter_ : int
        Rounds.

    References
    ----------
    Conneau et al. (2018), arXiv:1710.04087; Artetxe, Labaka and Agirre (2018), arXiv:1805.06297.
    """

    fits_in_blocks = True
    poor_score = True  # one-dimensional targets leave two pairs at most
    parameter_constraints = constraints(mapping=optional(REGRESSOR), n_iter=count(1))

    def __init__(self, mapping=None, *, n_iter=3):
        self.mapping = mapping
        self.n_iter = n_iter

    def _fit(self, X, Z):
        texts, vectors = pairs_by_class(X, Z)
        prototype = Procrustes() if self.mapping is None else self.mapping
        self.mapping_ = clone(prototype).fit(texts, vectors)
        self.pairs_ = np.repeat(np.arange(len(texts))[:, None], 2, axis=1)
        for n_iter in range(1, self.n_iter + 1):
            at_step(n_iter, self.n_iter)
            self.n_iter_ = n_iter
            rows = sampled_rows(len(texts), MAX_LANDMARKS)
            mapped = self.mapping_.predict(texts[rows]).reshape(len(rows), -1)
            pairs = rows[mutual_neighbours(mapped, vectors[rows])]
            if len(pairs) < 2 or np.array_equal(pairs, self.pairs_):
                break
            self.pairs_ = pairs
            self.mapping_ = clone(prototype).fit(texts[pairs[:, 0]], vectors[pairs[:, 1]])

    def _predict(self, X):
        return self.mapping_.predict(X).reshape(len(X), -1)


def mutual_neighbours(P: np.ndarray, C: np.ndarray) -> np.ndarray:
    """Mutual nearest neighbours by CSLS: pairs (i, j) of prediction i and class j, shape (n_pairs, 2)."""
    S = similarities(P, C)
    S = csls_of([S])(S)
    nearest_class, nearest_text = S.argmax(axis=1), S.argmax(axis=0)
    texts = np.arange(len(P))
    mutual = nearest_text[nearest_class] == texts
    return np.column_stack([texts[mutual], nearest_class[mutual]])
