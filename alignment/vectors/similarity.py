"""Similarity of predictions and class vectors: centred cosine, and its corrections for hubs.

Predictions P are (m, d), class vectors C (K, d), one row per item. Cosines are taken after subtracting the mean class
vector, because the direction that all class vectors share does not distinguish them.
"""

from __future__ import annotations

import numpy as np

NEIGHBORS = 10  # k of CSLS, hubness and mutual kNN, as in Conneau et al. (2018)


def similarities(P: np.ndarray, C: np.ndarray) -> np.ndarray:
    """Centred cosine: ``S[i, k] = cos(p_i - c̄, c_k - c̄)`` with c̄ the mean class vector.

    A prediction equal to c̄ has no direction and gets similarity 0 with every class.

    Returns
    -------
    ndarray of shape (m, K), -1 to 1

    Examples
    --------
    >>> similarities(np.array([[3., 1.]]), np.array([[2., 1.], [0., 1.]]))
    array([[ 1., -1.]])
    """
    centre = C.mean(axis=0)
    return centred_directions(P, centre) @ centred_directions(C, centre).T


def csls(S: np.ndarray, pool: np.ndarray | None = None, *, k: int = NEIGHBORS) -> np.ndarray:
    """Cross-domain similarity local scaling: ``2 S[i, j] - r_i - r_j``.

    ``r_i`` is the mean similarity of prediction i to its k nearest classes, ``r_j`` that of class j to its
    k nearest predictions: the similarities of a hub, a class near to
    most predictions, are lowered by its mean similarity.

    Parameters
    ----------
    S : ndarray of shape (m, K)
    pool : ndarray of shape (q, K), default=S
        Similarities of the predictions among which the neighbours of a class are sought. They should be one
        prediction per class; otherwise the ten nearest would all be sentences of that class.

    References
    ----------
    Conneau et al. (2018), Word translation without parallel data, arXiv:1710.04087.
    """
    pool = S if pool is None else pool
    r_prediction = _mean_of_largest(S, k, axis=1)[:, None]  # (m, 1)
    r_class = _mean_of_largest(pool, k, axis=0)[None, :]  # (1, K)
    return 2 * S - r_prediction - r_class


def inverted_softmax(S: np.ndarray, pool: np.ndarray | None = None, *, temperature: float = 0.1) -> np.ndarray:
    """Log of the softmax taken over predictions: ``S[i, j] / T - log sum_p exp(pool[p, j] / T)``.

    References
    ----------
    Smith et al. (2017), Offline bilingual word vectors, arXiv:1702.03859.
    """
    pool = S if pool is None else pool
    largest = pool.max(axis=0)
    log_sum = largest / temperature + np.log(np.exp((pool - largest) / temperature).sum(axis=0))
    return S / temperature - log_sum


def centred_directions(A: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """``(a - centre) / |a - centre|``, and 0 where that difference is only rounding error."""
    shifted = A - centre
    lengths = np.linalg.norm(shifted, axis=1, keepdims=True)
    floor = 64 * np.finfo(shifted.dtype).eps * max(np.abs(A).max(initial=0.0), np.abs(centre).max(initial=0.0))
    return np.where(lengths > floor, shifted / np.where(lengths > floor, lengths, 1.0), 0.0)


def _mean_of_largest(S: np.ndarray, k: int, axis: int) -> np.ndarray:
    k = min(k, S.shape[axis])
    return np.take(np.partition(S, -k, axis=axis), np.arange(-k, 0), axis=axis).mean(axis=axis)
