"""Optimal transport: unsupervised Gromov-Wasserstein matching of text classes and class vectors."""

from __future__ import annotations

import warnings

import numpy as np

from alignment.errors import InputError
from alignment.mappings.base import MappingRegressor, pairs_by_class
from alignment.mappings.hyperparameters import ABOVE_0, constraints, count
from alignment.mappings.landmarks import MAX_LANDMARKS
from alignment.mappings.procrustes import Procrustes
from alignment.progress import at_step
from alignment.vectors.samples import sampled_rows

TOLERANCE = 1e-9  # Frobenius norm of the change of the coupling in the last step
INNER_STEPS = 50  # scalings of rows and columns in each step, at most
LARGEST_EXPONENT = 200.0  # of the largest entry exp(-cost / ε) of a row or column; that of 745 is 0


class GromovWasserstein(MappingRegressor):
    """Pairs text classes with class vectors by distances within each space alone, then fits Procrustes.

    It uses which sentences share a class, but not which class vector that class has. The coupling T is to minimise
    ``sum_ijkl (D_text[i, k] - D_class[j, l])² T_ij T_kl`` over matrices with even row and column sums, D being cosine
    distances between centred class means and between centred class vectors. From an even coupling it goes there by
    proximal steps, each of which minimises the gradient's product with T plus ε times the Kullback-Leibler divergence
    of T from the coupling before; few steps leave a blurred one. Each class mean is then paired with the blend
    ``sum_j T_ij z_j / sum_j T_ij`` and Procrustes fitted on these pairs; ``predict`` is Procrustes'.

    Sentences that name several classes, such as "I have a cat", count as an additional class on both sides: their mean
    sentence in text space, the mean of those classes' vectors in class space.

    Of more than :data:`~alignment.mappings.landmarks.MAX_LANDMARKS` classes it learns from a sample of that size.

    Parameters
    ----------
    epsilon : float, default=0.005
        ε. Larger: shorter steps, and so after as many of them less certain pairs, and blends nearer to the mean. One
        with which the exponentials of a step are no numbers is refused when fitted.
    max_iter : int, default=10
        Most steps of the solver.

    Attributes
    ----------
    coupling_ : ndarray of shape (K, K)
        T; its rows follow the class means, its columns the class vectors.
    matched_ : float
        Share of classes whose largest entry is the right one.
    procrustes_ : Procrustes
    n_iter_ : int
        Steps, until T no longer changes.

    References
    ----------
    Peyré, Cuturi and Solomon (2016), Gromov-Wasserstein averaging of kernel and distance matrices, ICML;
    Alvarez-Melis and Jaakkola (2018), arXiv:1809.00013; the proximal steps: Xu et al. (2019), Gromov-Wasserstein
    learning for graph matching and node embedding, ICML; each is solved with POT, Flamary et al. (2021), JMLR 22(78).
    """

    poor_score = True  # the pairs are not used
    parameter_constraints = constraints(epsilon=ABOVE_0, max_iter=count(1))

    def __init__(self, *, epsilon=0.005, max_iter=10):
        self.epsilon = epsilon
        self.max_iter = max_iter

    def _fit(self, X, Z):
        means, vectors = pairs_by_class(X, Z)
        rows = sampled_rows(len(means), MAX_LANDMARKS)
        means, vectors = means[rows], vectors[rows]
        self.coupling_ = self._coupling(means, vectors)
        self.matched_ = float(np.mean(self.coupling_.argmax(axis=1) == np.arange(len(means))))
        shares = self.coupling_ / self.coupling_.sum(axis=1, keepdims=True)
        self.procrustes_ = Procrustes().fit(means, shares @ vectors)

    def _coupling(self, means, vectors):
        import ot
        from sklearn.metrics.pairwise import cosine_distances

        D_text, D_class = (cosine_distances(A - A.mean(axis=0)) for A in (means, vectors))
        even = np.full(len(means), 1 / len(means))
        constants = ot.gromov.init_matrix(D_text, D_class, even, even)
        T = np.outer(even, even)
        for n_iter in range(1, self.max_iter + 1):
            at_step(n_iter, self.max_iter)
            self.n_iter_ = n_iter
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an inner loop that stops early is corrected by the steps after it
                cost = ot.gromov.gwggrad(*constants, T) - self.epsilon * np.log(T)
                for axis in (1, 0):  # the minimum stays where it is if a constant is taken from a row or a column
                    lowest = cost.min(axis=axis, keepdims=True)
                    cost = cost - np.maximum(lowest - LARGEST_EXPONENT * self.epsilon, 0)
                before, T = T, ot.sinkhorn(even, even, cost, self.epsilon, numItermax=INNER_STEPS)
            if not np.allclose(T.sum(axis=1), even, rtol=0.5):
                raise InputError(f"epsilon of GromovWasserstein, {self.epsilon:g}, is too small for these classes.")
            if np.linalg.norm(T - before) <= TOLERANCE:
                break
        return T

    def _predict(self, X):
        return self.procrustes_.predict(X).reshape(len(X), -1)
