"""Titles of charts, and the room that they take."""

import ast
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from alignment.dictionary.seeds import SEED_KINDS
from alignment.dictionary.taxonomy import taxonomy
from alignment.evaluation.metrics import COMPARED
from dashboard.components.figure_style import (
    LINE,
    MAX_NAME,
    SUBTITLE_PIXELS,
    TITLE_PIXELS,
    TOP_PIXELS,
    with_page_style,
    with_title,
)
from dashboard.views.generate import charts as generate
from dashboard.views.interpolation import charts as interpolation
from dashboard.views.lesson import charts as lesson
from dashboard.views.mapping_error import comparison_charts, error_charts
from dashboard.views.runs import charts as runs
from dashboard.views.runs.data import CHOSEN
from dashboard.views.seed_pairs import charts as seed_pairs

VIEWS = Path(__file__).parents[3] / "dashboard" / "views"
HOSTILE = '<b>"A" & <a href="http://x">B</a></b><br>'
SHOWN = '&lt;b>"A" &amp; &lt;a href="http://x">B&lt;/a>&lt;/b>&lt;br>'
NAMES = [HOSTILE, "1", "2", "3"]
POINTS = np.arange(8.0).reshape(4, 2)
CLASSES = pd.DataFrame(
    {"name": NAMES, "group": NAMES, "first": POINTS[:, 0], "second": POINTS[::-1, 1], "gain": [1, -1, 0, 1]}
)
GROUPS = pd.DataFrame({"group": NAMES, "classes": 1, "value": 2.0, "low": 1.0, "high": 3.0})
TREE = taxonomy(NAMES, [f"thing > {HOSTILE}"] * 4, np.arange(4.0))
COUNTS = pd.DataFrame({"group": NAMES, **dict.fromkeys(SEED_KINDS, 1), "total": len(SEED_KINDS)})
RUNS = pd.DataFrame(
    {name: NAMES for name in CHOSEN} | {"mapping": "ridge", "random": False, "layer": 1} | dict.fromkeys(COMPARED, 0.5)
)
WEIGHTS = pd.DataFrame(POINTS / 8, index=NAMES, columns=["a", HOSTILE])
ATTRIBUTIONS = pd.DataFrame({"word": NAMES, "change": 0.1, "name": NAMES})
FIGURES_OF_NAMES = {
    "class_weights": lambda: generate.similarity_heat_map(WEIGHTS),
    "attributions": lambda: generate.attributions(ATTRIBUTIONS, "cat"),
    "paths": lambda: interpolation.class_weights({HOSTILE: POINTS / 8}, POINTS[:, 0], {0: HOSTILE}, {}, NAMES),
    "curves": lambda: interpolation.curves_among_classes(POINTS, {"path": POINTS}, NAMES, {0: HOSTILE}, ["A", "B"]),
    "number_rows": lambda: lesson.number_rows({HOSTILE: POINTS[:, 0]}, "number"),
    "learning_map": lambda: lesson.learning_map(
        POINTS,
        np.ones(4, bool),
        NAMES,
        [HOSTILE],
        POINTS[:1],
        POINTS[1:2],
        dict.fromkeys(("unknown", "known", "sentence"), ""),
    ),
    "treemap": lambda: error_charts.taxonomy(TREE, "Rank", higher_is_better=False, digits=0, rings=False, dark=False),
    "groups": lambda: error_charts.groups(GROUPS, "Rank", 2, ranks=True),
    "confusions": lambda: error_charts.confusion_matrix(pd.DataFrame(np.eye(4), index=NAMES, columns=NAMES)),
    "error_by_trait": lambda: error_charts.error_by_trait(
        pd.Series(range(4), name="seeds"), CLASSES["first"], NAMES, "Rank", ranks=False
    ),
    "two_mappings": lambda: comparison_charts.two_mappings_by_class(CLASSES, "A", "B", "Rank", ranks=False),
    "better_shares": lambda: comparison_charts.better_share_by_group(CLASSES, "A", "B"),
    "kinds_by_group": lambda: seed_pairs.kinds_by_group(COUNTS),
}


