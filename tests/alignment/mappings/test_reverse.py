"""Reverse kernel ridge: exact where the penalty vanishes, free of hubs, and told of classes without sentences."""

from functools import partial

import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics.pairwise import rbf_kernel

from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings import landmarks, reverse
from alignment.mappings.base import requested_metadata
from alignment.mappings.reverse import ReverseKernelRidge
from alignment.vectors import similarity
from alignment.vectors.class_means import unit_rows
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, MEANS, K, X, Z


def test_a_vanishing_penalty_reproduces_the_text_of_every_class():
    mapping = ReverseKernelRidge(alpha=1e-9, scale=1e4).fit(X, Z)
    texts = np.array([unit_rows(X[k == LABELS]).mean(axis=0) for k in range(K)])
    np.testing.assert_allclose(mapping.candidate_texts_, texts - texts.mean(axis=0), atol=1e-4)
    np.testing.assert_array_equal(mapping.candidate_similarities(texts).argmax(axis=1), np.arange(K))
    np.testing.assert_allclose(mapping.predict(texts), CLASS_VECTORS, atol=1e-6)


def test_predicted_texts_are_kernel_ridge_from_class_vectors_to_text():
    mapping = ReverseKernelRidge(gamma=2.0, alpha=0.5).fit(X, Z)
    texts = np.array([unit_rows(X[k == LABELS]).mean(axis=0) for k in range(K)])
    directions = unit_rows(CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
    ridge = KernelRidge(alpha=0.5, kernel="rbf", gamma=2.0).fit(directions, texts - texts.mean(axis=0))
    np.testing.assert_allclose(mapping.candidate_texts_, ridge.predict(directions), atol=1e-10)


def test_a_class_without_sentences_is_found_among_the_candidates():
    unseen = np.arange(0, K, 5)
    learned = ~np.isin(LABELS, unseen)
    mapping = ReverseKernelRidge().fit(X[learned], Z[learned], candidates=CLASS_VECTORS)
    ranks = (
        (-mapping.candidate_similarities(MEANS[unseen])).argsort(axis=1).argsort(axis=1)[np.arange(len(unseen)), unseen]
    )
    assert np.median(ranks) < K / 4
    without = ReverseKernelRidge().fit(X[learned], Z[learned])
    assert without.candidates_.shape[0] == K - len(unseen)


def test_a_candidate_with_a_zero_of_either_sign_is_seen():
    vectors = np.where(np.arange(CLASS_VECTORS.shape[1]) == 0, 0.0, CLASS_VECTORS)
    other = np.where(vectors == 0, -0.0, vectors)
    assert not ReverseKernelRidge().fit(X, vectors[LABELS], candidates=other).unseen_.any()


def test_predictions_are_blends_of_the_candidates():
    mapping = ReverseKernelRidge(scale=1e6).fit(X, Z)
    distances = np.linalg.norm(mapping.predict(X)[:, None] - CLASS_VECTORS, axis=2)
    np.testing.assert_allclose(distances.min(axis=1), 0, atol=1e-6)


def test_seed_pairs_supply_the_candidates():
    membership = np.eye(K, dtype=bool)[LABELS]
    pairs = SeedPairs(X, membership, CLASS_VECTORS)
    assert requested_metadata(ReverseKernelRidge()) == {"candidates", "descriptive"}
    known = np.arange(K) < K - 3
    fitted = fit_pairs(ReverseKernelRidge(), pairs.subset(np.flatnonzero(known[LABELS]), known))
    np.testing.assert_array_equal(fitted.candidates_, CLASS_VECTORS)


def test_descriptions_have_a_fixed_share_of_a_class():
    described = np.arange(len(X)) % 4 == 0  # one sentence of four
    described[LABELS == 3] = True  # a class of descriptions alone
    described[LABELS == 4] = False
    mapping = ReverseKernelRidge(alpha=1e-9, descriptive_share=0.7).fit(X, Z, descriptive=described)
    U = unit_rows(X)
    texts = []
    for k in range(K):
        here, there = U[(k == LABELS) & described], U[(k == LABELS) & ~described]
        texts.append(
            0.7 * here.mean(axis=0) + 0.3 * there.mean(axis=0)
            if len(here) and len(there)
            else U[k == LABELS].mean(axis=0)
        )
    texts = np.array(texts)
    np.testing.assert_allclose(mapping.x_mean_, texts.mean(axis=0))
    np.testing.assert_allclose(mapping.candidate_texts_, texts - texts.mean(axis=0), atol=1e-4)


def test_seed_pairs_say_which_sentences_describe_their_class():
    kinds = np.where(np.arange(len(X)) % 4 == 0, "description", "label")
    pairs = SeedPairs(X, np.eye(K, dtype=bool)[LABELS], CLASS_VECTORS, kinds=kinds)
    expected = ReverseKernelRidge().fit(X, Z, candidates=CLASS_VECTORS, descriptive=kinds == "description")
    np.testing.assert_array_equal(fit_pairs(ReverseKernelRidge(), pairs).candidate_texts_, expected.candidate_texts_)


def test_candidates_must_lie_in_the_class_space():
    for candidates in (CLASS_VECTORS[:, :2], CLASS_VECTORS[0], CLASS_VECTORS * np.nan, CLASS_VECTORS[:0]):
        with pytest.raises(ValueError, match="must be rows of 5 finite numbers, got an array of shape"):
            ReverseKernelRidge().fit(X, Z, candidates=candidates)


def test_of_many_classes_the_function_is_a_sum_over_some_of_them(monkeypatch):
    exact = ReverseKernelRidge(gamma=1.0).fit(X, Z)
    directions = unit_rows(CLASS_VECTORS - CLASS_VECTORS.mean(axis=0))
    texts = np.array([unit_rows(X[k == LABELS]).mean(axis=0) for k in range(K)])
    kernel = partial(rbf_kernel, gamma=1.0)
    every = landmarks.nystroem_coefficients(kernel, directions, texts - texts.mean(axis=0), np.arange(K), 0.1)
    np.testing.assert_allclose(kernel(directions, directions) @ every, exact.candidate_texts_, atol=1e-6)
    monkeypatch.setattr(reverse, "MAX_LANDMARKS", K * 3 // 4)
    monkeypatch.setattr(similarity, "BLOCK_NUMBERS", 3 * K)
    some = ReverseKernelRidge(gamma=1.0).fit(X, Z)
    cosines = np.sum(unit_rows(some.candidate_texts_) * unit_rows(exact.candidate_texts_), axis=1)
    assert 0.9 < np.median(cosines) < 1
    np.testing.assert_allclose(some.predict(X), np.vstack([some.predict(x[None]) for x in X]), atol=1e-12)


def test_the_bonus_is_for_candidates_that_no_sentence_names():
    unseen = np.arange(0, K, 5)
    learned = ~np.isin(LABELS, unseen)
    without, with_bonus = (
        ReverseKernelRidge(unseen_bonus=bonus).fit(X[learned], Z[learned], candidates=CLASS_VECTORS)
        for bonus in (0.0, 0.25)
    )
    gained = with_bonus.candidate_similarities(X) - without.candidate_similarities(X)
    np.testing.assert_allclose(gained, np.tile(0.25 * np.isin(np.arange(K), unseen), (len(X), 1)), atol=1e-12)
    np.testing.assert_array_equal(
        ReverseKernelRidge(unseen_bonus=0.25).fit(X, Z, candidates=CLASS_VECTORS).predict(MEANS),
        ReverseKernelRidge(unseen_bonus=0.0).fit(X, Z, candidates=CLASS_VECTORS).predict(MEANS),
    )
