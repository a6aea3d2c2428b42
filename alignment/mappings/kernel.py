"""Kernel ridge: a non-linear mapping fitted on class means, so that its cost does not grow with the seeds."""

from __future__ import annotations

from functools import partial

import numpy as np
from sklearn.metrics.pairwise import laplacian_kernel, rbf_kernel

from alignment.mappings.base import MappingRegressor, pairs_by_class, weighted_sums
from alignment.mappings.hyperparameters import ABOVE_0, PENALTIES, choice, constraints
from alignment.mappings.landmarks import MAX_LANDMARKS, kernel_ridge
from alignment.vectors.class_means import unit_rows
from alignment.vectors.samples import sampled_rows


def arc_cosine_kernel(A: np.ndarray, B: np.ndarray, gamma: float | None = None) -> np.ndarray:
    """Arc-cosine kernel ``(sin θ + (π - θ) cos θ) / π``, with θ the angle between rows.

    It corresponds to a hidden layer of infinitely many rectified linear units. ``gamma`` has no effect; all kernels are
    called with it.

    References
    ----------
    Cho and Saul (2009), Kernel methods for deep learning, NeurIPS 22.
    """
    cosine = np.clip(unit_rows(A) @ unit_rows(B).T, -1.0, 1.0)
    return (np.sqrt(1.0 - cosine**2) + (np.pi - np.arccos(cosine)) * cosine) / np.pi


def cosine_kernel(A: np.ndarray, B: np.ndarray, gamma: float | None = None) -> np.ndarray:
    """Cosine kernel ``cos θ``: kernel ridge with it is ridge on unit vectors."""
    return unit_rows(A) @ unit_rows(B).T


KERNELS = {"rbf": rbf_kernel, "arc-cosine": arc_cosine_kernel, "cosine": cosine_kernel, "laplacian": laplacian_kernel}


class KernelRidgeMapping(MappingRegressor):
    """Kernel ridge between class means.

    Text vectors are turned into directions ``u(x) = (x/|x| - m) / |x/|x| - m|``, m the mean over classes. With
    U the directions of the K class means, ``predict`` gives ``z̄ + k(u(x), U) A`` where
    ``A = (k(U, U) + alpha I)⁻¹ (Z - z̄)``, the minimiser of ``sum_k |z_k - f(u_k)|² + alpha |f|²`` over the kernel's
    function space. It is also the mean of a Gaussian process with that kernel and noise alpha.

    Sentences that name several classes, such as "I have a cat", have the mean of those classes' vectors
    as their target, and each such set of classes is a separate anchor.

    Of more than :data:`~alignment.mappings.landmarks.MAX_LANDMARKS` classes all are fitted, but only that many are
    anchors, on which the penalty is chosen; see :func:`~alignment.mappings.landmarks.nystroem_coefficients`.

    Parameters
    ----------
    kernel : {"rbf", "arc-cosine", "cosine", "laplacian"}, default="rbf"
        k: ``exp(-gamma |u - v|²)``, :func:`arc_cosine_kernel`, ``u·v`` or ``exp(-gamma |u - v|₁)``.
    gamma : float, default=0.7
        Inverse width of the RBF and Laplacian kernels. Larger: only the most similar classes have weight.
    alphas : float or sequence of floats, default=0.1
        Penalty. Smaller: the vectors of known classes are reproduced more exactly, and predictions for other classes
        lie nearer to them. Of several, the one with the least leave-one-class-out squared error is chosen, which
        follows from one inverse:
        ``z_k - f₋ₖ(u_k) = A_k / (k(U, U) + alpha I)⁻¹_kk``.

    Attributes
    ----------
    alpha_ : float
        The chosen penalty.
    dual_coef_ : ndarray of shape (K, d_class)
        A.
    anchors_ : ndarray of shape (K, d_text)
        U.
    x_mean_, z_mean_ : ndarrays of shape (d_text,) and (d_class,)

    References
    ----------
    Saunders, Gammerman and Vovk (1998), Ridge regression learning algorithm in dual variables, ICML.

    Examples
    --------
    >>> X = np.array([[1., 0.], [0., 1.], [-1., 0.]])
    >>> KernelRidgeMapping(alphas=1e-9).fit(X, [[1.], [2.], [3.]]).predict([[0., 5.]]).round(3)
    array([[2.]])
    """

    poor_score = True  # the length of x is ignored, by design
    parameter_constraints = constraints(kernel=choice(KERNELS), gamma=ABOVE_0, alphas=PENALTIES)

    def __init__(self, *, kernel="rbf", gamma=0.7, alphas=0.1):
        self.kernel = kernel
        self.gamma = gamma
        self.alphas = alphas

    def _fit(self, X, Z):
        alphas = np.atleast_1d(np.asarray(self.alphas, dtype=float))
        means, vectors = pairs_by_class(unit_rows(X), Z)
        self.x_mean_, self.z_mean_ = means.mean(axis=0), vectors.mean(axis=0)
        directions, centred = unit_rows(means - self.x_mean_), vectors - self.z_mean_
        rows = sampled_rows(len(directions), MAX_LANDMARKS)
        self.anchors_ = directions[rows]
        self.alpha_ = float(alphas[0])
        if len(alphas) > 1:
            gram = self._gram(self.anchors_)
            self.alpha_ = float(min(alphas, key=lambda alpha: _left_out_error(gram, centred[rows], alpha)))
        kernel = partial(KERNELS[self.kernel], gamma=self.gamma)
        self.dual_coef_ = kernel_ridge(kernel, directions, centred, rows, self.alpha_)

    def _predict(self, X):
        return self.z_mean_ + weighted_sums(self._gram, unit_rows(unit_rows(X) - self.x_mean_), self.dual_coef_)

    def _gram(self, directions: np.ndarray) -> np.ndarray:
        return KERNELS[self.kernel](directions, self.anchors_, gamma=self.gamma)


def _left_out_error(gram: np.ndarray, targets: np.ndarray, alpha: float) -> float:
    """Leave-one-out mean squared error."""
    inverse = np.linalg.inv(gram + alpha * np.eye(len(gram)))
    return float(np.mean(((inverse @ targets) / np.diag(inverse)[:, None]) ** 2))
