"""Charts of the mapping error: pure functions of data."""

import inspect
import re

import numpy as np
import pandas as pd
import pytest

from alignment.dictionary.taxonomy import taxonomy
from dashboard.views.mapping_error import comparison_charts, error_charts

NAMES = ["tabby", "lynx", "lion", "boat", "ship", "raft"]
VALUES = pd.Series([1.0, 2, 3, 10, 20, 300], name="rank")


@pytest.fixture
def pairs():
    return pd.DataFrame(
        {
            "name": NAMES,
            "group": ["cat"] * 3 + ["boat"] * 3,
            "first": [0.9, 0.5, 0.1, 0.2, 0.3, 0.4],
            "second": [0.1, 0.1, 0.1, 0.4, 0.5, 0.6],
        }
    ).assign(gain=lambda table: table["first"] - table["second"])


def test_distribution_counts_every_class_once():
    fig = error_charts.distribution(VALUES, "Rank", ranks=True)
    assert sum(fig.data[0].y) == len(VALUES) and fig.data[0].x[0] == "1"
    fig = error_charts.distribution(VALUES / 300, "Cosine", ranks=False)
    assert len(fig.data[0].x) == len(VALUES)
    assert fig.layout.annotations[0].text == f"mean {VALUES.mean() / 300:.2f}"
    fig = error_charts.distribution(pd.Series([-0.001, 0.0]), "Cosine", ranks=False)
    assert fig.layout.annotations[0].text == "mean 0.00"


def test_distribution_of_ranks_that_are_all_first():
    fig = error_charts.distribution(pd.Series([1.0, 1.0]), "Rank", ranks=True)
    assert sum(fig.data[0].y) == 2


@pytest.mark.parametrize(("rings", "kind"), [(False, "treemap"), (True, "sunburst")])
def test_taxonomy_sizes_by_classes_and_colours_by_error(rings, kind):
    tree = taxonomy(NAMES, ["thing > cat"] * 3 + ["thing > boat"] * 3, VALUES.to_numpy())
    fig = error_charts.taxonomy(tree, "Rank", higher_is_better=False, digits=0, rings=rings, dark=False)
    (trace,) = fig.data
    assert trace.type == kind
    below = dict(zip(trace.labels, trace["values"], strict=True))
    assert below == {"thing": 6, "cat": 3, "boat": 3} | dict.fromkeys(NAMES, 1)
    assert dict(zip(trace.labels, trace.marker.colors, strict=True))["cat"] == 2
    assert set(trace.parents) <= {"", *trace.ids}


@pytest.mark.parametrize(("higher_is_better", "dark"), [(False, False), (False, True), (True, False), (True, True)])
def test_the_worst_branch_has_the_colour_that_stands_out_from_the_page(higher_is_better, dark):
    tree = taxonomy(NAMES, ["thing > cat"] * 3 + ["thing > boat"] * 3, VALUES.to_numpy())
    fig = error_charts.taxonomy(tree, "", higher_is_better=higher_is_better, digits=0, rings=False, dark=dark)
    worst = fig.data[0].marker.colors.argmin() if higher_is_better else fig.data[0].marker.colors.argmax()
    assert fig.data[0].textfont.color[worst] == ("black" if dark else "white")  # on a pale or a dark field
    assert fig.layout.coloraxis.reversescale is (higher_is_better != dark)


def test_groups_have_the_worst_on_top_and_their_intervals():
    table = pd.DataFrame(
        {"group": ["boat", "cat"], "classes": [3, 3], "value": [20.0, 2], "low": [10.0, 1], "high": [300.0, 3]}
    )
    (dots,) = error_charts.groups(table, "Rank", 6.5, ranks=True).data
    assert list(dots.y) == ["cat", "boat"]  # Plotly draws the last on top
    assert list(dots.error_x.array) == [1, 280] and list(dots.error_x.arrayminus) == [1, 10]


