"""Axes of a user's own: where their ends stand, and what an axis without a second does."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from alignment.errors import InputError
from alignment.projection.axes import project_on_axes
from alignment.projection.layouts import SPACES, LayoutSettings


@pytest.fixture
def spaces(rng):
    made = {"text": rng.normal(size=(30, 8)), "mapped": rng.normal(size=(30, 5)), "class": rng.normal(size=(30, 5))}
    made["text"][4] = made["mapped"][4] = np.nan
    return made


def ends(spaces, *rows):
    return {name: spaces[name][list(rows)] for name in ("text", "class")}


def test_ends_stand_at_one_and_what_is_at_right_angles_changes_nothing(spaces):
    drawn = project_on_axes(spaces, ends(spaces, 0, 1, 2, 3), LayoutSettings("pca"))
    assert list(drawn) == list(SPACES)
    for name in ("text", "class"):
        points = drawn[name].points
        assert_allclose(points[:2, 0], [-1, 1], atol=1e-5)
        assert_allclose(points[2:4, 1], [-1, 1], atol=1e-5)
        way = spaces[name][1] - spaces[name][0]
        other = spaces[name][9] - (spaces[name][9] @ way) / (way @ way) * way
        assert_allclose(drawn[name].place(spaces[name][[7]] + other)[0, 0], points[7, 0], atol=1e-5)
        assert 0 <= drawn[name].trustworthiness <= 1
    assert np.isnan(drawn["text"].points[4]).all() and np.isfinite(drawn["class"].points[4]).all()
    way = spaces["class"][1] - spaces["class"][0]
    middle = (spaces["class"][1] + spaces["class"][0]) / 2
    assert_allclose(drawn["mapped"].points[7, 0], 2 * (spaces["mapped"][7] - middle) @ way / (way @ way), rtol=1e-4)


def test_without_a_second_axis_the_other_direction_is_that_of_most_variance(spaces):
    spaces["class"][:, 3] *= 30
    way = np.zeros((2, 5))
    way[1, 0] = 2.0  # length 2: the unit of the axis is that of the space
    drawn = project_on_axes(spaces, {"text": spaces["text"][:2], "class": way}, LayoutSettings("pca"))
    points = drawn["class"].points
    assert_allclose(points[:, 0], spaces["class"][:, 0] - 1, atol=1e-5)
    assert np.corrcoef(points[:, 1], spaces["class"][:, 3])[0, 1] > 0.99  # the largest entry is positive
    assert_allclose(points[drawn["class"].fitted, 1].mean(), 0, atol=1e-4)
    assert np.std(points[:, 1]) == pytest.approx(np.std(spaces["class"][:, 3]), rel=0.05)


def test_the_second_direction_has_the_unit_of_the_axis(spaces):
    spaces["class"][:, 3] *= 30
    way = np.zeros((2, 5))
    way[1, 0] = 8.0  # a quarter of the unit of the space
    drawn = project_on_axes(spaces, {"text": spaces["text"][:2], "class": way}, LayoutSettings("pca"))
    assert np.std(drawn["class"].points[:, 1]) == pytest.approx(np.std(spaces["class"][:, 3]) / 4, rel=0.05)


def test_an_axis_that_leads_nowhere_is_refused(spaces):
    with pytest.raises(InputError, match="two ends of an axis are the same"):
        project_on_axes(spaces, ends(spaces, 3, 3), LayoutSettings("pca"))


def test_fewer_than_three_classes_are_refused(spaces):
    spaces["mapped"][2:] = np.nan
    with pytest.raises(InputError, match="at least three classes; there are 2"):
        project_on_axes(spaces, ends(spaces, 0, 1), LayoutSettings("pca"))
