import numpy as np
import pytest

from dashboard.components.figure_style import MAX_NAME
from dashboard.views.interpolation.charts import class_weights, curves_among_classes, picture_changes

POSITIONS = np.linspace(0, 1, 5)
WEIGHTS = np.array([[0.9, 0.05, 0.05], [0.6, 0.2, 0.2], [0.3, 0.3, 0.4], [0.1, 0.3, 0.6], [0.0, 0.1, 0.9]])


def test_class_weights_are_stacked_to_one_in_each_panel():
    fig = class_weights(
        {"Text": WEIGHTS, "Class": WEIGHTS[::-1]},
        POSITIONS,
        {0: "cat", 2: "fox"},
        {"cat": "#111111"},
        ["A", "lemon", "B"],
    )
    assert [trace.name for trace in fig.data] == ["cat", "fox", "all other classes"] * 2
    for group, panel in (("1", fig.data[:3]), ("2", fig.data[3:])):
        assert {trace.stackgroup for trace in panel} == {group}
        np.testing.assert_allclose(np.sum([trace.y for trace in panel], axis=0), 1)
    assert [trace.showlegend for trace in fig.data] == [True] * 3 + [False] * 3
    assert fig.data[0].fillcolor == "#111111"
    assert list(fig.layout.xaxis.ticktext) == ["A", "lemon", "B"] and list(fig.layout.xaxis.tickvals) == [0, 0.5, 1]
    assert fig.layout.margin.r > 0, "the last letter is left out where there is no room for half of it"


def test_long_names_are_cut_in_the_charts_and_whole_under_the_pointer():
    name = "club " * 39 + "club"
    fig = class_weights({"Text": WEIGHTS}, POSITIONS, {0: name}, {name: "#111111"}, ["A", name, "B"])
    assert fig.data[0].meta.replace("<br>", " ") == name and "%{meta}" in fig.data[0].hovertemplate
    assert len(fig.data[0].name) == len(fig.layout.xaxis.ticktext[1]) == MAX_NAME
    line = np.stack([np.linspace(0, 1, 21)] * 2, axis=1)
    curves = curves_among_classes(np.arange(4.0).reshape(2, 2), {"path": line}, ["cat", name], {1: name}, "AB")
    assert [len(note.text) for note in curves.layout.annotations] == [MAX_NAME]
    assert curves.data[0].text[1].replace("<br>", " ") == name


def test_picture_changes_has_one_bar_per_step_and_path():
    fig = picture_changes({"Text": np.array([1.0, 50.0]), "Class": np.array([20.0, 21.0])})
    assert [list(trace.y) for trace in fig.data] == [[1, 50], [20, 21]]
    assert len(set(fig.data[0].x)) == 2 and fig.layout.barmode == "group"


@pytest.mark.parametrize("waypoints", ["AB", ["A", "B", "lemon", "C"]])
def test_curves_have_one_style_in_both_spaces_and_letters_at_prompts(waypoints):
    classes, line = np.arange(8.0).reshape(4, 2), np.stack([np.linspace(0, 1, 21)] * 2, axis=1)
    styles = []
    for curves in ({"first": line}, {"first": line + 1, "second": line}):
        fig = curves_among_classes(classes, curves, list("abcd"), {1: "b", 3: "d"}, waypoints)
        drawn = [trace for trace in fig.data if trace.mode == "lines"]
        assert [curve.name for curve in drawn] == list(curves) and all(curve.showlegend for curve in drawn)
        styles += [curve.line for curve in drawn]
        labels = [tuple(trace.text) for trace in fig.data if trace.mode == "markers+text"]
        assert labels == [tuple(label if len(label) == 1 else "" for label in waypoints)]
        assert [note.text for note in fig.layout.annotations] == ["b", "d"]
        letters = fig.data[-1]
        assert (letters.x[0], letters.x[-1]) == (0, 1) and len(letters.x) == len(waypoints)
    assert styles[0] == styles[1] != styles[2]