def test_two_mappings_part_classes_by_which_is_better(pairs):
    fig = comparison_charts.two_mappings_by_class(pairs, "A", "B", "Cosine", ranks=False)
    assert [trace.name for trace in fig.data[:3]] == ["A better (2)", "B better (3)", "even (1)"]
    assert list(fig.data[0].text) == ["tabby", "lynx"]
    assert list(fig.data[0].y) == [0.9, 0.5] and list(fig.data[0].x) == [0.1, 0.1]
    assert fig.data[3].hoverinfo == "skip"  # the diagonal, which has no name


def test_better_shares_are_those_of_a_group(pairs):
    fig = comparison_charts.better_share_by_group(pairs, "A", "B")
    first, second = fig.data
    assert dict(zip(first.y, first.x, strict=True)) == pytest.approx({"cat": 2 / 3, "boat": 0})
    assert dict(zip(second.y, second.x, strict=True)) == pytest.approx({"cat": 0, "boat": -1})
    assert fig.layout.legend.y < 0  # above, it would lie on the subtitle
    one = comparison_charts.better_share_by_group(pairs.assign(group="cat"), "A", "B")
    assert one.layout.legend.y >= -2  # lower, Plotly puts it on the axis


def test_confusion_keeps_rows_and_columns():
    matrix = pd.DataFrame([[0.7, 0.3], [0, 1]], index=["cat", "boat"], columns=["cat", "boat"])
    (cells,) = error_charts.confusion_matrix(matrix).data
    np.testing.assert_array_equal(cells.z, matrix)
    assert list(cells.y) == ["cat", "boat"] == list(cells.x)


def test_correlations_that_chance_explains_are_faint():
    table = pd.DataFrame({"trait": ["seeds", "norm"], "correlation": [-0.5, 0.1], "p_value": [0.001, 0.4]})
    (bars,) = error_charts.correlations(table).data
    assert list(bars.y) == ["norm", "seeds"] and list(bars.marker.opacity) == [0.3, 1.0]


def test_error_by_trait_shows_every_class():
    (dots,) = error_charts.error_by_trait(pd.Series(range(6), name="seeds"), VALUES, NAMES, "Rank", ranks=True).data
    assert list(dots.x) == list(range(6)) and list(dots.text) == NAMES


def test_layers_are_columns_and_poolings_rows():
    table = pd.DataFrame({"layer": [0, 0, 1, 1], "pooling": ["cls", "mean"] * 2, "cosine": [0.1, 0.2, 0.3, 0.4]})
    (cells,) = comparison_charts.layers_by_poolings(table, "cosine", "Cosine", higher_is_better=True, digits=2).data
    assert list(cells.x) == ["0", "1"] and list(cells.y) == ["cls", "mean"]
    np.testing.assert_array_equal(cells.z, [[0.1, 0.3], [0.2, 0.4]])


def test_seed_kinds_stand_beside_all_seeds():
    table = pd.DataFrame(
        {
            "kind": ["all", "label", "synonym", "label"],
            "learned": ["all", "without", "without", "alone"],
            "seeds": [9, 5, 4, 4],
            "cosine": [0.5, 0.4, 0.3, 0.2],
        }
    )
    fig = comparison_charts.seed_kinds(table, "cosine", "Cosine")
    assert dict(zip(fig.data[0].y, fig.data[0].x, strict=True)) == {"label": 0.4, "synonym": 0.3}
    assert fig.layout.annotations[0].text == "all kinds 0.50"
    assert fig.layout.legend.y < 0


def test_learning_curve_ends_with_all_sentences():
    table = pd.DataFrame({"sentences": [1, None] * 2, "classes": [5, 5, 9, 9], "seeds": 1, "cosine": [1, 2, 3, 4]})
    fig = comparison_charts.learning_curve(table, "cosine", "Cosine")
    assert [trace.name for trace in fig.data] == ["9 classes", "5 classes"]
    assert list(fig.data[0].x) == ["1", "all"] and list(fig.data[0].y) == [3, 4]


def test_counts_under_the_pointer_are_right_of_one_too():
    """Plotly inserts a count as it is: "1 classes" would stand there."""
    for charts in (error_charts, comparison_charts):
        assert not re.findall(r"%\{+\w+[^}]*\}+ (?:classes|sentences)", inspect.getsource(charts))
