"""How much of a figure, and of a difference between two mappings, is chance: resampling over classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from alignment.evaluation.metrics import PRIMARY_METRIC

if TYPE_CHECKING:
    from alignment.evaluation.result import EvaluationResult

BATCH = 1000  # resamples held at once


def paired_test(
    a: EvaluationResult,
    b: EvaluationResult,
    metric: str = PRIMARY_METRIC,
    *,
    n_resamples: int = 10000,
    random_state: int = 0,
) -> dict[str, float]:
    """Whether mapping ``a`` differs from ``b``: a paired permutation test over the classes that both were evaluated on.

    Returns
    -------
    dict
        ``difference`` = mean over classes of a minus b; ``low``, ``high``: its 95 % bootstrap interval;
        ``p_value``, two-sided: twice the smaller share of random exchanges between a and b, class by class, whose
        difference is at least as large, or at most as small.

    References
    ----------
    Dror et al. (2018), The hitchhiker's guide to testing statistical significance in NLP, doi:10.18653/v1/P18-1128.
    """
    difference = (a.values(metric) - b.values(metric)).dropna().to_numpy()
    if not len(difference):
        raise ValueError("The two results share no class.")
    test = stats.permutation_test(  # exchanging a and b in a class changes the sign of its difference
        (difference,),
        np.mean,
        permutation_type="samples",
        n_resamples=n_resamples,
        batch=BATCH,
        rng=np.random.default_rng(random_state),
    )
    low, high = bootstrap_interval("difference", difference, random_state=random_state)
    return {"difference": float(difference.mean()), "low": low, "high": high, "p_value": float(test.pvalue)}


def bootstrap_interval(
    figure: str, values: np.ndarray, *, level: float = 0.95, n_resamples: int = 2000, random_state: int = 0
) -> tuple[float, float]:
    """Percentile bootstrap of :func:`average_figure` over classes: (low, high); a single class has no spread.

    References
    ----------
    Efron (1979), doi:10.1214/aos/1176344552.
    """
    if len(values) < 2:
        return float(values[0]), float(values[0])
    interval = stats.bootstrap(
        (values,),
        lambda resampled, axis: average_figure(figure, resampled, axis=axis),
        method="percentile",
        confidence_level=level,
        n_resamples=n_resamples,
        batch=BATCH,
        rng=np.random.default_rng(random_state),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def average_figure(figure: str, values: np.ndarray, axis: int = -1) -> np.ndarray:
    """The median over classes of a median rank, the mean of any other figure."""
    return (np.median if figure.endswith("median_rank") else np.mean)(values, axis=axis)
