"""Whether two mappings differ by more than chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from alignment.evaluation.metrics import PRIMARY_METRIC

if TYPE_CHECKING:
    from alignment.evaluation.result import EvaluationResult


def paired_test(
    a: EvaluationResult,
    b: EvaluationResult,
    metric: str = PRIMARY_METRIC,
    *,
    n_resamples: int = 10000,
    random_state: int = 0,
) -> dict[str, float]:
    """Whether mapping ``a`` differs from ``b``: sign-flip permutation test over the classes both were judged on.

    Returns
    -------
    dict
        ``difference`` = mean over classes of a minus b; ``low``, ``high``: its 95 % bootstrap interval;
        ``p_value``, two-sided: share of random sign flips with a difference at least as large.

    References
    ----------
    Dror et al. (2018), The hitchhiker's guide to testing statistical significance in NLP, doi:10.18653/v1/P18-1128.
    """
    difference = (a.values(metric) - b.values(metric)).dropna().to_numpy()
    if not len(difference):
        raise ValueError("The two results share no class.")
    rng = np.random.default_rng(random_state)
    flips = rng.choice(np.array([-1.0, 1.0]), size=(n_resamples, len(difference))) @ difference / len(difference)
    observed = difference.mean()
    extreme = np.sum(np.abs(flips) >= abs(observed) - 1e-12)
    resampled = difference[rng.integers(len(difference), size=(2000, len(difference)))].mean(axis=1)
    low, high = np.quantile(resampled, [0.025, 0.975])
    return {
        "difference": float(observed),
        "low": float(low),
        "high": float(high),
        "p_value": float((extreme + 1) / (n_resamples + 1)),
    }


def bootstrap_interval(
    name: str, values: np.ndarray, level: float, n_resamples: int, random_state: int
) -> tuple[float, float]:
    draws = np.random.default_rng(random_state).integers(len(values), size=(n_resamples, len(values)))
    resampled = average_figure(name, values[draws], axis=1)
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def average_figure(name: str, values: np.ndarray, axis: int = -1) -> np.ndarray:
    return (np.median if name.endswith("median_rank") else np.mean)(values, axis=axis)
