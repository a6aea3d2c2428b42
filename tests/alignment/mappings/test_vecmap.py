"""Rotation between whitened spaces, and its refinement against an independent computation of the formula."""

import numpy as np
from scipy import linalg, stats

from alignment.mappings.linear import CrossValidatedRidge, LeastSquares
from alignment.mappings.refinement import IterativeRefinement, mutual_neighbours
from alignment.mappings.vecmap import WhitenedRotation
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, MEANS, NEW, K, X, Z


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


def test_refinement_of_a_perfect_mapping_changes_nothing():
    rotation = stats.ortho_group(D_CLASS, seed=1).rvs()
    refined = IterativeRefinement().fit(CLASS_VECTORS, CLASS_VECTORS @ rotation)
    assert refined.n_iter_ == 1 and len(refined.pairs_) == K
    np.testing.assert_allclose(refined.predict(CLASS_VECTORS), CLASS_VECTORS @ rotation)


def test_refinement_finds_pairs_nobody_told(rng):
    rotation = stats.ortho_group(D_CLASS, seed=1).rvs()
    told = slice(0, 12)
    refined = IterativeRefinement(unpaired_texts=CLASS_VECTORS[12:] @ rotation.T, unpaired_vectors=CLASS_VECTORS[12:])
    refined.fit(CLASS_VECTORS[told] @ rotation.T + 0.01 * rng.normal(size=(12, D_CLASS)), CLASS_VECTORS[told])
    assert len(refined.pairs_) == K and (refined.pairs_[:, 0] == refined.pairs_[:, 1]).all()


def test_mutual_neighbours_by_loops(rng):
    from alignment.vectors.similarity import csls, similarities

    P = CLASS_VECTORS + rng.normal(size=CLASS_VECTORS.shape)
    S = csls(similarities(P, CLASS_VECTORS))
    expected = [(i, j) for i in range(K) for j in range(K) if S[i].argmax() == j and S[:, j].argmax() == i]
    assert [tuple(pair) for pair in mutual_neighbours(P, CLASS_VECTORS)] == expected
