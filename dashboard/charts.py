"""Charts: data in, Plotly figure out. Backgrounds stay clear and text takes the page's colour, light or dark."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

ACCENT = "#12908a"  # readable on the light and on the dark background
QUIET = "#8fa3a8"


def nearest_bars(nearest: pd.DataFrame, pictures: Sequence[str] = ()) -> go.Figure:
    """Similarity of the nearest classes, best on top.

    Parameters
    ----------
    nearest : DataFrame
        As from ``Study.nearest`` for one prompt: ``rank``, ``name``, ``similarity``.
    pictures : sequence of str, optional
        A picture for every row, as a data address; drawn before the class's name.
    """
    values = nearest["similarity"].clip(lower=0)
    fig = go.Figure(
        go.Bar(
            x=values,
            y=nearest["rank"],
            orientation="h",
            width=0.34,
            marker={"color": [ACCENT, *[QUIET] * (len(nearest) - 1)], "cornerradius": 4},
            customdata=nearest[["name", "index", "similarity"]],
            hovertemplate="%{customdata[0]}<br>ImageNet class %{customdata[1]}<br>similarity %{customdata[2]:.3f}<extra></extra>",
        )
    )
    for row, name, similarity in zip(nearest["rank"], nearest["name"], nearest["similarity"], strict=True):
        fig.add_annotation(x=0, y=row - 0.33, text=name, xanchor="left", showarrow=False, font={"size": 14})
        fig.add_annotation(
            x=1, y=row - 0.33, text=f"{similarity:.2f}", xanchor="right", showarrow=False, font={"size": 14}
        )
    for row, picture in zip(nearest["rank"], pictures, strict=False):
        fig.add_layout_image(
            source=picture, xref="paper", yref="y", x=-0.02, y=row, sizex=0.2, sizey=0.86, xanchor="right", yanchor="middle"
        )
    fig.update_xaxes(visible=False, range=[0, 1], fixedrange=True)
    fig.update_yaxes(visible=False, range=[len(nearest) + 0.5, 0.4], fixedrange=True)
    return _bare(fig, height=58 * len(nearest) + 10, left=62 if pictures else 0)


def _bare(fig: go.Figure, *, height: int, left: int = 0) -> go.Figure:
    """The look all charts share."""
    return fig.update_layout(
        height=height,
        margin={"l": left, "r": 0, "t": 4, "b": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        bargap=0.3,
    )
