"""Bootstrap confidence intervals of figures over classes."""

from __future__ import annotations

import numpy as np
from scipy import stats

from alignment.evaluation.metrics import is_rank

N_RESAMPLES = 2000  # of a bootstrap
BATCH = 1000  # resamples in memory at once


def bootstrap_interval(figure: str, values: np.ndarray, *, level: float = 0.95) -> tuple[float, float]:
    """Percentile bootstrap interval of :func:`average_figure` over classes: (low, high); equal for a single class.

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
        n_resamples=N_RESAMPLES,
        batch=BATCH,
        rng=np.random.default_rng(0),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def average_figure(figure: str, values: np.ndarray, axis: int = -1) -> np.ndarray:
    """Average a figure over classes: the median of a median rank, the mean of any other figure."""
    return (np.median if is_rank(figure) else np.mean)(values, axis=axis)
