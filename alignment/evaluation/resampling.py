"""Bootstrap confidence intervals of figures over classes."""

from __future__ import annotations

import numpy as np
from scipy import stats

from alignment.errors import InputError
from alignment.evaluation.metrics import is_rank

N_RESAMPLES = 2000  # of a bootstrap
BATCH = 1000  # resamples in memory at once


def bootstrap_interval(figure: str, values: np.ndarray, *, level: float = 0.95) -> tuple[float, float]:
    """Percentile bootstrap interval of :func:`average_figure` over classes: (low, high); equal for a single class.

    Raises
    ------
    InputError
        For a level that is not between 0 and 1, such as 95.

    References
    ----------
    Efron (1979), doi:10.1214/aos/1176344552.
    """
    if not isinstance(level, (int, float, np.number)) or not 0 < level < 1:
        raise InputError(f"The level of an interval is a share between 0 and 1, such as 0.95; got {level!r:.60}.")
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
