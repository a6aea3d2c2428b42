import numpy as np
import pytest

from alignment.errors import InputError
from alignment.images.drawing_settings import DEFAULT_DRAWING, DrawingSettings


@pytest.mark.parametrize(("asked", "given"), [(0.4, 0.4), (0.413, 0.42), (0.001, 0.02), (1, 1.0)])
def test_truncation_is_set_to_the_grid(asked, given):
    assert DrawingSettings(truncation=asked).truncation == given


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"truncation": 0.0}, "Truncation must be above 0 and at most 1; got 0.0"),
        ({"truncation": np.nan}, "Truncation must be"),
        ({"noise_seed": -1}, "from 0 to 4294967295; got -1"),
        ({"noise_seed": 2**32}, "from 0 to 4294967295; got 4294967296"),
        ({"noise_seed": 0.5}, "whole number from 0 to 4294967295; got 0.5"),
        ({"noise_seed": "3"}, "whole number from 0 to 4294967295; got '3'"),
        ({"noise_seed": True}, "whole number"),
        ({"truncation": "0.5"}, "Truncation must be"),
        ({"snap": "0.5"}, "number from 0 to 1; got 0.5"),
        ({"snap": "all"}, "number from 0 to 1; got all"),
        ({"snap": 1.5}, "from 0 to 1; got 1.5"),
        ({"snap": np.nan}, "from 0 to 1; got nan"),
    ],
)
def test_values_out_of_range_are_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        DrawingSettings(**wrong)


def test_equal_settings_are_equal_keys():
    assert DrawingSettings(0.39999) == DEFAULT_DRAWING and hash(DrawingSettings(0.39999)) == hash(DEFAULT_DRAWING)


def test_numbers_of_numpy_are_taken_as_pythons_own():
    settings = DrawingSettings(np.float64(0.4), np.int64(3), np.float32(0.5))
    assert repr(settings) == "DrawingSettings(truncation=0.4, noise_seed=3, snap=0.5)"
