"""Charts of interpolation paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.components.colours import DARK_TEAL, MIDDLE_GREY, ORANGE, TEAL, faint
from dashboard.components.figure_style import MAX_NAME, legend_below, with_page_style
from dashboard.components.label_places import label_places
from dashboard.components.wording import shortened

LETTERS = "ABCDEF"
MAP_HEIGHT, MAP_WIDTH = 430, 320  # pixels: the minimum on a page 390 wide, and a little less than half of 1280
OTHER_CLASSES = faint(MIDDLE_GREY, 0.35)  # of all other classes
CURVE_STYLES = ({"color": TEAL}, {"color": ORANGE, "dash": "dot"})


def class_weights(
    weights: Mapping[str, np.ndarray],
    positions: np.ndarray,
    names: Mapping[int, str],
    colours: Mapping[str, str],
    waypoints: Sequence[str],
) -> go.Figure:
    """Stacked areas of the class weights along each path; one panel per path.

    Parameters
    ----------
    weights : mapping from title to float array (m, K)
    positions : float array (m,)
        Positions on the path, 0 to 1.
    names : mapping from row of a class to its name
        The classes shown by name, in this order; all others are one area.
    colours : mapping from name to colour
    waypoints : labels of the prompts and classes on the paths, at evenly spaced positions
    """
    fig = make_subplots(1, len(weights), shared_yaxes=True, subplot_titles=list(weights), horizontal_spacing=0.06)
    for column, shares in enumerate(weights.values(), start=1):
        rest = 1 - shares[:, list(names)].sum(axis=1)
        areas = [(name, shares[:, row], colours.get(name)) for row, name in names.items()]
        for name, share, colour in [*areas, ("all other classes", rest, OTHER_CLASSES)]:
            fig.add_scatter(
                x=positions,
                y=share,
                name=shortened(name, MAX_NAME),
                meta=name,  # whole, under the pointer
                legendgroup=name,
                showlegend=column == 1,
                stackgroup=str(column),
                mode="lines",
                line={"width": 0, "color": colour},
                fillcolor=colour,
                hovertemplate="%{meta}: %{y:.0%}<extra></extra>",
                row=1,
                col=column,
            )
    ticks = {
        "tickvals": np.linspace(0, 1, len(waypoints)),
        "ticktext": [shortened(name, MAX_NAME) for name in waypoints],
    }
    fig.update_xaxes(range=[0, 1], fixedrange=True, showgrid=False, **ticks)
    fig.update_yaxes(range=[0, 1], fixedrange=True, tickformat=".0%")
    fig.update_layout(hovermode="x unified", legend=legend_below(0.14))
    margins = {"t": 28, "r": 8}  # the titles of the panels; half of the last letter
    return with_page_style(fig, height=330).update_layout(margin=margins)


def picture_changes(changes: Mapping[str, np.ndarray]) -> go.Figure:
    """Grouped bars: how much each step changes the picture.

    Parameters
    ----------
    changes : mapping from title to float array (n - 1,), 0 to 255
    """
    fig = go.Figure()
    for title, change in changes.items():
        steps = [f"{i}–{i + 1}" for i in range(1, len(change) + 1)]  # noqa: RUF001
        fig.add_bar(x=steps, y=change, name=title, hovertemplate="step %{x}: %{y:.1f}")
    fig.update_xaxes(title="step", type="category", fixedrange=True)
    fig.update_yaxes(title="change of the picture", fixedrange=True, rangemode="tozero")
    fig.update_layout(barmode="group", legend=legend_below(0.28))
    return with_page_style(fig, height=326)


def curves_among_classes(
    classes: np.ndarray,
    curves: Mapping[str, np.ndarray],
    names: Sequence[str],
    named: Mapping[int, str],
    waypoints: Sequence[str],
) -> go.Figure:
    """Scatter plot of the classes of one space, with curves.

    Parameters
    ----------
    classes : float array (K, 2)
    curves : mapping from curve name to its points (m, 2)
        The n-th curve has the same style in the charts of both spaces.
    names : K names
    named : mapping from row of a class to its name
        The classes that are labelled.
    waypoints : labels of the prompts and classes on the curves, at evenly spaced positions
        Prompts are marked by their letters; classes are labelled like the others.
    """
    fig, near = go.Figure(), classes[list(named)]
    extent = np.vstack([classes, *curves.values()])
    last = [*curves.values()][-1]
    marks = last[np.linspace(0, len(last) - 1, len(waypoints)).round().astype(int)]
    labels = [shortened(name, MAX_NAME) for name in named.values()]
    for row, right, up in label_places(near, labels, extent, marks=marks, width=MAP_WIDTH, height=MAP_HEIGHT):
        fig.add_annotation(x=near[row, 0], y=near[row, 1], text=labels[row], xshift=right, yshift=up, showarrow=False)
    fig.add_scatter(
        x=classes[:, 0], y=classes[:, 1], mode="markers", text=list(names), showlegend=False,
        marker={"color": OTHER_CLASSES, "size": 5}, hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
    fig.add_scatter(
        x=near[:, 0], y=near[:, 1], mode="markers", marker={"color": MIDDLE_GREY, "size": 8}, showlegend=False,
        hoverinfo="skip",
    )  # fmt: skip
    for (title, curve), style in zip(curves.items(), CURVE_STYLES, strict=False):
        fig.add_scatter(
            x=curve[:, 0], y=curve[:, 1], mode="lines", name=title, showlegend=True, line={"width": 3} | style,
            hoverinfo="skip",
        )  # fmt: skip
    fig.add_scatter(
        x=marks[:, 0], y=marks[:, 1], mode="markers+text",
        text=[label if label in LETTERS else "" for label in waypoints],
        textposition="middle center", textfont={"color": "white", "size": 12},
        marker={"color": DARK_TEAL, "size": 20, "line": {"color": "white", "width": 1.5}}, showlegend=False,
        hoverinfo="skip",
    )  # fmt: skip
    fig.update_xaxes(visible=False)
    fig.update_yaxes(visible=False)
    return with_page_style(fig.update_layout(legend=legend_below(0.02)), height=MAP_HEIGHT)