@pytest.mark.parametrize("figure", FIGURES_OF_NAMES.values(), ids=FIGURES_OF_NAMES)
def test_names_are_shown_letter_by_letter(figure):
    texts = list(texts_of(with_title(figure(), f"{HOSTILE} · {HOSTILE}").to_plotly_json()))
    assert not [text for text in texts if "<" in text]
    assert sum(text == SHOWN or text.startswith(SHOWN[:14]) for text in texts) > 2  # beside title and subtitle


def test_names_beside_axes_of_runs_are_shown_as_they_are():
    (axes,) = runs.parallel(RUNS, "cosine").data  # Plotly reads no tags there
    assert any(text.startswith('<b>"A" & ') for text in axes.dimensions[0].ticktext)


@pytest.mark.parametrize("name", ["groups", "confusions", "better_shares", "kinds_by_group", "class_weights"])
def test_names_that_are_numbers_are_names(name):
    assert FIGURES_OF_NAMES[name]().layout.yaxis.type == "category"


LONG_NAMES = ["club " * 40 + end for end in "abcd"]
LONG = CLASSES.assign(name=LONG_NAMES, group=LONG_NAMES)


@pytest.mark.parametrize(
    ("figure", "axes"),
    [
        (lambda: error_charts.groups(GROUPS.assign(group=LONG_NAMES), "Rank", 2, ranks=True), "y"),
        (lambda: error_charts.confusion_matrix(pd.DataFrame(np.eye(4), index=LONG_NAMES, columns=LONG_NAMES)), "xy"),
        (lambda: comparison_charts.better_share_by_group(LONG, "A", "B"), "y"),
        (lambda: seed_pairs.kinds_by_group(COUNTS.assign(group=LONG_NAMES)), "y"),
        (lambda: generate.similarity_heat_map(WEIGHTS.set_axis(LONG_NAMES)), "y"),
    ],
    ids=["groups", "confusions", "better_shares", "kinds_by_group", "class_weights"],
)
def test_long_names_leave_the_chart_room_and_are_whole_under_the_pointer(figure, axes):
    shown = figure()
    for axis in axes:
        ticks = shown.layout[f"{axis}axis"]
        assert sorted(ticks.tickvals) == sorted(set(shown.data[0][axis])) == LONG_NAMES
        assert {len(text) for text in ticks.ticktext} == {MAX_NAME}
        assert f"%{{{axis}}}" not in shown.data[0].hovertemplate
    under_the_pointer = set(texts_of(shown.data[0].to_plotly_json()["customdata"]))
    assert {text.replace("<br>", " ") for text in under_the_pointer} >= set(LONG_NAMES)
    assert max(len(unescape(line)) for text in under_the_pointer for line in text.split("<br>")) <= LINE


def test_every_figure_of_the_pages_has_this_style():
    for path in VIEWS.rglob("*charts.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in tree.body:
            if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
                made = ast.unparse(function)
                assert "go.Figure" not in made or "with_page_style(" in made, (path, function.name)


def texts_of(part):
    """All texts of a figure but the project's own markup."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for name, value in part.items():
            if name not in ("hovertemplate", "texttemplate"):
                yield from texts_of(value)
    elif isinstance(part, (list, tuple, np.ndarray)):
        for one in part:
            yield from texts_of(one)


def test_a_title_makes_room_for_itself():
    titled = with_title(with_page_style(go.Figure(), height=300), "Error <of> all")
    assert titled.layout.title.text == "Error &lt;of> all"
    assert titled.layout.height == 300 + TITLE_PIXELS and titled.layout.margin.t == TITLE_PIXELS


def test_the_toolbar_has_no_dark_ground():
    assert with_page_style(go.Figure(), height=300).layout.modebar.bgcolor == "rgba(0,0,0,0)"


def test_titles_of_panels_stand_below_the_title():
    fig = with_page_style(go.Figure(), height=300).update_layout(margin_t=28)
    assert with_title(fig, "Error").layout.margin.t - TITLE_PIXELS == 28 - TOP_PIXELS


def test_what_a_title_says_after_its_first_part_is_a_line_of_its_own():
    titled = with_title(with_page_style(go.Figure(), height=300), "Cosine by seeds · Ridge · held-out <classes>").layout
    assert (titled.title.text, titled.title.subtitle.text) == ("Cosine by seeds", "Ridge · held-out &lt;classes>")
    assert titled.height == 300 + TITLE_PIXELS + SUBTITLE_PIXELS == 300 + titled.margin.t
