"""Seed pairs: subsets, folds, and paraphrase groups, which count once however many sentences they have."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from alignment.errors import InputError
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.fitting import fit_pairs, merged_paraphrases
from alignment.evaluation.paraphrase_groups import paraphrase_covariance, paraphrase_groups
from alignment.evaluation.result import EvaluationResult
from alignment.evaluation.seed_pairs import SeedPairs, targets
from alignment.evaluation.splits import splits
from alignment.mappings import make_mapping
from alignment.mappings.within_class_whitening import WithinClassWhitening
from alignment.vectors.class_means import first_classes
from tests.alignment.evaluation.made_up_pairs import (
    CLASS_VECTORS,
    KINDS,
    MEMBERSHIP,
    PAIRS,
    TEMPLATES,
    N,
    X,
)
from tests.alignment.mappings.toy import D_CLASS, LABELS, K


class TestSeedPairs:
    def test_subset_keeps_labels_and_paraphrase_groups(self):
        terms = ["cat", "cat", "dog", ""]
        membership = csr_array(np.array([[1, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], bool))
        pairs = SeedPairs(X[:4], membership, CLASS_VECTORS[:3], kinds=list("abcd"), terms=terms)
        part = pairs.subset(np.array([0, 1, 2]), np.array([True, True, False]))
        assert part.kinds == ("a", "b", "c") and part.texts is None and list(part.terms) == terms[:3] and len(part) == 3
        np.testing.assert_array_equal(part.membership.toarray(), membership.toarray()[:3] & [True, True, False])
        assert part.membership.nnz == 4 and membership.nnz == 5  # the pairs themselves stay as they were
        np.testing.assert_array_equal(part.targets, targets(membership[[0, 1, 2]][:, [0, 1]], CLASS_VECTORS[:2]))
        assert part.groups.tolist() == pairs.groups[:3].tolist() == [0, 1, 2]
        one_class = pairs.subset(np.array([0, 1]), np.array([True, False, False]))
        assert one_class.groups.tolist() == [0, 1]  # although the two name the same known class now

    @pytest.mark.parametrize("dtype", [int, np.uint8, float, np.float32])
    def test_a_membership_of_counts_names_every_class_that_it_counts(self, dtype):
        """An even count was no class at all: 2 & True is 0."""
        counts = csr_array(MEMBERSHIP.toarray() * np.arange(1, K + 1), dtype=dtype)
        expected, pairs = PAIRS, replace(PAIRS, membership=counts)
        for fold in expected.folds():
            part, other = (each.subset(fold.train, fold.known) for each in (pairs, expected))
            np.testing.assert_array_equal(part.membership.toarray(), other.membership.toarray())
            np.testing.assert_array_equal(part.targets, other.targets)

    def test_whole_numbers_and_half_precision_are_measured_as_floats_are(self):
        whole = {name: (10 * getattr(PAIRS, name)).round() for name in ("X", "class_vectors")}
        terms = [f"{k}" for k in LABELS] + [""] * 4
        expected, *others = (
            evaluate(make_mapping("ridge"), pairs, pairs.folds()).summary()
            for dtype in (float, int, np.int16, np.float16)
            for pairs in [replace(PAIRS, **{name: each.astype(dtype) for name, each in whole.items()}, terms=terms)]
        )
        for figures in others:
            assert figures == pytest.approx(expected, rel=1e-3)

    @pytest.mark.parametrize(
        "wrong, message",
        [
            ({"membership": np.r_[LABELS, [0] * 4]}, "one row per sentence and one column per class"),
            ({"membership": MEMBERSHIP.toarray().astype(int).astype(str)}, "membership is a matrix of numbers"),
            ({"class_vectors": CLASS_VECTORS.astype(str)}, "class_vectors is an array of numbers; got <U"),
            ({"X": csr_array(X)}, "X has one row per sentence of membership, .*; got none"),
            ({"groups": KINDS}, "groups are whole numbers, such as pandas.factorize"),
        ],
    )
    def test_what_are_no_pairs_is_refused(self, wrong, message):
        with pytest.raises(InputError, match=message):
            replace(PAIRS, **wrong)

    @pytest.mark.parametrize("n_splits", [None, 1, 2.5])
    def test_folds_are_counted_in_whole_numbers(self, n_splits):
        with pytest.raises(InputError, match="n_splits must be a whole number of at least 2"):
            PAIRS.folds(n_splits=n_splits)

    def test_rows_of_a_subset_are_in_the_order_that_is_given(self):
        pairs = replace(PAIRS, groups=np.arange(N)[::-1], device="cuda")
        part = pairs.subset(np.array([9, 2, 5]))
        np.testing.assert_array_equal(part.X, X[[9, 2, 5]])
        np.testing.assert_array_equal(part.membership.toarray(), MEMBERSHIP.toarray()[[9, 2, 5]])
        assert part.groups.tolist() == [N - 10, N - 3, N - 6] and part.device == "cuda"
        assert list(part.kinds) == KINDS[[9, 2, 5]].tolist() and list(part.templates) == TEMPLATES[[9, 2, 5]].tolist()

    def test_sentences_that_are_all_near_copies_are_not_divided(self):
        with pytest.raises(InputError, match="at least two that are no near-copies"):
            replace(PAIRS, templates=["one"] * N).folds("sentences")

    def test_folds_are_those_of_splits(self):
        texts = [f"sentence {row}" for row in range(5)] + ["SENTENCE 0"] + [f"sentence {row}" for row in range(6, N)]
        labels = {"kinds": KINDS, "templates": TEMPLATES, "texts": texts}
        pairs = replace(PAIRS, texts=texts)
        for split in ("classes", "sentences", "kinds"):
            expected = splits(split, MEMBERSHIP, **labels, n_splits=3, random_state=1)
            for fold, other in zip(pairs.folds(split, n_splits=3, random_state=1), expected, strict=True):
                np.testing.assert_array_equal(fold.train, other.train)
                np.testing.assert_array_equal(fold.test, other.test)

    @pytest.mark.parametrize("seed", range(20))
    def test_every_class_with_sentences_is_held_out_once_and_two_are_learned(self, seed):
        """Of 40 classes three have sentences: those alone are divided, not all."""
        membership = csr_array(np.eye(40, dtype=bool)[np.repeat([3, 17, 31], 4)])
        pairs = SeedPairs(X[:12], membership, np.eye(40, dtype=np.float32))
        folds = pairs.folds("classes", random_state=seed)
        assert len(folds) == 3 and sorted(np.concatenate([fold.test for fold in folds])) == list(range(12))
        assert all(len(np.unique(first_classes(membership, fold.train))) == 2 for fold in folds)

    def test_a_stored_false_is_no_name(self):
        explicit = csr_array((np.array([False, True, True]), ([0, 0, 1], [0, 1, 0])), shape=(2, 2))
        pairs = SeedPairs(X[:2], explicit, CLASS_VECTORS[:2])
        np.testing.assert_array_equal(pairs.targets, CLASS_VECTORS[[1, 0]])
        assert explicit.nnz == 3  # the caller's stays as it was


class TestParaphraseGroups:
    TERMS = ("a", "a", "A", "", "", "b")
    OWNERS = csr_array(np.array([[1, 0], [1, 0], [0, 1], [1, 0], [1, 0], [1, 0]], bool))

    def test_a_word_is_one_group_for_each_set_of_classes(self):
        assert paraphrase_groups(self.TERMS, self.OWNERS).tolist() == [0, 0, 1, 2, 3, 4]

    def test_merged_paraphrases_average_a_group(self):
        texts = np.arange(12, dtype=np.float32).reshape(6, 2)
        kinds = ["label", "template", "label", "description", "hypernym", "synonym"]
        merged = merged_paraphrases(SeedPairs(texts, self.OWNERS, CLASS_VECTORS[:2], kinds, terms=self.TERMS))
        assert list(merged.kinds) == ["label", "label", "description", "hypernym", "synonym"]
        np.testing.assert_array_equal(merged.X, [[1, 2], [4, 5], [6, 7], [8, 9], [10, 11]])
        np.testing.assert_array_equal(merged.targets, CLASS_VECTORS[[0, 1, 0, 0, 0]])

    def test_paraphrase_covariance_is_that_within_groups(self):
        texts = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
        units = texts / np.linalg.norm(texts, axis=1, keepdims=True)
        halves = (units[0] - units[1]) / 2  # only the first two sentences say the same
        groups = paraphrase_groups(self.TERMS, self.OWNERS)
        np.testing.assert_allclose(paraphrase_covariance(texts, groups), 2 * np.outer(halves, halves) / 6, atol=1e-7)
        pairs = SeedPairs(texts, self.OWNERS, CLASS_VECTORS[:2], terms=self.TERMS)
        fitted = fit_pairs(make_mapping("nearest-sentences"), pairs)
        merged = merged_paraphrases(pairs)
        expected = WithinClassWhitening().fit(merged.X, merged.targets, paraphrase_covariance(texts, groups))
        np.testing.assert_array_equal(fitted["whitening"].whitening_, expected.whitening_)

    def test_sentences_that_are_each_a_group_have_no_covariance_within_groups(self):
        """Rounding errors in place of 0 would be whitened, because the covariance is rescaled."""
        texts = np.random.default_rng(0).normal(size=(500, 20)).astype(np.float32)
        assert not paraphrase_covariance(texts, np.arange(len(texts))).any()

    def test_a_class_is_asked_for_by_its_groups(self):
        predictions = np.random.default_rng(0).normal(size=(6, D_CLASS))
        truth = first_classes(self.OWNERS)
        result = EvaluationResult(
            predictions,
            np.arange(6),
            truth,
            CLASS_VECTORS,
            split="classes",
            groups=paraphrase_groups(self.TERMS, self.OWNERS),
        )
        expected = np.mean([predictions[:2].mean(axis=0), predictions[3], predictions[4], predictions[5]], axis=0)
        np.testing.assert_allclose(result.class_predictions[0], expected)
        np.testing.assert_allclose(result.class_predictions[1], predictions[2])

    def test_evaluate_by_groups(self):
        terms = [f"{k}" for k in LABELS] + [""] * 4  # every class one group: fitted on means, asked by means
        result = evaluate(make_mapping("ridge"), SeedPairs(X, MEMBERSHIP, CLASS_VECTORS, terms=terms), PAIRS.folds())
        means = np.array([X[:-4][k == LABELS].mean(axis=0) for k in range(K)])
        fold = splits("classes", MEMBERSHIP)[0]
        known = np.flatnonzero(fold.known)
        several = [row for row in fold.train if row >= N - 4]
        Z = targets(MEMBERSHIP[several][:, known], CLASS_VECTORS[known]) if several else np.empty((0, D_CLASS))
        fitted = make_mapping("ridge").fit(np.vstack([means[known], X[several]]), np.vstack([CLASS_VECTORS[known], Z]))
        away = np.flatnonzero(~fold.known)
        np.testing.assert_allclose(result.class_predictions[away], fitted.predict(means[away]), rtol=1e-3, atol=1e-4)
