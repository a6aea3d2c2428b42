"""Results of some classes of a space, their sentences in any order: every figure by hand."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import r2_score

from alignment.errors import InputError
from alignment.evaluation.metrics import ranks
from alignment.evaluation.result import EvaluationResult
from alignment.vectors.similarity import csls_of, similarities

K, D = 30, 6
CLASS_VECTORS = np.random.default_rng(0).normal(size=(K, D))
EVALUATED = [4, 7, 11, 20, 29]
TRUTH = np.array([20, 4, 7, 20, 11, 29, 4, 7, 11, 20, 29, 4, 7, 11, 29, 20])
ROWS = np.arange(len(TRUTH))[::-1] * 3
PREDICTIONS = CLASS_VECTORS[TRUTH] + 2.5 * np.random.default_rng(1).normal(size=(len(TRUTH), D))
SENTENCE_RANKS = ranks(similarities(PREDICTIONS, CLASS_VECTORS), TRUTH)
GROUPS = np.array(["odd" if k % 2 else "even" for k in range(K)])


def result(split="sentences", **rest):
    return EvaluationResult(PREDICTIONS, ROWS, TRUTH, CLASS_VECTORS, split=split, **rest)


def by_class(values, average):
    return [average(values[k == TRUTH]) for k in EVALUATED]


def test_sentences_are_averaged_within_their_class():
    figures = result().values
    assert figures("p_at_10").tolist() == pytest.approx(by_class(SENTENCE_RANKS <= 10, np.mean))
    assert figures("mrr").tolist() == pytest.approx(by_class(1 / SENTENCE_RANKS, np.mean))
    assert figures("median_rank").tolist() == by_class(SENTENCE_RANKS, np.median)
    assert figures("l2").tolist() == pytest.approx(
        by_class(np.linalg.norm(PREDICTIONS - CLASS_VECTORS[TRUTH], axis=1), np.mean)
    )
    assert by_class(SENTENCE_RANKS, np.median) != by_class(SENTENCE_RANKS, np.mean)


def test_explained_variance_is_that_of_single_sentences():
    expected = r2_score(CLASS_VECTORS[TRUTH], PREDICTIONS, multioutput="variance_weighted")
    assert result("classes").summary()["r2"] == pytest.approx(expected)


def test_hubs_among_sentences_are_corrected_by_the_means_of_classes():
    means = np.array([PREDICTIONS[k == TRUTH].mean(axis=0) for k in EVALUATED])
    corrected = csls_of([similarities(means, CLASS_VECTORS)])(similarities(PREDICTIONS, CLASS_VECTORS))
    assert result().values("csls_mrr").tolist() == pytest.approx(by_class(1 / ranks(corrected, TRUTH), np.mean))


def test_a_class_is_the_mean_over_its_groups_in_any_order():
    groups = np.array([5, 1, 2, 5, 3, 4, 1, 6, 3, 7, 4, 8, 2, 9, 4, 5])
    for k, found in zip(EVALUATED, result("classes", groups=groups).class_predictions, strict=True):
        own = np.unique(groups[k == TRUTH])
        expected = np.mean([PREDICTIONS[groups == group].mean(axis=0) for group in own], axis=0)
        np.testing.assert_allclose(found, expected)


def test_names_and_groups_are_those_of_the_evaluated_classes():
    table = result().per_class(names=[f"class {k}" for k in range(K)], groups=GROUPS)
    assert table["name"].tolist() == [f"class {k}" for k in EVALUATED]
    assert table["group"].tolist() == GROUPS[EVALUATED].tolist()
    S = similarities(np.array(by_class(PREDICTIONS, lambda rows: rows.mean(axis=0))), CLASS_VECTORS)
    assert result().nearest(29, top=1)["class"].tolist() == [S[-1].argmax()]
    S[np.arange(len(S)), EVALUATED] = -1
    assert table["nearest_wrong"].tolist() == S.argmax(axis=1).tolist()


def test_groups_of_classes_average_ranks_by_the_median_and_have_the_level_asked_for():
    table, ranked = result().group_intervals(GROUPS, "median_rank"), result().values("median_rank")
    odd = ranked[[7, 11, 29]]
    assert table.loc["odd", ["classes", "value"]].tolist() == [3, np.median(odd)] and np.median(odd) != odd.mean()
    narrow, wide = (result().group_intervals(GROUPS, "cosine", level=level).loc["odd"] for level in (0.5, 0.95))
    assert wide["low"] < narrow["low"] < narrow["high"] < wide["high"]
    narrow, wide = (result().confidence_interval("cosine", level=level) for level in (0.5, 0.95))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_kinds_are_those_of_the_rows_with_medians_within_classes_first():
    kinds = np.array(["label", "description"])[np.arange(ROWS.max() + 1) // 3 % 2]
    table = result().per_kind(kinds)
    for kind in table.index:
        of_kind = kinds[ROWS] == kind
        medians = [
            np.median(SENTENCE_RANKS[of_kind & (k == TRUTH)]) for k in EVALUATED if (of_kind & (k == TRUTH)).any()
        ]
        hits = [
            np.mean(SENTENCE_RANKS[of_kind & (k == TRUTH)] <= 10) for k in EVALUATED if (of_kind & (k == TRUTH)).any()
        ]
        assert table.loc[kind, ["sentences", "classes"]].tolist() == [of_kind.sum(), len(medians)]
        assert table.loc[kind, "median_rank"] == np.median(medians)
        assert table.loc[kind, "p_at_10"] == pytest.approx(np.mean(hits))
    with pytest.raises(InputError, match="one for each seed sentence"):
        result().per_kind(kinds[:-1])


def test_hubness_counts_the_classes_near_to_means():
    means = np.array([PREDICTIONS[k == TRUTH].mean(axis=0) for k in EVALUATED])
    nearest = np.argsort(-similarities(means, CLASS_VECTORS), axis=1)[:, :10]
    expected = stats.skew(np.bincount(nearest.ravel(), minlength=K))
    assert result().summary()["hubness"] == pytest.approx(expected)


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"truth": TRUTH - 5}, "Classes of predictions are whole numbers from 0 to 29; got int64 from -1 to 24"),
        ({"truth": TRUTH + 1}, "from 0 to 29; got int64 from 5 to 30"),
        ({"truth": TRUTH * 1.0}, "from 0 to 29; got float64"),
        ({"truth": [f"class {k}" for k in TRUTH]}, "Classes of predictions are whole numbers from 0 to 29; got <U"),
        ({"rows": [None, *ROWS[1:]]}, "Rows of predictions are whole numbers from 0; got object"),
        ({"rows": ROWS - 1}, "Rows of predictions are whole numbers from 0; got int64 from -1"),
        ({"rows": ROWS[1:]}, r"Each of 16 predictions has a row and a class; got rows of \(15,\)"),
        ({"predictions": PREDICTIONS * np.nan}, "rows of 6 finite numbers each"),
        ({"class_vectors": CLASS_VECTORS * np.inf}, "rows of 6 finite numbers each"),
        ({"groups": np.arange(3)}, r"Each of 16 predictions has a group; got \(3,\)"),
        ({"predictions": PREDICTIONS[:0], "rows": [], "truth": []}, "Each of 0 predictions"),
    ],
)
def test_what_is_no_result_is_refused(wrong, message):
    """A class of -1, as pandas gives to what is missing, was read as the last class."""
    given = {"predictions": PREDICTIONS, "rows": ROWS, "truth": TRUTH, "class_vectors": CLASS_VECTORS} | wrong
    with pytest.raises(InputError, match=message):
        EvaluationResult(**given, split="sentences")


def test_whole_numbers_are_measured_as_floats_are():
    whole = [(10 * each).round().astype(int) for each in (PREDICTIONS, CLASS_VECTORS)]
    measured = [
        EvaluationResult(predictions.astype(dtype), ROWS, TRUTH, vectors.astype(dtype), split="classes").summary()
        for predictions, vectors in [whole]
        for dtype in (float, int, np.float16)
    ]
    assert measured[0] == measured[1] == pytest.approx(measured[2], rel=1e-3)


@pytest.mark.parametrize("level", [95, 0, 1, -0.5, np.nan, "0.95", None])
def test_a_level_that_is_no_share_is_refused(level):
    """95 gave an interval of NaN."""
    with pytest.raises(InputError, match=r"level of an interval is a share between 0 and 1, such as 0\.95; got "):
        result().confidence_interval("cosine", level=level)
    with pytest.raises(InputError, match="level of an interval is a share"):
        result().group_intervals(GROUPS, level=level)


@pytest.mark.parametrize("top", [0, -1, 2.5, None])
def test_nearest_classes_are_counted_in_whole_numbers(top):
    with pytest.raises(InputError, match="top must be a whole number of at least 1"):
        result().nearest(29, top=top)
