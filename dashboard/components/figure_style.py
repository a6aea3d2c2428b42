"""Style of all Plotly charts: transparent backgrounds, escaped texts, titles, legends."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.components.colours import GREY, TEAL, TRANSPARENT
from dashboard.components.wording import shortened

OWN_MARKUP = ("hovertemplate", "texttemplate")  # templates from this code; the texts they insert are in the data
UNDER_THE_POINTER = ("customdata", "meta", "text")  # of a trace: what its hover text inserts
LINE = 48  # characters of a line there: Plotly breaks none, and cuts off what is wider than the chart
MAX_NAME = 28  # characters of a name beside an axis: on a phone half of the chart is left
TOP_PIXELS, TITLE_PIXELS, SUBTITLE_PIXELS, SIDE_PIXELS = 4, 34, 24, 8
# Of letters, as heights are in pixels: Streamlit's follow the browser's text, and every other row would lose its name.
LABEL_PIXELS, AXIS_TITLE_PIXELS = 12, 14


def with_page_style(fig: go.Figure, *, height: int) -> go.Figure:
    """New figure without margins and backgrounds, ``height`` pixels high, with all texts escaped by :func:`literal`.

    Texts added later are not escaped, except by :func:`with_title`.
    """
    data, layout = ([part.to_plotly_json() for part in parts] for parts in (fig.data, [fig.layout]))
    hovers = [{name: _in_lines(trace[name]) for name in UNDER_THE_POINTER if name in trace} for trace in data]
    data = [trace | hover for trace, hover in zip(_literal_texts(data), hovers, strict=True)]
    fig = go.Figure(data, *_literal_texts(layout))
    axis = {"tickfont": {"size": LABEL_PIXELS}, "title": {"font": {"size": AXIS_TITLE_PIXELS}}}
    fig.update_xaxes(axis).update_yaxes(axis)
    return fig.update_layout(
        font={"size": LABEL_PIXELS},
        legend={"font": {"size": LABEL_PIXELS}},
        height=height,
        margin={"l": 0, "r": 0, "t": TOP_PIXELS, "b": 4},
        # Transparent, so that the page's background shows in light and dark themes.
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        bargap=0.3,
        modebar={"bgcolor": TRANSPARENT, "color": GREY, "activecolor": TEAL},  # black where left to Plotly
    )


def literal(text: str) -> str:
    """Escape a text for Plotly, whose labels interpret a few HTML tags and entities.

    Unlike ``html.escape`` it leaves quotation marks, whose entities Plotly does not know.

    Examples
    --------
    >>> literal("<b>salt & pepper</b>")
    '&lt;b>salt &amp; pepper&lt;/b>'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _literal_texts(part: Any, kind: str = "") -> Any:
    """Escape all texts of a part of a figure but ``OWN_MARKUP``; ``kind`` is the type of its trace."""
    if isinstance(part, str):
        return literal(part)
    if isinstance(part, dict):
        kind = part.get("type", kind)
        plain = (*OWN_MARKUP, "ticktext") if kind == "parcoords" else OWN_MARKUP  # whose ticks are no HTML
        return {name: value if name in plain else _literal_texts(value, kind) for name, value in part.items()}
    if isinstance(part, (list, tuple)) or (isinstance(part, np.ndarray) and part.dtype.kind in "OUS"):
        return [_literal_texts(one, kind) for one in part]
    return part


def named_axis(names: Sequence[str]) -> dict:
    """Layout of an axis of names: each has a tick, cut to ``MAX_NAME`` characters, or Plotly leaves the chart no room.

    Plotly's hover texts repeat the ticks, so that the whole names are to be given to these by ``customdata``.
    """
    ticks = {"tickmode": "array", "tickvals": list(names), "ticktext": [shortened(name, MAX_NAME) for name in names]}
    return {"type": "category"} | ticks  # a category, because a name may be a number


def _in_lines(part: Any) -> Any:
    """Escape all texts of a part of a trace, in lines of at most ``LINE`` characters."""
    if isinstance(part, str):
        return literal(part) if len(part) <= LINE else "<br>".join(map(literal, wrap(part, LINE)))
    if isinstance(part, (list, tuple)) or (isinstance(part, np.ndarray) and part.dtype.kind in "OUS"):
        return [_in_lines(one) for one in part]
    return part


def legend_below(depth: float) -> dict:
    """Layout of a legend below the axes; ``depth``, a share of their height, leaves room for tick and axis labels.

    Above the axes of a narrow chart it would grow into the title.
    """
    return {"orientation": "h", "y": -depth, "yanchor": "top", "x": 0, "traceorder": "normal"}


def with_title(fig: go.Figure, title: str) -> go.Figure:
    """Add a title to a figure; titles of panels stay below it.

    The part after the first " · ", such as the mapping and the data, becomes the subtitle: Plotly cuts a line that is
    longer than the chart is wide.
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
