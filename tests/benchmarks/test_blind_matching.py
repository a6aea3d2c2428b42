"""Blind matching: the subset that agrees, and an assignment found from distances alone."""

import numpy as np

from benchmarks.blind_matching import agreeing_subset, assignment, distances


def test_classes_whose_distances_agree_are_chosen_and_matched(rng):
    text = rng.normal(size=(30, 12))
    classes = rng.normal(size=(30, 12))
    classes[:8] = text[:8]  # these eight are alike in both spaces
    D, E = distances(text), distances(classes)
    subsets = [agreeing_subset(D, E, 8, rng) for _ in range(10)]
    costs = [((D - E)[np.ix_(subset, subset)] ** 2).sum() for subset in subsets]
    best = subsets[int(np.argmin(costs))]
    np.testing.assert_array_equal(best, np.arange(8))
    np.testing.assert_array_equal(assignment(D[:8, :8], E[:8, :8], rng), np.arange(8))
    np.testing.assert_array_equal(np.diag(D), 0)
