"""Kernel ridge and pairs of classes where there are many: a stated sample of the classes in place of all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from alignment.vectors.similarity import row_blocks

MAX_LANDMARKS = 4096  # classes that a matrix of classes by classes is made for; of more, so many drawn at random


def nystroem_coefficients(kernel: Callable, U: np.ndarray, T: np.ndarray, rows: np.ndarray, alpha: float) -> np.ndarray:
    """Kernel ridge of many pairs whose function is a sum over some of them.

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
