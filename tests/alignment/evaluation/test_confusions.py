"""Where predictions land, and what might explain it: against counting by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap, spearmanr

from alignment.errors import InputError
from alignment.evaluation.class_traits import class_traits, rank_correlations
from alignment.evaluation.confusions import confusions, group_matrix, share_in_right_group
from alignment.evaluation.result import EvaluationResult

CLASS_VECTORS = np.eye(4, dtype=np.float32)
NAMES, GROUPS = ["tabby", "persian", "boat", "ship"], ["cat", "cat", "craft", "craft"]
PATHS = ["entity > animal > cat"] * 2 + ["entity > craft"] * 2
TRUTH = np.array([0, 0, 0, 1, 2, 2])
PREDICTED = np.array([0, 1, 1, 1, 3, 0])  # the class that each sentence is mapped to


def result(split="sentences"):
    return EvaluationResult(CLASS_VECTORS[PREDICTED], np.arange(6), TRUTH, CLASS_VECTORS, split=split)


def test_confusions_of_sentences_are_shares_of_a_class():
    pairs = confusions(result(), NAMES, GROUPS, PATHS).set_index(["class", "predicted"])
    assert pairs["share"].to_dict() == pytest.approx(
        {(0, 0): 1 / 3, (0, 1): 2 / 3, (1, 1): 1, (2, 3): 0.5, (2, 0): 0.5}
    )
    assert pairs["wordnet_distance"].to_dict() == {(0, 0): 0, (0, 1): 2, (1, 1): 0, (2, 3): 2, (2, 0): 5}
    assert pairs["similarity"].tolist() == pytest.approx([1] * 5)
    assert pairs.loc[(2, 0), ["name", "predicted_name", "group", "predicted_group"]].tolist() == [
        "boat",
        "tabby",
        "craft",
        "cat",
    ]
    assert pairs["share"].is_monotonic_decreasing


def test_of_equal_shares_the_more_similar_comes_first():
    blends = np.array([[0.7, 0.3, 0, 0], [0, 0, 0.8, 0.2], [0, 0, 0.1, 0.9], [0.4, 0.6, 0, 0], [0.4, 0.6, 0, 0]])
    found = EvaluationResult(blends, np.arange(5), np.array([0, 2, 2, 3, 3]), CLASS_VECTORS, split="sentences")
    pairs = confusions(found, NAMES, GROUPS)[["class", "predicted"]].to_numpy().tolist()
    assert pairs == [[0, 0], [3, 1], [2, 3], [2, 2]]


def test_the_similarity_of_a_confusion_is_the_mean_over_its_queries():
    near, far = np.array([0.9, 0.1, 0.0, 0.0]), np.array([0.6, 0.4, 0.0, 0.0])
    both = EvaluationResult(np.stack([near, far]), np.arange(2), np.array([1, 1]), CLASS_VECTORS, split="sentences")
    shifted = CLASS_VECTORS[0] - 0.25
    cosines = [(p - 0.25) @ shifted / np.linalg.norm(p - 0.25) / np.linalg.norm(shifted) for p in (near, far)]
    pairs = confusions(both, NAMES, GROUPS)
    assert pairs[["class", "predicted"]].to_numpy().tolist() == [[1, 0]]
    assert pairs["similarity"].tolist() == pytest.approx([np.mean(cosines)])


def test_without_hypernyms_no_distance_is_told_and_without_groups_none_of_them():
    assert "wordnet_distance" not in confusions(result(), NAMES, GROUPS)
    assert not {"group", "predicted_group"} & {*confusions(result(), NAMES)}
    known = confusions(result(), NAMES, GROUPS, [*PATHS[:2], "", ""]).set_index(["class", "predicted"])
    assert known["wordnet_distance"].fillna(-1).to_dict() == {(0, 0): 0, (0, 1): 2, (1, 1): 0, (2, 3): -1, (2, 0): -1}


def test_an_answer_of_a_class_that_was_not_evaluated_is_refused():
    assert result().nearest(2)["class"].tolist()[0] in (0, 3)
    for row in (3, 9):
        with pytest.raises(InputError, match=f"class of row {row} was not evaluated"):
            result().nearest(row)


def test_a_held_out_class_lands_once_by_its_mean():
    pairs = confusions(result("classes"), NAMES, GROUPS, PATHS).set_index("class")
    assert pairs["predicted"].to_dict()[0] == 1 and len(pairs) == 3 and (pairs["share"] == 1).all()


def test_group_matrix_rows_add_up_to_one():
    matrix = group_matrix(confusions(result(), NAMES, GROUPS, PATHS))
    assert list(matrix.index) == list(matrix.columns) == ["cat", "craft"]
    np.testing.assert_allclose(matrix, [[1, 0], [0.5, 0.5]])


def test_a_group_counts_all_its_queries_and_one_without_any_has_a_row_of_zeros():
    columns = ["class", "predicted", "share", "group", "predicted_group"]
    rows = [(0, 2, 1.0, "cat", "craft"), (1, 2, 0.5, "cat", "craft"), (1, 1, 0.5, "cat", "cat")]
    matrix = group_matrix(pd.DataFrame(rows, columns=columns))
    np.testing.assert_allclose(matrix, [[0.25, 0.75], [0, 0]])


def test_the_share_in_the_right_group_leaves_right_answers_out_and_weighs_classes_equally():
    assert share_in_right_group(confusions(result(), NAMES, GROUPS)) == pytest.approx(
        (1 + 0.5) / 2
    )  # of tabby and boat
    pairs = pd.DataFrame(
        [(0, 0, 0.9, "cat"), (0, 1, 0.025, "cat"), (0, 2, 0.075, "craft"), (1, 0, 1.0, "cat"), (2, 2, 1.0, "craft")],
        columns=["class", "predicted", "share", "predicted_group"],
    ).assign(group=["cat", "cat", "cat", "cat", "craft"])
    assert share_in_right_group(pairs) == pytest.approx((0.25 + 1) / 2)  # one of four wrong answers, and the only one
    assert np.isnan(share_in_right_group(pairs[pairs["class"] == pairs["predicted"]]))


def test_nearest_of_a_class():
    nearest = result().nearest(0, top=2)
    assert nearest["class"].tolist() == [1, 0] and nearest["similarity"].is_monotonic_decreasing


def test_per_kind_averages_within_classes_first():
    table = result().per_kind(["label", "description", "description", "label", "label", "label"])
    assert table.loc["label", ["sentences", "classes", "p_at_1"]].tolist() == pytest.approx([4, 3, 2 / 3])
    assert table.loc["description", ["sentences", "classes", "p_at_1"]].tolist() == [2, 1, 0]


def test_group_intervals_agree_with_scipy():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(40, 5)).astype(np.float32)
    measured = EvaluationResult(
        vectors + rng.normal(size=vectors.shape), np.arange(40), np.arange(40), vectors, split="classes"
    )
    groups = np.array(["a", "b"])[np.arange(40) % 2]
    table = measured.group_intervals(groups, "cosine")
    values = measured.values("cosine").to_numpy()[groups == "b"]
    expected = bootstrap((values,), np.mean, method="percentile", n_resamples=5000, random_state=0).confidence_interval
    assert table.loc["b", "classes"] == 20 and table.loc["b", "value"] == pytest.approx(values.mean())
    assert table.loc["b", ["low", "high"]].tolist() == pytest.approx(list(expected), abs=0.05)


def test_traits_and_their_correlations():
    vectors = np.random.default_rng(1).normal(size=(6, 3))
    counts = pd.DataFrame({"label": [1, 2, 3, 4, 5, 6], "own": 0, "total": [1, 2, 3, 4, 5, 6]}, index=range(100, 106))
    traits = class_traits(vectors, counts, [1] * 6, [9, 2, 5, 1, 8, 3])
    assert "own seeds" not in traits and "total seeds" not in traits  # there are none; they are "seeds"
    shifted = vectors - vectors.mean(axis=0)
    unit = shifted / np.linalg.norm(shifted, axis=1, keepdims=True)
    cosines = unit @ unit.T - 2 * np.eye(6)
    np.testing.assert_allclose(traits["distance to the nearest class"], 1 - cosines.max(axis=1))
    np.testing.assert_allclose(traits["length of the class vector"], np.linalg.norm(shifted, axis=1))
    values = pd.Series([0.5, 0.1, 0.9, 0.3], index=[0, 2, 3, 5])
    table = rank_correlations(values, traits).set_index("trait")
    assert "word pieces of the name" not in table.index  # all the same
    expected = spearmanr(values, [9, 5, 1, 3])
    assert table.loc["place in the vocabulary", ["correlation", "p_value"]].tolist() == pytest.approx(list(expected))
    assert table["correlation"].abs().is_monotonic_decreasing


def test_the_nearest_class_may_be_on_the_other_side_of_the_mean():
    traits = class_traits(np.eye(3), pd.DataFrame({"total": [1, 1, 1]}), [1] * 3, [1] * 3)
    np.testing.assert_allclose(traits["distance to the nearest class"], 1.5)


def test_a_figure_that_is_the_same_for_all_classes_correlates_with_nothing():
    traits = class_traits(np.eye(3), pd.DataFrame({"total": [1, 2, 3]}), [1, 2, 3], [3, 1, 2])
    assert rank_correlations(pd.Series([0.5, 0.5, 0.5]), traits).empty
