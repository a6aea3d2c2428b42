"""Metrics of alignment: retrieval ranks, regression errors and hubness.

Predictions P are (m, d), class vectors C (K, d), one row per item; ``truth`` (m,) holds the right row of C.
Cosines are taken after subtracting the mean class vector, because class vectors share a direction that distinguishes no
two of them. Everything is vectorised; nothing is quadratic in the number of sentences, and whatever is quadratic in the
number of classes is in memory one block at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from sklearn.metrics import r2_score

from alignment.vectors.scale import power_of_two
from alignment.vectors.similarity import (
    NEIGHBORS,
    ROUNDING_STEPS,
    csls_of,
    directions_from_mean,
    inverted_softmax_of,
    nearest_shares,
    row_blocks,
    similarities,
)

DECIMALS = 3  # of figures other than ranks
Blocks = Callable[[], Iterable[np.ndarray]]  # every call iterates over the blocks of rows of one matrix


@dataclass(frozen=True)
class Metric:
    """A metric that has a value for every class: how it is shown, and which way is better.

    Parameters
    ----------
    key : str
        Its name in :meth:`EvaluationResult.summary <alignment.evaluation.result.EvaluationResult.summary>`.
    label, meaning : str
        Its name for people, and one sentence.
    higher_is_better : bool
    bounds : (float, float), optional
        Of its values; None where there is no upper one.
    """

    key: str
    label: str
    meaning: str
    higher_is_better: bool = True
    bounds: tuple[float, float] | None = (0.0, 1.0)

    @property
    def is_rank(self) -> bool:
        """Whether it is a rank: a whole number, averaged by the median, on a logarithmic scale."""
        return is_rank(self.key)

    def shown(self, value: float, decimals: int = DECIMALS) -> str:
        """A value of it as text: :func:`shown_figure`."""
        return shown_figure(self.key, value, decimals)

    @property
    def better(self) -> str:
        """Which way is better, in words."""
        return "higher is better" if self.higher_is_better else "lower is better"


def is_rank(key: str) -> bool:
    """Whether a metric is a rank, such as ``csls_median_rank``."""
    return key.endswith("median_rank")


def shown_figure(key: str, value: float, decimals: int = DECIMALS) -> str:
    """A metric's value as text; a rank is a whole number, or has one decimal, whatever ``decimals`` others have.

    Examples
    --------
    >>> shown_figure("p_at_1", 0.5), shown_figure("median_rank", 12.0), shown_figure("csls_median_rank", 12.5)
    ('0.500', '12', '12.5')
    """
    if is_rank(key):
        return f"{value:.1f}".removesuffix(".0")
    return f"{round(value, decimals) + 0.0:.{decimals}f}"  # -0.000 is 0.000


METRICS = {
    metric.key: metric
    for metric in (
        Metric("cosine", "Cosine", "How well the direction fits, seen from the mean class; 1 is right, 0 is chance."),
        Metric(
            "median_rank", "Rank", "Where the right class stands among all, by the median; 1 is first.", False, None
        ),
        Metric("p_at_1", "P@1", "How often the right class is the nearest."),
        Metric("p_at_10", "P@10", "How often the right class is among the ten nearest."),
        Metric("mrr", "MRR", "One over the rank of the right class, on average."),
        Metric(
            "csls_median_rank", "Rank, CSLS", "The rank once classes near to everything are held back.", False, None
        ),
        Metric("csls_p_at_1", "P@1, CSLS", "P@1 once classes near to everything are held back."),
        Metric("csls_p_at_10", "P@10, CSLS", "P@10 once classes near to everything are held back."),
        Metric("l2", "Distance", "Length of the difference between prediction and class vector.", False, None),
        Metric(
            "manifold_distance",
            "Off the classes",
            "Distance from the mean in spreads of the class vectors; 1 is usual for a class, far more is off them.",
            False,
            None,
        ),
    )
}
PRIMARY_METRIC = "p_at_10"
COMPARED = ("p_at_1", PRIMARY_METRIC, "mrr", "median_rank", "cosine")  # by which runs are compared, class by class


def ranks(S: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Rank of the right class: ``1 + #{j: S[i, j] > S[i, t_i]} + #{j ≠ t_i: S[i, j] = S[i, t_i]} / 2``.

    Ties share their mean rank, so a mapping that predicts the same for all gets (K + 1) / 2 and no hit.

    Returns
    -------
    ndarray of shape (m,), float
    """
    own = S[np.arange(len(S)), truth][:, None]
    return 1.0 + (own < S).sum(axis=1) + ((own == S).sum(axis=1) - 1) / 2.0


def rescorers(pool: Blocks, retrievals: Iterable[str]) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """Functions that rescore similarities by retrieval method.

    Parameters
    ----------
    pool : callable
        Returns blocks of rows of similarities, (q, K) in all: the queries from which hubs are corrected.
    retrievals : some of "" (nearest neighbour), "csls_", "isf_" (inverted softmax)
    """
    by_name: dict[str, Callable] = {
        "": lambda: lambda S: S,
        "csls_": lambda: csls_of(pool()),
        "isf_": lambda: inverted_softmax_of(pool()),
    }
    return {name: by_name[name]() for name in retrievals}


