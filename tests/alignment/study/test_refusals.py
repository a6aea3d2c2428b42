"""What a study is asked for by mistake is refused in one sentence that says what it takes."""

import numpy as np
import pytest

from alignment.errors import InputError

POINT = np.ones((1, 8))


@pytest.mark.parametrize(
    "points", [POINT * np.nan, POINT * np.inf, POINT[0], POINT[:, :5], POINT[..., None], np.array([["a"] * 8])]
)
def test_points_that_are_not_rows_of_finite_numbers(small_study, points):
    message = "^Points of class space are rows of 8 finite numbers each; got .* of shape "
    with pytest.raises(InputError, match=message):
        small_study.nearest_to(points, ["a"])
    with pytest.raises(InputError, match=message):
        small_study.nearest_sentence(points)


def test_a_label_for_every_point_and_one_point_for_a_sentence(small_study):
    with pytest.raises(InputError, match="there are 1 points and 2 labels"):
        small_study.nearest_to(POINT, ["a", "b"])
    with pytest.raises(InputError, match="for one point, an array of one row; there are 2 rows"):
        small_study.nearest_sentence(np.ones((2, 8)))


@pytest.mark.parametrize("top", [0, -1, 1.5])
def test_fewer_classes_than_one(small_study, top):
    with pytest.raises(InputError, match=f"^At least one class must be asked for; got top={top}"):
        small_study.nearest_to(POINT, ["a"], top=top)
    with pytest.raises(InputError, match=f"^At least one class must be asked for; got top={top}"):
        small_study.nearest(["a cat"], top=top)
