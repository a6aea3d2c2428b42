"""Rows that belong together: classes, means, shares and scatter within groups, by loops and against scikit-learn."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.preprocessing import normalize

from alignment.vectors.class_means import (
    class_means,
    classes_of,
    first_classes,
    group_means,
    means_by_class,
    scatter_within,
    shares,
    unit_rows,
)

LABELS = np.array([1, 0, 1, 2, 0, 1])


def test_classes_come_in_order_of_appearance():
    vectors, labels = classes_of(np.array([[2.0, 0.0], [1.0, 1.0], [2.0, -0.0], [4.0, 0.0]]))
    assert vectors.tolist() == [[2.0, 0.0], [1.0, 1.0], [4.0, 0.0]] and labels.tolist() == [0, 1, 0, 2]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_group_means_by_loops(rng, dtype):
    X = rng.normal(size=(6, 3)).astype(dtype)
    means = group_means(X, LABELS)
    assert means.dtype == dtype
    np.testing.assert_allclose(means, [X[label == LABELS].mean(axis=0) for label in range(3)], rtol=1e-6)


def test_a_class_is_the_mean_over_its_groups():
    A = np.array([[0.0], [2.0], [6.0], [5.0]])
    truth, groups = np.array([7, 7, 7, 3]), np.array([4, 4, 9, 2])
    assert means_by_class(A, truth, groups).tolist() == [[5.0], [3.5]]  # (1 + 6) / 2
    assert means_by_class(A, truth).tolist() == [[5.0], [8 / 3]]


def test_shares_add_up_to_1_for_every_sentence_that_names_a_class():
    membership = csr_array(np.array([[1, 0, 0], [1, 0, 1], [0, 0, 0]], bool))
    assert shares(membership).toarray().tolist() == [[1, 0, 0], [0.5, 0, 0.5], [0, 0, 0]]
    assert first_classes(membership).tolist() == [0, 0, -1]
    assert first_classes(membership, np.array([2, 0])).tolist() == [-1, 0]


def test_a_sentence_counts_in_each_of_its_classes_by_its_share():
    membership = csr_array(np.array([[1, 0, 0], [1, 0, 1], [0, 0, 0]], bool))
    means = class_means(np.array([[1.0, 0.0], [4.0, 3.0], [9.0, 9.0]]), membership)
    np.testing.assert_allclose(means, [[2.0, 1.0], [np.nan, np.nan], [4.0, 3.0]])


def test_scatter_within_is_the_mean_covariance_of_groups(rng):
    X = rng.normal(size=(6, 3))
    expected = sum(np.cov(X[label == LABELS].T, bias=True) * np.sum(label == LABELS) for label in range(3)) / 6
    np.testing.assert_allclose(scatter_within(X, LABELS), expected)
    assert not scatter_within(X, np.arange(6)).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_unit_rows_are_scikit_learns_normalize(rng, dtype):
    X = rng.normal(size=(5, 3)).astype(dtype)
    X[2] = 0
    assert unit_rows(X).dtype == dtype
    np.testing.assert_allclose(unit_rows(X), normalize(X), rtol=1e-6)


def test_unit_rows_keep_missing_rows_and_take_no_rows_at_all():
    assert np.isnan(unit_rows(np.array([[np.nan, np.nan], [3.0, 4.0]]))).tolist() == [[True, True], [False, False]]
    assert unit_rows(np.empty((0, 3))).shape == (0, 3)
