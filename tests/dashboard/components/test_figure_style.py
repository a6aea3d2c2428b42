"""Titles of charts, and the room that they take."""

import plotly.graph_objects as go
import pytest

from dashboard.components.figure_style import LEGEND_PIXELS, TITLE_PIXELS, TOP_PIXELS, with_page_style, with_title

LEGENDS = {"above": {"y": 1.02, "yanchor": "bottom"}, "below": {"y": -0.08, "yanchor": "top"}}


@pytest.mark.parametrize(("legend", "room"), [("above", LEGEND_PIXELS), ("below", 0)])
def test_a_title_makes_room_for_itself_and_a_legend_above(legend, room):
    fig = with_page_style(go.Figure(), height=300).update_layout(legend={"orientation": "h", **LEGENDS[legend]})
    titled = with_title(fig, "Error <of> all")
    assert titled.layout.title.text == "Error &lt;of&gt; all"
    assert titled.layout.height == 300 + TITLE_PIXELS + room and titled.layout.margin.t == TITLE_PIXELS + room


def test_titles_of_panels_stand_below_the_title():
    fig = with_page_style(go.Figure(), height=300).update_layout(margin_t=28)
    assert with_title(fig, "Error").layout.margin.t - TITLE_PIXELS == 28 - TOP_PIXELS
