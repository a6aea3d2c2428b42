"""Classes ranked by a mapping's own similarities: against a loop, and for the mappings that have them alone."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone

from alignment.evaluation.cross_validation import class_queries, evaluate
from alignment.evaluation.fitting import fit_pairs
from alignment.evaluation.generalised_zero_shot import generalised_zero_shot
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.mappings import make_mapping
from alignment.mappings.reverse import ReverseKernelRidge
from alignment.study.cache.entry_format import from_bytes, to_bytes
from tests.alignment.mappings.toy import CLASS_VECTORS, LABELS, K, X

GROUPS = np.unique(LABELS * 2 + np.arange(len(LABELS)) % 3 // 2, return_inverse=True)[1]  # a pair and a single row


@pytest.fixture
def pairs():
    return SeedPairs(X, csr_array(np.eye(K, dtype=bool)[LABELS]), CLASS_VECTORS, groups=GROUPS)


def test_a_query_is_the_mean_over_groups(pairs):
    classes, queries = class_queries(pairs, np.flatnonzero(LABELS >= 3)[::-1])
    assert classes.tolist() == list(range(3, K))
    rows = np.flatnonzero(LABELS == 3)
    by_group = [X[rows[GROUPS[rows] == group]].mean(axis=0) for group in np.unique(GROUPS[rows])]
    np.testing.assert_allclose(queries[0], np.mean(by_group, axis=0))


def test_ranks_are_those_of_a_loop_over_folds(pairs):
    folds = pairs.folds("classes", n_splits=4)
    result = evaluate(ReverseKernelRidge(), pairs, folds)
    expected, asked = {}, {}
    for fold in folds:
        fitted = fit_pairs(clone(ReverseKernelRidge()), pairs.subset(fold.train, fold.known))
        classes, queries = class_queries(pairs, fold.test)
        for k, row in zip(classes, fitted.candidate_similarities(queries), strict=True):
            expected[k], asked[k] = 1 + (row > row[k]).sum(), row
    ranks = result.values("own_median_rank")
    assert {k: ranks[k] for k in expected} == expected
    assert result.summary()["own_p_at_1"] == np.mean(np.array(list(expected.values())) == 1)
    S = np.stack([asked[k] for k in range(K)])
    k = min(10, K)
    near_class, near_query = np.sort(S, axis=0)[-k:].mean(axis=0), np.sort(S, axis=1)[:, -k:].mean(axis=1)
    corrected = 2 * S - near_query[:, None] - near_class
    by_csls = 1 + (corrected > np.diag(corrected)[:, None]).sum(axis=1)
    assert result.values("own_csls_median_rank").tolist() == by_csls.tolist()


def test_a_stored_result_keeps_them(pairs):
    result = evaluate(ReverseKernelRidge(), pairs, pairs.folds("classes"))
    read = from_bytes(to_bytes(result))
    assert read.summary() == result.summary()
    for name, ranks in result.own_ranks.items():
        np.testing.assert_array_equal(read.own_ranks[name], ranks)


def test_mappings_that_compare_nothing_themselves_have_no_such_figures(pairs):
    result = evaluate(make_mapping("ridge"), pairs, pairs.folds("classes"))
    assert result.own_ranks == {}
    assert not [name for name in result.summary() if name.startswith("own_")]
    assert from_bytes(to_bytes(result)).own_ranks == {}


def test_seen_and_unseen_classes_together(pairs):
    figures = generalised_zero_shot(ReverseKernelRidge(), pairs, n_splits=3)
    assert 0 < figures["own_harmonic_p_at_10"] <= 1 and "own_csls_unseen_first" in figures
    assert "own_unseen_first" not in generalised_zero_shot(make_mapping("ridge"), pairs, n_splits=3)
