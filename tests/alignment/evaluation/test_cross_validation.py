"""Splits that keep near-copies apart, results that agree with loops, comparisons that carry their baselines."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from alignment.errors import InputError
from alignment.evaluation.ablations import learning_curve
from alignment.evaluation.baselines import (
    BASELINES,
    MEAN_VECTOR,
    OWN_VECTOR,
    SHUFFLED,
    evaluate_baselines,
    random_space,
)
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.encoder_sweep import sweep_layers
from alignment.evaluation.prompt_accuracy import evaluate_prompts
from alignment.evaluation.result import EvaluationResult, summary_table
from alignment.evaluation.seed_pairs import SeedPairs, targets
from alignment.evaluation.significance import corrected_p_values, paired_test, paired_values_test
from alignment.evaluation.splits import near_copies, splits
from alignment.mappings import make_mapping
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
from tests.alignment.mappings.toy import D_CLASS, LABELS, PER_CLASS, K


class TestSplits:
    def test_targets_are_the_mean_of_the_named_classes(self):
        Z = targets(MEMBERSHIP, CLASS_VECTORS)
        np.testing.assert_array_equal(Z[:-4], CLASS_VECTORS[LABELS])
        np.testing.assert_allclose(Z[-1], CLASS_VECTORS[:3].mean(axis=0), rtol=1e-6)
        assert len(np.unique(Z, axis=0)) == K + 1

    def test_a_sentence_without_a_class_is_refused(self):
        with pytest.raises(ValueError, match=r"membership\[1\] names no class"):
            targets(csr_array(np.array([[True], [False]])), CLASS_VECTORS[:1])

    def test_held_out_classes_are_never_learned(self):
        folds = splits("classes", MEMBERSHIP)
        evaluated = np.concatenate([fold.test for fold in folds])
        assert sorted(evaluated) == list(range(N - 4))
        for fold in folds:
            assert not MEMBERSHIP[fold.test].toarray()[:, fold.known].any()
            learned = MEMBERSHIP[fold.train].toarray()[:, fold.known]
            assert learned.any(axis=1).all()
            if fold.known[0] or fold.known[1] or fold.known[2]:
                assert N - 1 in fold.train

    def test_held_out_sentences_keep_templates_together(self):
        folds = splits("sentences", MEMBERSHIP, templates=TEMPLATES, n_splits=3)
        assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(N - 4))
        for fold in folds:
            assert fold.known.all()
            assert not set(TEMPLATES[fold.train]) & set(TEMPLATES[fold.test])

    @pytest.mark.parametrize("split", ["classes", "sentences", "kinds"])
    def test_texts_that_differ_in_case_and_punctuation_never_straddle(self, split):
        texts = [f"sentence {i}" for i in range(N)]
        texts[0], texts[PER_CLASS * 12 + 1] = "A crane.", "a  CRANE!"
        for fold in splits(split, MEMBERSHIP, texts=texts, kinds=KINDS):
            train, test = set(fold.train), set(fold.test)
            assert not (0 in train and PER_CLASS * 12 + 1 in test) and not (0 in test and PER_CLASS * 12 + 1 in train)

    def test_each_kind_is_held_out_in_turn(self):
        folds = splits("kinds", MEMBERSHIP, kinds=KINDS)
        assert [set(KINDS[fold.test]) for fold in folds] == [{"description"}, set(), {"label"}]
        assert all(not set(KINDS[fold.train]) & set(KINDS[fold.test]) for fold in folds)

    def test_the_same_seed_gives_the_same_folds(self):
        for split in ("classes", "sentences"):
            first, again, other = (splits(split, MEMBERSHIP, random_state=seed) for seed in (0, 0, 1))
            assert all(np.array_equal(a.test, b.test) for a, b in zip(first, again, strict=False))
            assert not all(np.array_equal(a.test, b.test) for a, b in zip(first, other, strict=False))

    def test_near_copies_chain(self):
        assert near_copies(5, ["A", "a.", "b", "c", "d"], ["1", "2", "2", "3", "4"]).tolist() == [0, 0, 0, 1, 2]

    def test_text_without_letters_is_its_own(self):
        assert len(set(near_copies(2, ["?", "!"]))) == 2

    @pytest.mark.parametrize(
        "arguments, message",
        [
            (dict(split="words"), "split is 'words'"),
            (dict(split="kinds"), "needs a kind for each"),
            (dict(split="kinds", kinds=["label"] * N), "at least two kinds"),
            (dict(split="classes", n_splits=2.5), "n_splits must be a whole number of at least 2; got 2.5"),
            (dict(split="classes", n_splits=K + 1), f"at most the number of classes with sentences of their own, {K}"),
        ],
    )
    def test_what_cannot_be_divided_is_said(self, arguments, message):
        with pytest.raises(ValueError, match=message):
            splits(membership=MEMBERSHIP, **arguments)


@pytest.fixture(scope="module")
def by_class():
    return evaluate(make_mapping("ridge"), PAIRS, PAIRS.folds("classes"))


@pytest.fixture(scope="module")
def by_sentence():
    return evaluate(make_mapping("ridge"), PAIRS, PAIRS.folds("sentences"))


class TestResult:
    def test_predictions_come_from_the_other_folds(self, by_class):
        fold = splits("classes", MEMBERSHIP)[2]
        Z = targets(MEMBERSHIP[fold.train][:, np.flatnonzero(fold.known)], CLASS_VECTORS[fold.known])
        expected = make_mapping("ridge").fit(X[fold.train], Z).predict(X[fold.test])
        place = {row: i for i, row in enumerate(by_class.rows)}
        np.testing.assert_allclose(
            by_class.predictions[[place[row] for row in fold.test]], expected, rtol=1e-4, atol=1e-5
        )
        np.testing.assert_array_equal(by_class.truth, first_classes(MEMBERSHIP, by_class.rows))

    def test_held_out_classes_are_ranked_once_each_by_their_mean_prediction(self, by_class):
        mean = np.array([by_class.predictions[by_class.truth == k].mean(axis=0) for k in range(K)])
        centre = CLASS_VECTORS.mean(axis=0)
        p, c = mean - centre, CLASS_VECTORS - centre
        S = (p @ c.T) / np.linalg.norm(p, axis=1)[:, None] / np.linalg.norm(c, axis=1)
        ranks = np.array([1 + np.sum(S[k] > S[k, k]) for k in range(K)])
        summary = by_class.summary()
        assert summary["p_at_5"] == pytest.approx(np.mean(ranks <= 5))
        assert summary["mrr"] == pytest.approx(np.mean(1 / ranks))
        assert summary["median_rank"] == np.median(ranks)
        wrong = [max((j for j in range(K) if j != k), key=lambda j: S[k, j]) for k in range(K)]
        assert by_class.per_class()["nearest_wrong"].tolist() == wrong

    def test_held_out_sentences_are_ranked_one_by_one(self, by_sentence):
        centre = CLASS_VECTORS.mean(axis=0)
        hits = {k: [] for k in range(K)}
        for p, k in zip(by_sentence.predictions, by_sentence.truth, strict=False):
            cosines = [
                (p - centre) @ (c - centre) / np.linalg.norm(p - centre) / np.linalg.norm(c - centre)
                for c in CLASS_VECTORS
            ]
            hits[k].append(np.argmax(cosines) == k)
        expected = np.mean([np.mean(hits[k]) for k in range(K)])
        summary = by_sentence.summary()
        assert summary["p_at_1"] == summary["sentence_p_at_1"] == pytest.approx(expected)

    def test_summary_is_flat_and_finite(self, by_class, by_sentence):
        for result in (by_class, by_sentence):
            summary = result.summary()
            assert all(isinstance(value, float) and np.isfinite(value) for value in summary.values())
            assert {
                "p_at_1",
                "p_at_5",
                "p_at_10",
                "mrr",
                "median_rank",
                "csls_p_at_1",
                "isf_p_at_1",
                "cosine",
                "l2",
                "r2",
                "norm_ratio",
                "hubness",
                "mutual_knn",
                "cka",
                "svcca",
                "rsa",
                "manifold_distance",
                "sentence_p_at_1",
            } <= set(summary)

    def test_per_class_table(self, by_class):
        names = [f"class {k}" for k in range(K)]
        groups = ["even" if k % 2 == 0 else "odd" for k in range(K)]
        paths = [f"entity > {group}" for group in groups]
        table = by_class.per_class(names=names, groups=groups, paths=paths)
        assert table.index.tolist() == list(range(K))
        assert (table["sentences"] == PER_CLASS).all()
        same = [groups[k] == groups[w] for k, w in zip(table.index, table["nearest_wrong"], strict=False)]
        assert table["wordnet_distance"].tolist() == [2 if s else 4 for s in same]
        assert table.loc[3, "nearest_wrong_name"] == names[table.loc[3, "nearest_wrong"]]
        grouped = by_class.group_intervals(groups, "cosine")
        assert grouped.loc["odd", "classes"] == K // 2
        assert grouped.loc["odd", "value"] == pytest.approx(table[table.group == "odd"]["cosine"].mean())

    def test_confidence_interval_holds_the_figure_and_matches_scipy(self, by_class):
        from scipy.stats import bootstrap

        low, high = by_class.confidence_interval("cosine")
        assert low < by_class.summary()["cosine"] < high
        expected = bootstrap(
            (by_class.values("cosine"),), np.mean, method="percentile", n_resamples=5000, random_state=0
        ).confidence_interval
        assert (low, high) == pytest.approx(tuple(expected), abs=0.03)

    def test_a_figure_of_the_whole_space_has_no_interval(self, by_class):
        with pytest.raises(ValueError, match="'cka' has no value for a single class"):
            by_class.confidence_interval("cka")

    def test_paired_test(self, by_class):
        from scipy.stats import permutation_test

        other = evaluate(make_mapping("prototypes"), PAIRS, PAIRS.folds())
        found = paired_test(by_class, other, "cosine")
        a, b = by_class.values("cosine"), other.values("cosine")
        expected = permutation_test(
            (a, b), lambda a, b: np.mean(a - b), permutation_type="samples", n_resamples=9999, random_state=0
        )
        assert found["difference"] == pytest.approx(np.mean(a - b))
        assert found["p_value"] == pytest.approx(expected.pvalue, abs=0.03)
        assert found["low"] < found["difference"] < found["high"]
        assert paired_test(by_class, by_class)["p_value"] == 1.0

    def test_corrected_p_values_are_those_of_the_largest_difference(self, rng):
        shared = rng.normal(size=(60, 1))
        values = pd.DataFrame(shared + 0.3 * rng.normal(size=(60, 8)))
        values[8], values[9] = values[0], values[0] + 0.4 + 0.1 * rng.normal(size=60)
        found = corrected_p_values(values)
        pair = paired_values_test(values[0], values[1])
        alone = corrected_p_values(values[[0, 1]]).loc[0, 1]
        assert alone == pytest.approx(pair["p_value"], abs=0.03) and found.loc[0, 1] >= alone
        assert found.loc[0, 8] == 1 and (found.loc[9].drop(9) < 0.01).all()
        assert (found.to_numpy() == found.to_numpy().T).all()

    def test_what_a_third_run_lacks_takes_nothing_from_a_pair(self, rng):
        base = pd.Series(rng.normal(size=500))
        values = pd.DataFrame({"a": base, "b": base + 0.05 + 0.2 * rng.normal(size=500)})
        alone = corrected_p_values(values).loc["a", "b"]
        few = pd.Series(rng.normal(size=4))
        other = pd.Series(rng.normal(size=30), index=range(600, 630))
        for third in (few, other):
            together = values.join(third.rename("c"), how="outer")
            found = corrected_p_values(together)
            assert found.loc["a", "b"] == pytest.approx(alone, abs=0.01) and found.loc["a", "b"] < 0.01
            assert np.isnan(found.loc["a", "c"]) == (third is other)
        assert np.isnan(corrected_p_values(values.join(few[:1].rename("c"))).loc["a", "c"])

    @pytest.mark.parametrize("shared", [0, 1])
    def test_less_than_two_shared_classes_are_refused(self, shared):
        with pytest.raises(InputError, match="share fewer than two classes"):
            paired_values_test(pd.Series([1.0, 2.0]), pd.Series([1.0, 2.0], index=[2 - shared, 3 - shared]))

    def test_of_many_runs_that_do_not_differ_none_is_found_better(self, rng):
        p_values = [corrected_p_values(pd.DataFrame(rng.normal(size=(40, 12))), n_resamples=500) for _ in range(40)]
        false = sum((found.to_numpy() < 0.05).any() for found in p_values)
        assert false <= 6  # 2 of 40 are expected, though each holds 66 pairs

    def test_progress_is_told_fold_by_fold(self):
        seen = []
        folds = PAIRS.folds(n_splits=3)
        evaluate(make_mapping("least-squares"), PAIRS, folds, progress=lambda *step: seen.append(step), label="x")
        assert seen == [("x", 0, 3), ("x", 1, 3), ("x", 2, 3), ("x", 3, 3)]

    def test_the_mapping_itself_stays_unfitted(self):
        mapping = make_mapping("ridge")
        evaluate(mapping, PAIRS, PAIRS.folds(n_splits=2))
        assert not hasattr(mapping, "coef_")

    def test_nothing_to_evaluate(self):
        several = csr_array(np.ones((4, 3), bool))
        with pytest.raises(ValueError, match="No fold has both"):
            pairs = SeedPairs(X[:4], several, CLASS_VECTORS[:3])
            evaluate(make_mapping("ridge"), pairs, pairs.folds("sentences", n_splits=2))


class TestBaselines:
    def test_they_bound_every_mapping(self):
        folds = PAIRS.folds()
        ridge = evaluate(make_mapping("ridge"), PAIRS, folds)
        table = summary_table({"ridge": ridge} | evaluate_baselines(PAIRS, folds))
        assert list(table.index) == ["ridge", *BASELINES]
        assert table.loc[OWN_VECTOR, ["p_at_1", "cosine", "r2", "norm_ratio", "cka"]].tolist() == pytest.approx([1] * 5)
        assert table.loc[MEAN_VECTOR, "r2"] == pytest.approx(0, abs=0.05)
        assert table.loc[MEAN_VECTOR, "median_rank"] == (K + 1) / 2
        assert table.loc[MEAN_VECTOR, ["p_at_1", "cosine", "norm_ratio"]].tolist() == pytest.approx([0] * 3, abs=1e-5)
        assert table.loc[SHUFFLED, "cosine"] < 0.2 < table.loc["ridge", "cosine"]

    def test_shuffled_pairs_teach_nothing_about_sentences_either(self):
        results = evaluate_baselines(PAIRS, PAIRS.folds("sentences"))
        assert results[SHUFFLED].summary()["p_at_1"] < 0.25

    def test_the_seed_shuffles_the_pairs(self):
        one, other = (random_space(PAIRS, seed) for seed in (0, 1))
        assert not np.array_equal(one.class_vectors, other.class_vectors)
        folds = PAIRS.folds(random_state=1)
        expected = evaluate(make_mapping("ridge"), other, folds)
        found = evaluate_baselines(PAIRS, folds, random_state=1)[SHUFFLED]
        np.testing.assert_array_equal(found.predictions, expected.predictions)

    def test_evaluate_prompts(self):
        table = evaluate_prompts(CLASS_VECTORS[[0, 1, 2]], CLASS_VECTORS, [[0], [5], [2, 3]], ["a", "a", "b"])
        assert table["prompts"].to_dict() == {"a": 2, "b": 1, "all": 3}
        assert table["hit_at_1"].to_dict() == pytest.approx({"a": 0.5, "b": 1.0, "all": 2 / 3})

    def test_sweep_covers_layers_and_poolings(self):
        noise = np.random.default_rng(1).normal(size=X.shape)
        table = sweep_layers(
            lambda layer, pooling: X + layer * noise, [0, 100], ["mean", "cls"], make_mapping("ridge"), PAIRS
        )
        assert table[["layer", "pooling"]].apply(tuple, axis=1).tolist() == [
            (0, "mean"),
            (0, "cls"),
            (100, "mean"),
            (100, "cls"),
        ]
        assert table["cosine"].iloc[0] > table["cosine"].iloc[2]

    def test_learning_curve_learns_from_fewer(self):
        said = []
        progress = lambda stage, *_: said.append(stage)  # noqa: E731
        options = {"sentences": (1, 3, None), "classes": (0.5, 1.0), "progress": progress}
        table = learning_curve(make_mapping("ridge"), PAIRS, **options)
        assert said[::2] == [
            *(f"{most}, 50% of classes" for most in ("1 sentence", "3 sentences", "all sentences")),
            "all sentences, 100% of classes",
        ]
        assert isinstance(table, pd.DataFrame) and len(table) == 6
        full = table[table["classes"] > 15]
        assert full["seeds"].tolist()[:2] == pytest.approx([K * 0.8, 3 * K * 0.8], abs=1)
        assert (table["classes"].iloc[::2] < 15).all()
        assert full["cosine"].iloc[-1] > table["cosine"].iloc[0]


def test_results_do_not_depend_on_the_order_of_rows():
    truth = np.array([1, 0, 1, 0])
    predictions = np.random.default_rng(0).normal(size=(4, D_CLASS)).astype(np.float32)
    one = EvaluationResult(predictions, np.arange(4), truth, CLASS_VECTORS, split="classes").summary()
    other = EvaluationResult(
        predictions[::-1], np.arange(4)[::-1], truth[::-1], CLASS_VECTORS, split="classes"
    ).summary()
    assert one == pytest.approx(other, rel=1e-5)
