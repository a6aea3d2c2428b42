"""Whether two mappings differ by more than chance."""

from __future__ import annotations

import numpy as np
from scipy import stats

from alignment.evaluation.metrics import PRIMARY_METRIC
from alignment.evaluation.resampling import BATCH, bootstrap_interval
from alignment.evaluation.result import EvaluationResult


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
