"""Iterative refinement: its fixed point, and mutual nearest neighbours by loops."""

import numpy as np
from scipy import stats

from alignment.mappings.refinement import IterativeRefinement, mutual_neighbours
from alignment.vectors.similarity import csls_of, similarities
from tests.alignment.mappings.toy import CLASS_VECTORS, D_CLASS, K


def test_refinement_of_a_perfect_mapping_changes_nothing():
    rotation = stats.ortho_group(D_CLASS, seed=1).rvs()
    refined = IterativeRefinement().fit(CLASS_VECTORS, CLASS_VECTORS @ rotation)
    assert refined.n_iter_ == 1 and len(refined.pairs_) == K
    np.testing.assert_allclose(refined.predict(CLASS_VECTORS), CLASS_VECTORS @ rotation)


def test_mutual_neighbours_by_loops(rng):
    P = CLASS_VECTORS + rng.normal(size=CLASS_VECTORS.shape)
    S = similarities(P, CLASS_VECTORS)
    S = csls_of([S])(S)
    expected = [(i, j) for i in range(K) for j in range(K) if S[i].argmax() == j and S[:, j].argmax() == i]
    assert [tuple(pair) for pair in mutual_neighbours(P, CLASS_VECTORS)] == expected
