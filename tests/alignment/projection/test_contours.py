"""Contours: what they enclose, and where there are none."""

import numpy as np
import pytest

from alignment.projection.contours import CONTOUR_SHARES, GRID, MIN_POINTS, density_contours


def inside(line, points):
    """Which points a closed line goes around, by the sign of the sum of angles."""
    ends = line[None] - points[:, None]
    angles = np.unwrap(np.arctan2(ends[..., 1], ends[..., 0]), axis=1)
    return np.abs(angles[:, -1] - angles[:, 0]) > np.pi


def test_a_line_encloses_its_share_of_the_points(rng):
    points = np.concatenate([rng.normal(size=(400, 2)), rng.normal(size=(400, 2)) * 0.5 + (9, 0)])
    found = density_contours(points)
    assert list(found) == list(CONTOUR_SHARES)
    for share, lines in found.items():
        assert all((line[0] == line[-1]).all() for line in lines), "closed"
        enclosed = np.any([inside(line, points) for line in lines], axis=0).mean()
        assert enclosed == pytest.approx(share, abs=0.03)
    assert len(found[0.95]) >= 2, "one line around each cluster, none around both"


def test_points_without_a_place_change_nothing(rng):
    points = rng.normal(size=(50, 2)).astype(np.float32)
    more = np.insert(points, 7, np.nan, axis=0)
    more = np.insert(more, 20, [np.nan, 1.0], axis=0)
    for a, b in zip(density_contours(points).values(), density_contours(more).values(), strict=True):
        np.testing.assert_array_equal(np.concatenate(a), np.concatenate(b))


def test_contours_lie_where_their_points_lie(rng):
    half = rng.normal(size=(200, 2)) * [3, 1]
    points = 5 + np.concatenate([half, -half])  # along the longer side the cells are symmetric too
    along = np.concatenate(density_contours(points)[0.95])[:, 0]
    assert (along.min() + along.max()) / 2 == pytest.approx(5, abs=np.ptp(points[:, 0]) / GRID / 4)


@pytest.mark.parametrize("points", [np.zeros((40, 2)), np.arange(8.0).reshape(4, 2), np.full((40, 2), np.nan)])
def test_too_few_points_or_one_place_have_no_contours(points):
    assert density_contours(points) == {}


def test_as_few_points_as_have_a_density_have_contours(rng):
    points = rng.normal(size=(MIN_POINTS, 2))
    assert list(density_contours(points)) == list(CONTOUR_SHARES) and density_contours(points[1:]) == {}


def test_points_on_a_long_line_have_contours(rng):
    points = np.c_[rng.normal(size=20_000), np.zeros(20_000)]
    points[0, 0] = 5000  # beside which the bandwidth is less than a cell
    assert list(density_contours(points)) == list(CONTOUR_SHARES)
