"""The scale of arrays: what is divided by a power of two loses no digit."""

import numpy as np
import pytest

from alignment.vectors.scale import centred_columns, power_of_two


@pytest.mark.parametrize("scale", [1e-18, 0.3, 1.0, 7e17])
def test_dividing_by_the_power_of_two_is_exact(scale, rng):
    A = (scale * rng.normal(size=(4, 3))).astype(np.float32)
    unit = power_of_two(A)
    assert 0.5 <= np.abs(A / unit).max() < 1
    np.testing.assert_array_equal(A / unit * unit, A)


def test_zeros_have_the_scale_1():
    assert power_of_two(np.zeros((2, 2))) == power_of_two(np.zeros((0, 2))) == 1.0


def test_columns_are_centred_and_equal_rows_are_zeros(rng):
    A = rng.normal(size=(5, 3))
    np.testing.assert_array_equal(centred_columns(A), A - A.mean(axis=0))
    assert not centred_columns(np.full((7, 3), 0.1, np.float32)).any()
