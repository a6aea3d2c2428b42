"""Figures behind the page Mapping error, of made-up evaluations."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from alignment.dictionary.classes import ClassTable
from alignment.evaluation.metrics import METRICS
from dashboard.views.mapping_error import data, two_mappings

CLASSES = ClassTable([281, 282, 0, 134])
ROWS = [0, 1, 3]  # that were evaluated


@pytest.fixture
def view_of(monkeypatch):
    """Function that gives a view of a mapping whose figure has these values."""
    monkeypatch.setattr(data, "cache_key", id)
    study = SimpleNamespace(classes=CLASSES)

    def view(mapping, figure, values, **more):
        result = SimpleNamespace(classes=np.array(ROWS), values=lambda key: pd.Series(values, ROWS, name=key), **more)
        return data.EvaluationView(study, mapping, "classes", METRICS[figure], {mapping: result})

    return view


@pytest.mark.parametrize(("figure", "gains"), [("cosine", [0.5, -0.25, 0.0]), ("median_rank", [-0.5, 0.25, 0.0])])
def test_a_gain_is_positive_where_the_first_mapping_is_better(view_of, figure, gains):
    first, second = view_of("ridge", figure, [0.75, 0.25, 1.0]), view_of("prototypes", figure, [0.25, 0.5, 1.0])
    found = data.difference(first, second)
    assert found.gains["gain"].tolist() == gains
    assert found.gains[["first", "second"]].to_numpy().tolist() == [[0.75, 0.25], [0.25, 0.5], [1.0, 1.0]]
    assert found.gains["name"].tolist() == [CLASSES.labels[row] for row in ROWS]
    assert found.difference == pytest.approx(0.25 / 3) and found.low < found.difference < found.high


def test_classes_that_one_mapping_does_better_begin_with_the_largest_gain(view_of, monkeypatch):
    table, listed = pd.DataFrame({"name": list("abcd"), "gain": [1, 3, -1, -2]}), []
    monkeypatch.setattr(two_mappings.st, "dataframe", lambda table, **_: listed.append(table["name"].tolist()))
    view = view_of("ridge", "cosine", [0.0] * 3)
    for largest in (True, False):
        two_mappings.list_better_classes(table, "", view, view, largest=largest)
    assert listed == [["b", "a"], ["d", "c"]]


@pytest.mark.parametrize(("figure", "worst"), [("cosine", "fish"), ("median_rank", "cat")])
def test_groups_begin_with_the_worst(view_of, figure, worst):
    table = pd.DataFrame({"value": [3.0, 1.0, 2.0]}, pd.Index(["cat", "fish", "bird"], name="group"))
    groups = data.by_group(view_of("ridge", figure, [0.0] * 3, group_intervals=lambda groups, figure: table))["group"]
    assert groups.iloc[0] == worst and groups.iloc[1] == "bird"


@pytest.mark.parametrize(("figure", "whole"), [("cosine", 4.0), ("median_rank", 2.0)])
def test_a_branch_of_the_tree_has_the_mean_of_its_classes_and_of_ranks_the_median(view_of, figure, whole):
    tree = data.tree(view_of("ridge", figure, [1.0, 2.0, 9.0]))
    root, classes = tree[tree["parent"] == ""], tree[tree["label"].isin(CLASSES.names)]
    assert root["value"].tolist() == [whole] and root["classes"].tolist() == [3]
    assert dict(zip(classes["label"], classes["value"], strict=True)) == {"tabby cat": 1, "tiger cat": 2, "crane": 9}
