"""RCSLS against an independent computation of the formula."""

import numpy as np
import pytest
from scipy import linalg

from alignment.mappings.rcsls import RCSLS, rcsls_criterion
from alignment.vectors.class_means import unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, D_TEXT, MEANS, NEW, K, X, Z

A, B = unit_rows(MEANS - MEANS.mean(axis=0)), unit_rows(CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
W = np.random.default_rng(1).normal(size=(D_TEXT, D_CLASS))


def test_criterion_by_loops():
    expected = 0.0
    for i in range(K):
        near_b = sorted(A[i] @ W @ b for b in B)[-4:]
        near_a = sorted(a @ W @ B[i] for a in A)[-4:]
        expected += (-2 * A[i] @ W @ B[i] + np.mean(near_b) + np.mean(near_a)) / K
    assert rcsls_criterion(A, B, W, 4)[0] == pytest.approx(expected)


def test_gradient_by_differences():
    gradient = rcsls_criterion(A, B, W, 4)[1]
    step = np.zeros_like(W)
    step[2, 3] = 1e-6
    up, down = (rcsls_criterion(A, B, W + s, 4)[0] for s in (step, -step))
    assert gradient[2, 3] == pytest.approx((up - down) / 2e-6, rel=1e-4)


def test_lengths_of_sentences_change_nothing(rng):
    lengths = rng.uniform(0.1, 10, size=(len(X), 1))
    plain, stretched = RCSLS().fit(X, Z), RCSLS().fit(lengths * X, Z)
    np.testing.assert_allclose(stretched.predict(3 * NEW), plain.predict(NEW), rtol=1e-6)


def test_every_step_helps_and_the_map_stays_within_the_ball():
    mapping = RCSLS().fit(X, Z)
    assert np.all(np.diff(mapping.losses_) < 0) and len(mapping.losses_) > 1
    assert linalg.svdvals(mapping.coef_).max() <= 1 + 1e-9
