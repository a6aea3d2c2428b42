import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.spatial import geometric_slerp

from alignment.errors import InputError
from alignment.interpolation import even_places, path, picture_steps

rng = np.random.default_rng(0)


@pytest.mark.parametrize("shape", ["linear", "spherical"])
@pytest.mark.parametrize("steps", [2, 5, 9])
def test_a_path_begins_and_ends_at_its_stations_and_passes_the_others(shape, steps):
    points = rng.normal(size=(3, 7))
    way = path(points, steps, shape=shape)
    assert way.shape == (steps, 7)
    assert_allclose(way[[0, -1]], points[[0, -1]])
    if steps % 2:
        assert_allclose(way[steps // 2], points[1])


def test_spherical_agrees_with_scipy_on_unit_vectors():
    a, b = (v / np.linalg.norm(v) for v in rng.normal(size=(2, 5)))
    assert_allclose(path(np.stack([a, b]), 7, shape="spherical"), geometric_slerp(a, b, np.linspace(0, 1, 7)), atol=1e-12)


def test_spherical_keeps_lengths_between_those_of_its_ends():
    points = np.array([[3.0, 0, 0], [0, 5.0, 0]])
    lengths = np.linalg.norm(path(points, 11, shape="spherical"), axis=1)
    assert_allclose(lengths, np.linspace(3, 5, 11))
    assert np.linalg.norm(path(points, 11), axis=1).min() < 3  # the straight line cuts the corner


@pytest.mark.parametrize("factor", [2.0, -1.0, 0.0])
def test_spherical_of_parallel_vectors_is_the_straight_line(factor):
    a = np.array([1.0, 2.0])
    assert_allclose(path(np.stack([a, factor * a]), 5, shape="spherical"), path(np.stack([a, factor * a]), 5), atol=1e-9)


def jump(places):
    """Pictures that stay black, then brighten within a twentieth of the path, then stay."""
    light = np.clip((np.asarray(places) - 0.6) * 20, 0, 1) * 200
    return np.broadcast_to(light[:, None, None, None], (len(places), 2, 2, 3)).astype(np.uint8)


def test_even_places_spread_a_jump_over_all_steps():
    even = even_places(jump, 6, probes=40)
    assert even[0] == 0 and even[-1] == 1 and (np.diff(even) > 0).all()
    assert picture_steps(jump(np.linspace(0, 1, 6))).max() == 200
    assert picture_steps(jump(even)).max() < 60


def test_even_places_of_a_still_picture_are_even():
    assert_allclose(even_places(lambda places: np.zeros((len(places), 2, 2, 3), np.uint8), 5), np.linspace(0, 1, 5))


@pytest.mark.parametrize(("arguments", "message"), [
    ((np.zeros((2, 3)), 1), "at least 2 steps"), ((np.zeros((1, 3)), 4), "at least 2 prompts"),
])
def test_a_path_that_cannot_be(arguments, message):
    with pytest.raises(InputError, match=message):
        path(*arguments)
    with pytest.raises(InputError, match="Unknown shape"):
        path(np.zeros((2, 3)), 4, shape="wavy")