def retrieval_ranks(
    blocks: Blocks, truth: np.ndarray, retrievals: Iterable[str], *, pool: Blocks | None = None
) -> dict[str, np.ndarray]:
    """:func:`ranks` of queries by each retrieval method of :func:`rescorers`.

    Parameters
    ----------
    blocks : callable
        Returns blocks of rows of the queries' similarities, (m, K) in all.
    truth : ndarray of int, (m,)
        Right class of each.
    pool : callable, optional
        As for :func:`rescorers`; by default these queries.

    Returns
    -------
    dict from each of ``retrievals`` to ndarray of shape (m,)
    """
    by_name = rescorers(pool or blocks, retrievals)
    found: dict[str, list[np.ndarray]] = {name: [] for name in by_name}
    start = 0
    for S in blocks():
        for name, rescored in by_name.items():
            found[name].append(ranks(rescored(S), truth[start : start + len(S)]))
        start += len(S)
    return {name: np.concatenate(parts) for name, parts in found.items()}


def nearest_wrong(S: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Most similar wrong class of each prediction."""
    S = S.copy()
    S[np.arange(len(S)), truth] = -np.inf
    return S.argmax(axis=1)


def answer_ranks(S: np.ndarray, answers: Sequence[Sequence[int]]) -> np.ndarray:
    """Rank of the best of a prompt's right classes among the wrong ones; a hit at k is a rank of at most k.

    With w the wrong and r the best of the right classes, that is ``1 + #{w: S[i, w] > S[i, r]} + #{w: S[i, w] =
    S[i, r]} / 2``: ties count as in :func:`ranks`.

    Parameters
    ----------
    S : ndarray of shape (m, K)
    answers : m collections of class rows; for a prompt about a cat, all cats

    Returns
    -------
    ndarray of shape (m,), float; infinite without a right class

    Examples
    --------
    >>> answer_ranks(np.array([[.9, .5, .1]]), [{1, 2}])
    array([2.])
    """
    found = np.full(len(S), np.inf)
    for row, answer in enumerate(answers):
        if right := list(answer):
            best, wrong = S[row, right].max(), np.delete(S[row], right)
            found[row] = 1 + (wrong > best).sum() + (wrong == best).sum() / 2
    return found


def hubness(P: np.ndarray, C: np.ndarray, *, k: int = NEIGHBORS) -> float:
    """Skewness of N_k, the number of predictions that have a class among their k nearest; 0 is even.

    Classes that tie for the last of these places share them: where all are as similar, each counts equally.

    References
    ----------
    Radovanović, Nanopoulos and Ivanović (2010), Hubs in space, JMLR 11:2487-2531.
    """
    k, counts = min(k, len(C)), np.zeros(len(C))
    for block in row_blocks(len(P), len(C)):
        counts += nearest_shares(similarities(P[block], C), k).sum(axis=0, dtype=np.float64)
    return float(stats.skew(counts)) if np.ptp(counts) > ROUNDING_STEPS * np.finfo(float).eps * counts.max() else 0.0


def regression_figures(P: np.ndarray, T: np.ndarray, C: np.ndarray) -> dict[str, np.ndarray]:
    """Errors of predictions P against their targets T, one row per item; c̄ is the mean of the class vectors C.

    Returns
    -------
    dict of ndarrays of shape (m,)
        ``cosine`` = cos(p - c̄, t - c̄); ``l2`` = |p - t|; ``mse`` = |p - t|² / d;
        ``norm_ratio`` = |p - c̄| / |t - c̄|, below 1 where predictions shrink.
    """
    centre = C.mean(axis=0)
    lengths = np.linalg.norm(T - centre, axis=1)
    l2 = np.linalg.norm(P - T, axis=1)
    return {
        "cosine": np.einsum("md,md->m", directions_from_mean(P, C), directions_from_mean(T, C)),
        "l2": l2,
        "mse": l2**2 / P.shape[1],
        "norm_ratio": np.linalg.norm(P - centre, axis=1) / np.where(lengths > 0, lengths, 1.0),
    }


def r2(P: np.ndarray, T: np.ndarray) -> float:
    """R², explained variance over all dimensions: ``1 - sum |p - t|² / sum |t - t̄|²``; predicting the mean gives 0."""
    unit = power_of_two(T)
    return float(r2_score(T / unit, P / unit, multioutput="variance_weighted"))


def manifold_distance(P: np.ndarray, C: np.ndarray) -> np.ndarray:
    """Mahalanobis distance to the class vectors, over √d: about 1 for a class vector itself, less where K < d.

    ``sqrt((p - c̄) Σ⁻¹ (p - c̄)ᵀ / d)`` with Ledoit and Wolf's covariance, which also works for K < d. A value far
    above that of the classes is far from every one; far below it, near the mean.

    References
    ----------
    Ledoit and Wolf (2004), doi:10.1016/S0047-259X(03)00096-4.
    """
    from sklearn.covariance import LedoitWolf

    unit = power_of_two(C)  # squares of a covariance are summed
    return np.sqrt(LedoitWolf().fit(C / unit).mahalanobis(P / unit) / C.shape[1])


def path_distance(a: str, b: str) -> float:
    """Number of edges between two classes in WordNet, given the path of hypernyms above each; NaN without one.

    Parameters
    ----------
    a, b : str
        Ancestors, root first, separated by " > "; the class itself is one edge below the last.

    Examples
    --------
    >>> path_distance("entity > animal > cat", "entity > animal > dog"), path_distance("entity > cat", "entity > cat")
    (4, 2)
    """
    if not (a and b):
        return np.nan
    up, down = a.split(" > "), b.split(" > ")
    shared = next((i for i, (x, y) in enumerate(zip(up, down, strict=False)) if x != y), min(len(up), len(down)))
    return len(up) + len(down) + 2 - 2 * shared
