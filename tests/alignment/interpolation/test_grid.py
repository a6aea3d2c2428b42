"""Grids: corners that are snapped, how they are drawn, and those that cannot be."""

from types import SimpleNamespace

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.images.drawing_settings import DrawingSettings
from alignment.images.truncation_and_noise import draw_noise
from alignment.interpolation.grid import interpolate_grid
from alignment.interpolation.paths import InterpolationSettings


def test_corners_are_snapped_and_all_is_drawn_with_one_noise_and_truncation(rng):
    asked, classes = [], rng.normal(size=(6, 3))

    def generate(points, *, truncation, noise):
        asked.extend((truncation, *row) for row in noise)
        return np.zeros((len(points), 2, 2, 3), np.uint8)

    generator = SimpleNamespace(config=SimpleNamespace(z_dim=4), generate=generate)
    drawing = DrawingSettings(truncation=0.3, noise_seed=5, snap=1.0)
    settings = InterpolationSettings(("a", "b", "c", "d"), steps=3, space="noise", drawing=drawing)
    grid = interpolate_grid(settings, classes[[4, 2, 0, 5]] + 0.01, lambda X: X, classes, generator)
    np.testing.assert_allclose(grid.points[[0, 0, 2, 2], [0, 2, 0, 2]], classes[[4, 2, 0, 5]], rtol=1e-5)
    np.testing.assert_allclose(grid.points[1, 1], classes[[4, 2, 0, 5]].mean(axis=0), rtol=1e-5)
    assert grid.nearest[[0, 0, 2, 2], [0, 2, 0, 2]].tolist() == [4, 2, 0, 5] and grid.pictures.shape == (3, 3, 2, 2, 3)
    noise = draw_noise(1, 4, truncation=0.3, seed=5)[0]
    np.testing.assert_array_equal(asked, [[0.3, *noise]] * 9)


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
