"""Titles of charts, and the room that they take."""

import plotly.graph_objects as go

from dashboard.components.figure_style import (
    SUBTITLE_PIXELS,
    TITLE_PIXELS,
    TOP_PIXELS,
    with_page_style,
    with_title,
)


def test_a_title_makes_room_for_itself():
    titled = with_title(with_page_style(go.Figure(), height=300), "Error <of> all")
    assert titled.layout.title.text == "Error &lt;of&gt; all"
    assert titled.layout.height == 300 + TITLE_PIXELS and titled.layout.margin.t == TITLE_PIXELS


def test_the_toolbar_has_no_dark_ground():
    assert with_page_style(go.Figure(), height=300).layout.modebar.bgcolor == "rgba(0,0,0,0)"


def test_titles_of_panels_stand_below_the_title():
    fig = with_page_style(go.Figure(), height=300).update_layout(margin_t=28)
    assert with_title(fig, "Error").layout.margin.t - TITLE_PIXELS == 28 - TOP_PIXELS


def test_what_a_title_says_after_its_first_part_is_a_line_of_its_own():
    titled = with_title(with_page_style(go.Figure(), height=300), "Cosine by seeds · Ridge · held-out <classes>").layout
    assert (titled.title.text, titled.title.subtitle.text) == ("Cosine by seeds", "Ridge · held-out &lt;classes&gt;")
    assert titled.height == 300 + TITLE_PIXELS + SUBTITLE_PIXELS == 300 + titled.margin.t
