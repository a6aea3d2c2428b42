"""Two versions of a space: drawn alike, and which classes have other neighbours."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from alignment.projection.layout_pairs import fit_pair, moved_most
from alignment.projection.layouts import LayoutSettings

NAMES = [f"c{row}" for row in range(40)]


@pytest.fixture
def versions(rng):
    """Four clusters of ten, then turned and stretched; class 0 changes from the first cluster to the last."""
    first = np.repeat(np.eye(4, 6) * 8, 10, axis=0) + rng.normal(size=(40, 6)) * 0.3
    second = first.copy()
    second[0] = first[39] + 0.05
    second[7] = np.nan
    return first, 3 * second @ np.linalg.qr(rng.normal(size=(6, 6)))[0]


def test_the_class_that_changed_its_cluster_moved_most(versions):
    table = moved_most(*versions, NAMES, k=8)
    assert len(table) == 39 and 7 not in table.index
    assert table.index[0] == 0 and table["name"].iloc[0] == "c0" and table["moved"].iloc[0] == 1
    assert set(table["met"].iloc[0]) <= {f"c{row}" for row in range(30, 40)}
    assert set(table["left"].iloc[0]) <= {f"c{row}" for row in range(1, 10)}
    assert table["moved"].iloc[-1] == 0 and table["met"].iloc[-1] == ()


def test_neighbours_that_count_are_at_most_a_third_of_the_classes(rng):
    first = np.repeat(np.eye(3) * 8, 4, axis=0) + rng.normal(size=(12, 3)) * 0.3
    second = first.copy()
    second[0] = first[11] + 0.05
    table = moved_most(first, second, NAMES[:12], k=10)  # with ten of eleven others, all would share nearly all
    assert table.index[0] == 0 and table["moved"].iloc[0] >= 0.75


def test_both_are_drawn_one_turned_onto_the_other(versions):
    drawn = fit_pair(*versions, LayoutSettings("pca"))
    assert list(drawn) == ["first", "second"]
    assert np.isnan(drawn["first"].points[7]).all() and np.isnan(drawn["second"].points[7]).all()
    same = [row for row in range(40) if row not in (0, 7)]
    assert_allclose(drawn["first"].points[same], drawn["second"].points[same], atol=2.5)
    assert np.linalg.norm(drawn["first"].points[0] - drawn["second"].points[0]) > 5
