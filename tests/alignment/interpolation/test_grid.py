"""Grids that cannot be drawn."""

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.interpolation.grid import interpolate_grid
from alignment.interpolation.paths import InterpolationSettings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (InterpolationSettings(("a", "b", "c")), "lies between 4 prompts; got 3"),
        (InterpolationSettings(("a", "b", "c", "d", "e")), "lies between 4 prompts; got 5"),
        (InterpolationSettings(("a", "b", "c", "d"), through=("lemon",)), "goes through no class"),
        (InterpolationSettings(("a", "b", "c", "d"), steps=23), "at most 22 pictures along an edge; got 23"),
    ],
)
def test_what_is_no_grid_is_refused(settings, message):
    texts, classes = np.eye(4), np.eye(4)
    with pytest.raises(InputError, match=message):
        interpolate_grid(settings, texts, lambda X: X, classes, None)
