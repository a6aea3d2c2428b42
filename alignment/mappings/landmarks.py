"""Kernel ridge on classes: exact on few, by the Nyström approximation on a random sample of many as landmarks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.kernel_ridge import KernelRidge

from alignment.vectors.similarity import row_blocks

MAX_LANDMARKS = 4096  # most classes for a K x K matrix; more are sampled at random


def kernel_ridge(kernel: Callable, U: np.ndarray, T: np.ndarray, rows: np.ndarray, alpha: float) -> np.ndarray:
    """Coefficients A of kernel ridge, ``f(u) = k(u, U_m) A``, where the rows m are all or landmarks: (m, d_target).

    With all rows ``A = (k(U, U) + alpha I)⁻¹ T``; with some of them :func:`nystroem_coefficients`, whose parameters
    these are.
    """
    if len(rows) < len(U):
        return nystroem_coefficients(kernel, U, T, rows, alpha)
    return KernelRidge(alpha=alpha, kernel="precomputed").fit(kernel(U, U), T).dual_coef_


def nystroem_coefficients(kernel: Callable, U: np.ndarray, T: np.ndarray, rows: np.ndarray, alpha: float) -> np.ndarray:
    """Nyström kernel ridge: fit all pairs with a sum of kernels at some of them.

    ``f(u) = k(u, U_m) A`` with the A that minimises ``sum_i |t_i - f(u_i)|² + alpha |f|²`` over all pairs:
    ``(K_mn K_nm + alpha K_mm) A = K_mn T``. With all rows that is kernel ridge itself.

    Parameters
    ----------
    kernel : callable
        ``kernel(A, B)`` gives the matrix of k(a_i, b_j).
    U : ndarray of shape (n, d)
    T : ndarray of shape (n, d_target)
    rows : ndarray of int, (m,)
        The landmarks U_m.
    alpha : float

    Returns
    -------
    ndarray of shape (m, d_target)

    References
    ----------
    Poggio and Girosi (1990), doi:10.1109/5.58326; Rudi, Camoriano and Rosasco (2015), Less is more: Nyström
    computational regularization, arXiv:1507.04717.
    """
    chosen = U[rows]
    gram = kernel(chosen, chosen)
    left, right = alpha * gram, np.zeros((len(chosen), T.shape[1]))
    for block in row_blocks(len(U), len(chosen)):
        across = kernel(U[block], chosen)  # (block, m)
        left += across.T @ across
        right += across.T @ T[block]
    left[np.diag_indices_from(left)] += np.finfo(float).eps * np.trace(left)  # landmarks may lie together
    return np.linalg.solve(left, right)
