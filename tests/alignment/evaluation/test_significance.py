"""Corrected p-values: exchanges that change nothing, the sizes of differences, and pairs that cannot be compared."""

import numpy as np
import pandas as pd
import pytest

from alignment.evaluation.significance import corrected_p_values


def test_an_exchange_that_changes_nothing_is_as_large_despite_rounding(rng):
    for _ in range(20):
        first = rng.uniform(size=(4, 1))
        values = pd.DataFrame(np.hstack([first, first + rng.uniform(0.1, 1, size=(4, 1))]))
        assert corrected_p_values(values).loc[0, 1] == pytest.approx(2 / 2**4, abs=0.02)


def test_differences_count_relative_to_their_size(rng):
    first = rng.normal(size=40)
    slightly_better = first + 0.01 + 0.001 * rng.normal(size=40)
    values = pd.DataFrame({"a": first, "b": slightly_better, "c": first + 100 * rng.normal(size=40)})
    found = corrected_p_values(values)
    assert found.loc["a", "b"] < 0.01 and found.loc["a", "c"] > 0.1


def test_pairs_that_share_one_class_are_left_out_of_the_largest_difference(rng):
    base = pd.Series(rng.normal(size=50))
    values = pd.DataFrame({"a": base, "b": base + rng.normal(size=50)})
    alone = corrected_p_values(values).loc["a", "b"]
    assert alone > 0.2
    other = pd.Series(rng.normal(size=50), index=[7, *range(100, 149)])
    found = corrected_p_values(values.join(other.rename("c"), how="outer"))
    assert np.isnan(found.loc["a", "c"]) and found.loc["a", "b"] == pytest.approx(alone, abs=0.02)
    two = pd.Series(rng.normal(size=50), index=[7, 8, *range(100, 148)])
    assert np.isfinite(corrected_p_values(values.join(two.rename("c"), how="outer")).loc["a", "c"])
