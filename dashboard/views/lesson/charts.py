"""Charts of the lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.components.colours import MIDDLE_GREY, ORANGE, RED, TEAL, faint
from dashboard.components.figure_style import with_page_style

NEGATIVE, ZERO, POSITIVE = RED, faint(MIDDLE_GREY, 0.08), TEAL
HIGHLIGHT, UNKNOWN = ORANGE, faint(MIDDLE_GREY, 0.45)
TICK_PIXELS = 32  # across a number of four digits at an axis, in any browser


def number_rows(rows: Mapping[str, np.ndarray], hover: str) -> go.Figure:
    """Heat map of vectors, one per row: one colour for positive numbers, another for negative ones.

    Parameters
    ----------
    rows : mapping from label to float array (d,), from top to bottom
    hover : label of a cell, before its position in the row
    """
    values = np.vstack(list(rows.values()))
    limit = float(np.abs(values).max())
    fig = go.Figure(
        go.Heatmap(
            z=values[::-1],
            x=list(range(1, values.shape[1] + 1)),
            y=list(rows)[::-1],
            zmin=-limit,
            zmax=limit,
            colorscale=[[0, NEGATIVE], [0.5, ZERO], [1, POSITIVE]],
            showscale=False,
            ygap=6,
            hovertemplate=f"{hover} %{{x}}: %{{z:.2f}}<extra>%{{y}}</extra>",
        )
    )
    fig.update_yaxes(visible=False, type="category")  # a sentence may be a number
    fig.update_xaxes(showgrid=False)
    page = with_page_style(fig, height=70 + 48 * len(rows))
    return page.update_layout(margin_r=TICK_PIXELS / 2)  # for the last number, which Plotly leaves out where it is cut


def number_bars(vector: np.ndarray, highlighted: int, limit: float, hover: str) -> go.Figure:
    """Bar chart of a class vector, one bar in another colour, from -``limit`` to ``limit``."""
    colours = [POSITIVE] * len(vector)
    colours[highlighted] = HIGHLIGHT
    fig = go.Figure(
        go.Bar(
            x=list(range(1, len(vector) + 1)),
            y=vector,
            marker={"color": colours, "line": {"width": 0}},
            hovertemplate=f"{hover} %{{x}}: %{{y:.2f}}<extra></extra>",
        )
    )
    fig.update_yaxes(range=[-limit, limit], zeroline=True)
    fig.update_xaxes(showgrid=False)
    return with_page_style(fig, height=220).update_layout(bargap=0.15)


def learning_map(
    classes: np.ndarray,
    known: np.ndarray,
    names: Sequence[str],
    sentences: Sequence[str],
    mapped: np.ndarray,
    right: np.ndarray,
    labels: Mapping[str, str],
) -> go.Figure:
    """Scatter plot of classes, those with seeds in colour, and of sentences with lines to their right positions.

    Parameters
    ----------
    classes : float array (K, 2)
    known : bool array (K,)
    names : K names
    mapped, right : float arrays (m, 2), mapped and right positions of the m ``sentences``
    """
    fig = go.Figure()
    for wanted, colour, label in ((~known, UNKNOWN, labels["unknown"]), (known, POSITIVE, labels["known"])):
        rows = np.flatnonzero(wanted)
        fig.add_scatter(
            x=classes[rows, 0],
            y=classes[rows, 1],
            mode="markers",
            name=label,
            marker={"color": colour, "size": 6},
            text=[names[row] for row in rows.tolist()],
            hovertemplate="%{text}<extra></extra>",
        )
    for start, end in zip(mapped, right, strict=True):
        fig.add_scatter(
            x=[start[0], end[0]],
            y=[start[1], end[1]],
            mode="lines",
            line={"color": HIGHLIGHT, "width": 1.5},
            showlegend=False,
            hoverinfo="skip",
        )
    fig.add_scatter(
        x=mapped[:, 0],
        y=mapped[:, 1],
        mode="markers+text",
        name=labels["sentence"],
        marker={"color": HIGHLIGHT, "size": 11, "symbol": "x"},
        text=list("ABCDEFGH"[: len(sentences)]),
        textposition="top center",
        customdata=list(sentences),
        hovertemplate="%{customdata}<extra></extra>",
    )
    span = 1.08 * float(np.abs(classes).max())
    fig.update_xaxes(visible=False, range=[-span, span])
    fig.update_yaxes(visible=False, range=[-span, span])
    legend = {"orientation": "h", "y": -0.02, "x": 0, "yanchor": "top"}
    return with_page_style(fig, height=380).update_layout(legend=legend)


def guess_and_measured(values: Mapping[str, float], guess: str, axis: str) -> go.Figure:
    """Bar chart of percentages with their numbers, the guess in another colour."""
    names = list(values)[::-1]
    fig = go.Figure(
        go.Bar(
            x=[values[name] for name in names],
            y=names,
            orientation="h",
            marker={"color": [HIGHLIGHT if name == guess else POSITIVE for name in names]},
            text=[f"{values[name]:.0f}" for name in names],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.1f}<extra></extra>",
        )
    )
    fig.update_xaxes(range=[0, 108], title=axis)
    fig.update_yaxes(automargin=True)
    return with_page_style(fig, height=80 + 44 * len(names))
