"""Samples of rows: random, but the same at every call."""

import numpy as np

from alignment.vectors.samples import sampled_rows


def test_a_sample_is_of_different_rows_from_everywhere():
    rows = sampled_rows(10_000, 400)
    assert len(rows) == 400 and (np.diff(rows) > 0).all()
    assert (np.histogram(rows, bins=4, range=(0, 10_000))[0] > 70).all()
    np.testing.assert_array_equal(rows, sampled_rows(10_000, 400))


def test_as_many_rows_as_are_wanted_are_all_taken():
    assert sampled_rows(5, 5).tolist() == [0, 1, 2, 3, 4]
