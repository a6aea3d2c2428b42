"""Rotation between whitened spaces against an independent computation of the formula."""

import numpy as np
from scipy import linalg

from alignment.mappings.linear import CrossValidatedRidge, LeastSquares
from alignment.mappings.vecmap import WhitenedRotation
from tests.alignment.mappings.toy import CLASS_VECTORS, MEANS, NEW, X, Z


def test_full_reweighting_is_least_squares():
    expected = LeastSquares().fit(X, Z).predict(NEW)
    np.testing.assert_allclose(WhitenedRotation(reweight=1, shrinkage=0).fit(X, Z).predict(NEW), expected)


def test_correlations_are_canonical():
    a, b = MEANS - MEANS.mean(axis=0), CLASS_VECTORS - CLASS_VECTORS.mean(axis=0)
    expected = linalg.svdvals(linalg.orth(a).T @ linalg.orth(b))
    np.testing.assert_allclose(WhitenedRotation(shrinkage=0).fit(X, Z).correlations_, expected)


def test_full_reweighting_with_shrinkage_of_the_text_alone_is_ridge():
    mapping = WhitenedRotation(reweight=1, shrinkage=0.5).fit(X, Z)
    np.testing.assert_allclose(
        mapping.predict(NEW), CrossValidatedRidge(alphas=0.5).fit(X, Z).predict(NEW)
    )  # the vectors' shrinkage cancels
