import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.spatial import geometric_slerp

from alignment.errors import InputError
from alignment.interpolation.curves import bilinear_grid, curve_points, even_positions, picture_changes


@pytest.mark.parametrize("shape", ["linear", "spherical"])
@pytest.mark.parametrize("steps", [2, 5, 9])
def test_a_curve_begins_and_ends_at_its_waypoints_and_passes_the_others(shape, steps, rng):
    points = rng.normal(size=(3, 7))
    curve = curve_points(points, np.linspace(0, 1, steps), shape=shape)
    assert curve.shape == (steps, 7)
    assert_allclose(curve[[0, -1]], points[[0, -1]])
    if steps % 2:
        assert_allclose(curve[steps // 2], points[1])


def test_spherical_agrees_with_scipy_on_unit_vectors(rng):
    a, b = (v / np.linalg.norm(v) for v in rng.normal(size=(2, 5)))
    at = np.linspace(0, 1, 7)
    assert_allclose(curve_points(np.stack([a, b]), at, shape="spherical"), geometric_slerp(a, b, at), atol=1e-12)


def test_spherical_keeps_lengths_between_those_of_its_ends():
    points, at = np.array([[3.0, 0, 0], [0, 5.0, 0]]), np.linspace(0, 1, 11)
    lengths = np.linalg.norm(curve_points(points, at, shape="spherical"), axis=1)
    assert_allclose(lengths, np.linspace(3, 5, 11))
    assert np.linalg.norm(curve_points(points, at), axis=1).min() < 3  # the straight line cuts the corner


@pytest.mark.parametrize("factor", [2.0, -1.0, 0.0])
def test_spherical_of_parallel_vectors_is_linear(factor):
    a, at = np.array([1.0, 2.0]), np.linspace(0, 1, 5)
    ends = np.stack([a, factor * a])
    assert_allclose(curve_points(ends, at, shape="spherical"), curve_points(ends, at), atol=1e-9)


@pytest.mark.parametrize("apart", [0.0, 1e-3])
def test_spherical_of_nearly_opposite_float32_vectors(apart, rng):
    at = np.linspace(0, 1, 9)
    for a, other in rng.normal(size=(20, 2, 64)):
        ends = np.stack([a, apart * other - a]).astype(np.float32)
        exact = ends.astype(np.float64)
        if apart:  # in the plane of both, at constant speed, while the length changes linearly
            lengths = np.linalg.norm(exact, axis=1, keepdims=True)
            expected = geometric_slerp(*(exact / lengths), at) * np.interp(at, [0, 1], lengths[:, 0])[:, None]
        else:  # no plane: straight through the origin
            expected = exact[0] + at[:, None] * (exact[1] - exact[0])
        assert_allclose(curve_points(ends, at, shape="spherical"), expected, atol=1e-5)


def test_a_grid_holds_its_corners_and_is_linear_along_both_axes(rng):
    corners = rng.normal(size=(4, 6))
    grid = bilinear_grid(corners, 5)
    assert grid.shape == (5, 5, 6)
    assert_allclose(grid[[0, 0, -1, -1], [0, -1, 0, -1]], corners)
    assert_allclose(grid[2, 2], corners.mean(axis=0))
    assert_allclose(np.diff(grid, n=2, axis=0), 0, atol=1e-12)
    assert_allclose(np.diff(grid, n=2, axis=1), 0, atol=1e-12)


def abrupt_change(positions):
    """Pictures that stay black, then brighten within a twentieth of the curve, then stay constant."""
    light = np.clip((np.asarray(positions) - 0.6) * 20, 0, 1) * 200
    return np.broadcast_to(light[:, None, None, None], (len(positions), 2, 2, 3)).astype(np.uint8)


def test_even_positions_spread_an_abrupt_change_over_all_steps():
    drawn = []
    even = even_positions(lambda positions: drawn.append(len(positions)) or abrupt_change(positions), 6)
    assert even[0] == 0 and even[-1] == 1 and (np.diff(even) > 0).all()
    assert picture_changes(abrupt_change(np.linspace(0, 1, 6))).max() == 200
    assert picture_changes(abrupt_change(even)).max() < 60
    assert sum(drawn) == 6 + 3 * 5


def test_even_positions_of_a_constant_picture_are_even():
    assert_allclose(
        even_positions(lambda positions: np.zeros((len(positions), 2, 2, 3), np.uint8), 5), np.linspace(0, 1, 5)
    )


def test_invalid_curves_are_refused():
    with pytest.raises(InputError, match="at least 2 prompts"):
        curve_points(np.zeros((1, 3)), np.linspace(0, 1, 4))
    with pytest.raises(InputError, match="Unknown shape"):
        curve_points(np.zeros((2, 3)), np.linspace(0, 1, 4), shape="wavy")


def test_positions_before_and_after_a_curve_are_its_ends():
    points = np.array([[0.0, 1.0], [2.0, 0.0], [6.0, 5.0]])
    for shape in ("linear", "spherical"):
        assert_allclose(curve_points(points, np.array([-0.2, 1.2]), shape=shape), points[[0, -1]])
