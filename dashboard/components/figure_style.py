"""The style that all charts share: clear backgrounds, and names shown letter by letter."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.components.colours import GREY, TEAL, TRANSPARENT

OWN_MARKUP = ("hovertemplate", "texttemplate")  # written here; what they quote stands in the data
TOP_PIXELS, TITLE_PIXELS, SUBTITLE_PIXELS, SIDE_PIXELS = 4, 34, 24, 8


def with_page_style(fig: go.Figure, *, height: int) -> go.Figure:
    """A figure without margins and backgrounds, ``height`` pixels high, in which all texts are as :func:`literal`.

    It is a new one, to which no names are to be added but by :func:`with_title`.
    """
    data, layout = ([part.to_plotly_json() for part in parts] for parts in (fig.data, [fig.layout]))
    fig = go.Figure(_literal_texts(data), *_literal_texts(layout))
    return fig.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": TOP_PIXELS, "b": 4},
        # Clear, so that the page shows through in light and dark.
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        bargap=0.3,
        modebar={"bgcolor": TRANSPARENT, "color": GREY, "activecolor": TEAL},  # black where left to Plotly
    )


def literal(text: str) -> str:
    """A text that Plotly shows letter by letter: its labels read a few tags and entities of HTML.

    Unlike ``html.escape`` it leaves quotation marks, whose entities Plotly does not know.

    Examples
    --------
    >>> literal("<b>salt & pepper</b>")
    '&lt;b>salt &amp; pepper&lt;/b>'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _literal_texts(part: Any, kind: str = "") -> Any:
    """A part of a figure with all texts :func:`literal` but ``OWN_MARKUP``; ``kind`` is of the trace it belongs to."""
    if isinstance(part, str):
        return literal(part)
    if isinstance(part, dict):
        kind = part.get("type", kind)
        plain = (*OWN_MARKUP, "ticktext") if kind == "parcoords" else OWN_MARKUP  # whose ticks are no HTML
        return {name: value if name in plain else _literal_texts(value, kind) for name, value in part.items()}
    if isinstance(part, (list, tuple)) or (isinstance(part, np.ndarray) and part.dtype.kind in "OUS"):
        return [_literal_texts(one, kind) for one in part]
    return part


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
    title_style = {"text": literal(what), "x": 0, "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"}
    fig.update_layout(title=title_style | {"font": {"size": 14}, "pad": {"t": 6}})
    fig.update_layout(title_subtitle={"text": literal(of), "font": {"size": 12}})
    margin = layout.margin
    room = max((margin.t or 0) - TOP_PIXELS, 0)  # for the titles of panels
    return fig.update_layout(
        height=layout.height + above,
        margin={"l": max(margin.l or 0, SIDE_PIXELS), "r": max(margin.r or 0, SIDE_PIXELS), "t": above + room},
    )
