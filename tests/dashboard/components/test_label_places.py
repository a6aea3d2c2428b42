"""Names in a chart lie beside their points, and none on another."""

import numpy as np
import pytest

from dashboard.components.label_places import GAP, LETTER, LINE, MARK, SIDES, label_places

CORNERS = np.array([[0.0, 0.0], [1.0, 1.0]])
SIZE = {"marks": np.empty((0, 2)), "width": 400, "height": 400}


def test_a_lone_name_lies_above_its_point():
    assert label_places(np.array([[0.5, 0.5]]), ["lemon"], CORNERS, **SIZE) == [(0, 0, LINE / 2 + GAP)]


def test_names_of_neighbours_take_different_sides():
    points = np.array([[0.5, 0.5], [0.52, 0.5], [0.5, 0.48]])
    places = label_places(points, ["tabby cat", "Persian cat", "Siamese cat"], CORNERS, **SIZE)
    assert [row for row, *_ in places] == [0, 1, 2] and len({tuple(shift) for _, *shift in places}) == 3


@pytest.mark.parametrize("seed", range(5))
def test_no_name_that_is_shown_covers_another_or_a_point(seed):
    points = np.random.default_rng(seed).random((60, 2))
    names = ["a name of a class"] * 60
    places = label_places(points, names, points, **SIZE)
    pixels = (points - points.min(axis=0)) / np.ptp(points, axis=0) * 400
    size = np.array([LETTER * len(names[0]), LINE])
    middles = np.array([pixels[row] + shift for row, *shift in places])
    assert 10 < len(middles) < 60
    for number, middle in enumerate(middles):
        assert (np.abs(middles[:number] - middle) >= size - 1e-9).any(axis=1).all()
        assert (np.abs(pixels - middle) >= size / 2).any(axis=1).all()


def test_a_name_keeps_off_marks():
    point = np.array([[0.5, 0.5]])
    below = label_places(point, ["lemon"], CORNERS, **SIZE | {"marks": np.array([[0.5, 0.55]])})
    assert below == [(0, 0, -LINE / 2 - GAP)]
    ((_, right, up),) = label_places(point, ["lemon"], CORNERS, **SIZE | {"marks": point})
    assert max(abs(right), abs(up)) > MARK / 2 + LINE / 2


def test_names_without_room_are_left_out():
    crowd = np.full((40, 2), 0.5)
    assert 0 < len(label_places(crowd, ["lemon"] * 40, CORNERS, **SIZE)) <= 2 * len(SIDES)


def test_points_on_one_line_are_placed():
    points = np.array([[0.0, 1.0], [1.0, 1.0]])
    assert len(label_places(points, ["a", "b"], points, **SIZE)) == 2
