"""The style that all charts share: clear backgrounds, so that the page shows through in light and dark."""

from html import escape

import plotly.graph_objects as go

from dashboard.components.colours import GREY, TEAL, TRANSPARENT

TOP_PIXELS, TITLE_PIXELS, SUBTITLE_PIXELS, SIDE_PIXELS = 4, 34, 24, 8


def with_page_style(fig: go.Figure, *, height: int) -> go.Figure:
    """A figure without margins and backgrounds, ``height`` pixels high."""
    return fig.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": TOP_PIXELS, "b": 4},
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        bargap=0.3,
        modebar={"bgcolor": TRANSPARENT, "color": GREY, "activecolor": TEAL},  # black where left to Plotly
    )


def legend_below(depth: float) -> dict:
    """A legend below the axes, at a share of their height that leaves room for what is written at them.

    Above them, where it is narrow, it would grow into the title.
    """
    return {"orientation": "h", "y": -depth, "yanchor": "top", "x": 0, "traceorder": "normal"}


def with_title(fig: go.Figure, title: str) -> go.Figure:
    """The figure under a title; titles of panels above the axes stay below it.

    What follows the first " · " of the title, of which mapping and on what, becomes a line of its own: Plotly cuts a
    line that is longer than the chart is wide.
    """
    what, _, of = title.partition(" · ")
    layout = fig.layout
    above = TITLE_PIXELS + bool(of) * SUBTITLE_PIXELS
    title_style = {"text": escape(what), "x": 0, "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"}
    fig.update_layout(title=title_style | {"font": {"size": 14}, "pad": {"t": 6}})
    fig.update_layout(title_subtitle={"text": escape(of), "font": {"size": 12}})
    margin = layout.margin
    room = max((margin.t or 0) - TOP_PIXELS, 0)  # for the titles of panels
    return fig.update_layout(
        height=layout.height + above,
        margin={"l": max(margin.l or 0, SIDE_PIXELS), "r": max(margin.r or 0, SIDE_PIXELS), "t": above + room},
    )
