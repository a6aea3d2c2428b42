"""Significance tests between mappings or runs: paired permutation tests, and correction for multiple comparisons."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from alignment.errors import InputError
from alignment.evaluation.metrics import PRIMARY_METRIC
from alignment.evaluation.resampling import BATCH, bootstrap_interval
from alignment.evaluation.result import EvaluationResult

N_EXCHANGES = 10_000  # of a paired test
MAX_CORRECTED = 100  # runs tested pairwise at once: 4,950 pairs
MIN_SHARED = 2  # classes of a pair: a single difference has no variance
TOO_FEW_SHARED = "The two runs share fewer than two classes, so that nothing can be compared class by class."


def paired_test(a: EvaluationResult, b: EvaluationResult, metric: str = PRIMARY_METRIC) -> dict[str, float]:
    """Test whether mapping ``a`` differs from ``b``: :func:`paired_values_test` of a figure per class."""
    return paired_values_test(a.values(metric), b.values(metric))


def paired_values_test(a: pd.Series, b: pd.Series) -> dict[str, float]:
    """Paired permutation test whether ``a`` differs from ``b``, over the classes that both have.

    Parameters
    ----------
    a, b : Series
        A figure per class, indexed by class.

    Returns
    -------
    dict
        ``difference`` = mean over classes of a minus b; ``low``, ``high``: its 95 % bootstrap interval;
        ``p_value``, two-sided: twice the smaller share of random exchanges between a and b, class by class, whose
        difference is at least as large, or at most as small.

    Raises
    ------
    InputError
        When they share fewer than ``MIN_SHARED`` classes.

    References
    ----------
    Dror et al. (2018), The hitchhiker's guide to testing statistical significance in NLP, doi:10.18653/v1/P18-1128.
    """
    difference = (a - b).dropna().to_numpy()
    if len(difference) < MIN_SHARED:
        raise InputError(TOO_FEW_SHARED)
    test = stats.permutation_test(  # exchanging a and b in a class changes the sign of its difference
        (difference,),
        np.mean,
        permutation_type="samples",
        n_resamples=N_EXCHANGES,
        batch=BATCH,
        rng=np.random.default_rng(0),
    )
    low, high = bootstrap_interval("difference", difference)
    return {"difference": float(difference.mean()), "low": low, "high": high, "p_value": float(test.pvalue)}


def corrected_p_values(values: pd.DataFrame, *, n_resamples: int = 5000) -> pd.DataFrame:
    """Paired permutation tests of all pairs of runs, corrected for their number.

    Picking the two most different of many runs finds a difference by chance. The corrected p-value of a
    pair is the share of random exchanges, the same in every pair, in which *any* pair differs as much, relative to the
    size of its differences: ``p_ij = (1 + #{b: max_kl T_kl(b) >= T_ij}) / (1 + B)`` with
    ``T_ij(b) = |sum_c s_c(b) d_c| / sqrt(sum_c d_c^2)``, ``d`` the differences of pair ij over the classes that both
    have and ``s`` random signs. This controls the family-wise error rate. As tests on the same classes are dependent,
    it has more power than Bonferroni's or Holm's correction, which allow for any dependence.

    Parameters
    ----------
    values : DataFrame (J classes, r runs)
        A figure per class, NaN where a class is missing from a run; each pair uses all classes that both have.
    n_resamples : int
        B.

    Returns
    -------
    DataFrame (r, r)
        Symmetric, 1 on the diagonal; NaN for pairs that share fewer than ``MIN_SHARED`` classes.

    Raises
    ------
    InputError
        For more than ``MAX_CORRECTED`` runs.

    References
    ----------
    Westfall and Young (1993), Resampling-based multiple testing. Nichols and Holmes (2002), doi:10.1002/hbm.1058.
    """
    runs = values.shape[1]
    if runs > MAX_CORRECTED:
        raise InputError(f"At most {MAX_CORRECTED} runs can be tested against one another; there are {runs:,}.")
    table = values.to_numpy(dtype=np.float64)
    corrected = np.ones((runs, runs))
    if runs > 1:
        first, second = np.array(list(combinations(range(runs), 2))).T
        differences = table[:, first] - table[:, second]  # (J, pairs)
        comparable = np.isfinite(differences).sum(axis=0) >= MIN_SHARED
        differences = np.where(np.isfinite(differences) & comparable, differences, 0)
        lengths = np.linalg.norm(differences, axis=0)
        differences = differences / np.where(lengths > 0, lengths, 1)
        rng = np.random.default_rng(0)
        largest = []
        for start in range(0, n_resamples, BATCH):
            signs = rng.choice((-1.0, 1.0), size=(min(BATCH, n_resamples - start), len(table)))
            largest.append(np.abs(signs @ differences).max(axis=1))
        most = np.sort(np.concatenate(largest))
        observed = np.abs(differences.sum(axis=0)) - 1e-9  # an exchange that changes nothing counts despite rounding
        above = n_resamples - np.searchsorted(most, observed)
        p_values = np.where(comparable, (1 + above) / (1 + n_resamples), np.nan)
        corrected[first, second] = corrected[second, first] = p_values
    return pd.DataFrame(corrected, index=values.columns, columns=values.columns)
