"""Similarity of two spaces with corresponding rows, (m, d) and (m, d'): mutual k-NN, CKA, SVCCA, RSA."""

from __future__ import annotations

import numpy as np
from scipy import stats

from alignment.vectors.samples import sampled_rows
from alignment.vectors.scale import centred_columns, power_of_two
from alignment.vectors.similarity import NEIGHBORS, nearest_shares, row_blocks, similarities_to_others

RSA_CLASSES = 2048  # most classes whose pairs RSA compares; more are sampled at random


def mutual_knn(P: np.ndarray, C: np.ndarray, *, k: int = NEIGHBORS) -> float:
    """Mutual k-NN: mean share of an item's k nearest items (centred cosine) common to both spaces; rows correspond.

    Of equally near items, each counts as far as places are left: :func:`~alignment.vectors.similarity.nearest_shares`.
    The figure is then its expectation if ties were broken at random, and does not depend on the order of the rows.

    References
    ----------
    Huh et al. (2024), The platonic representation hypothesis, arXiv:2405.07987.
    """
    if len(P) < 2:
        return 0.0
    k = min(k, len(P) - 1)
    shared = np.empty(len(P))
    for block in row_blocks(len(P), len(P)):
        neighbours = [nearest_shares(similarities_to_others(A, block), k) for A in (P, C)]
        shared[block] = np.einsum("mk,mk->m", *neighbours)
    return float(shared.mean() / k)


def linear_cka(P: np.ndarray, C: np.ndarray) -> float:
    """Linear CKA: ``|PᵀC|² / (|PᵀP| |CᵀC|)`` of centred columns, Frobenius norms; 1 if equal up to rotation and scale.

    References
    ----------
    Kornblith et al. (2019), Similarity of neural network representations revisited, arXiv:1905.00414.
    """
    P, C = centred_columns(P), centred_columns(C)
    P, C = P / power_of_two(P), C / power_of_two(C)  # fourth powers of their numbers are summed
    spread = np.linalg.norm(P.T @ P) * np.linalg.norm(C.T @ C)
    return float(np.linalg.norm(P.T @ C) ** 2 / spread) if spread > 0 else 0.0


def svcca(P: np.ndarray, C: np.ndarray, *, variance: float = 0.99) -> float:
    """SVCCA: mean canonical correlation of the leading principal components with ``variance`` of each space.

    References
    ----------
    Raghu et al. (2017), SVCCA, arXiv:1706.05806.
    """
    bases = []
    for A in (P, C):
        U, s, _ = np.linalg.svd(centred_columns(A), full_matrices=False)
        energy = np.cumsum(s**2)
        if energy[-1] == 0:
            return 0.0
        bases.append(U[:, : np.searchsorted(energy, variance * energy[-1]) + 1])
    correlations = np.linalg.svd(bases[0].T @ bases[1], compute_uv=False)
    return float(np.clip(correlations, 0.0, 1.0).mean())


def rsa(P: np.ndarray, C: np.ndarray) -> float:
    """RSA: Spearman correlation of the two spaces' pairwise correlation distances.

    Of more than :data:`RSA_CLASSES` rows, that many are sampled at random, the same at every call. NaN where vectors
    have no correlation: in a space of one dimension, and where the numbers of one vector are all equal.

    References
    ----------
    Kriegeskorte, Mur and Bandettini (2008), doi:10.3389/neuro.06.004.2008.
    """
    if len(P) < 3 or not (centred_columns(P).any() and centred_columns(C).any()):
        return 0.0  # no distances that could differ
    if 1 in (P.shape[1], C.shape[1]):
        return float("nan")
    if len(P) > RSA_CLASSES:
        rows = sampled_rows(len(P), RSA_CLASSES)
        P, C = P[rows], C[rows]
    upper = np.triu_indices(len(P), k=1)
    distances = [np.corrcoef(A)[upper] for A in (P, C)]
    return float(stats.spearmanr(*distances).statistic)
