"""Bootstrap intervals against quantiles of resampled averages."""

import numpy as np
import pytest

from alignment.evaluation.resampling import bootstrap_interval


@pytest.mark.parametrize(
    "figure, average, level",
    [("p_at_1", np.mean, 0.5), ("p_at_1", np.mean, 0.95), ("csls_median_rank", np.median, 0.5)],
)
def test_an_interval_holds_its_share_of_the_resampled_averages(rng, figure, average, level):
    values = rng.exponential(size=20)  # far from symmetric
    averages = average(rng.choice(values, size=(20_000, 20)), axis=1)
    expected = np.quantile(averages, [(1 - level) / 2, (1 + level) / 2])
    assert bootstrap_interval(figure, values, level=level) == pytest.approx(expected, abs=0.03)


def test_of_a_single_class_the_interval_is_its_value():
    assert bootstrap_interval("p_at_1", np.array([0.3])) == (0.3, 0.3)
