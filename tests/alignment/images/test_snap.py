import numpy as np
import pytest
from numpy.testing import assert_allclose

from alignment.errors import InputError
from alignment.images.snap import snap_to_nearest_class


def test_snap_moves_points_towards_the_nearest_class_by_a_share():
    classes = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 3.0], [0.0, -3.0]])
    points = np.array([[0.5, 0.1], [0.1, -1.0]])
    assert_allclose(snap_to_nearest_class(points, classes, 0), points)
    assert_allclose(snap_to_nearest_class(points, classes, 1), classes[[0, 3]])
    assert_allclose(snap_to_nearest_class(points, classes, 0.5), (points + classes[[0, 3]]) / 2)
    with pytest.raises(InputError, match="from 0 to 1"):
        snap_to_nearest_class(points, classes, np.nan)
