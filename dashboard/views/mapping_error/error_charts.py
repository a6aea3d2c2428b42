"""Charts of the error: distribution over classes, WordNet tree, groups, traits, confidence.

``label`` is the name of the metric; ``ranks`` says that it is a rank.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.components.colours import GREY, PALE_TO_DARK, shades, text_on
from dashboard.components.figure_style import named_axis, with_page_style

TREE_LEVELS = 3  # of the WordNet tree shown at once


def distribution(values: pd.Series, label: str, *, ranks: bool) -> go.Figure:
    """Histogram of the classes' errors, with the typical one as a line."""
    fig = go.Figure()
    if ranks:  # equal steps of the logarithm: most ranks are small, a few are large
        edges = np.unique(np.geomspace(1, max(values.max(), 2) + 1, 25).round())
        counts, _ = np.histogram(values, edges)
        names = [f"{a:.0f}" if b - a <= 1 else f"{a:.0f} to {b - 1:.0f}" for a, b in pairwise(edges)]
        fig.add_bar(x=names, y=counts, hovertemplate="rank %{x}<br>classes: %{y}<extra></extra>")
        fig.update_xaxes(type="category")
    else:
        fig.add_histogram(x=values, nbinsx=40, hovertemplate="%{x}<br>classes: %{y}<extra></extra>")
        middle = float(values.mean())
        fig.add_vline(
            x=middle,
            line={"dash": "dash", "width": 1.5, "color": GREY},
            annotation_text=f"mean {round(middle, 2) + 0.0:.2f}",  # -0.0 + 0.0 is 0.0
            annotation_position="top",  # above all bars
        )
    fig.update_xaxes(title=label).update_yaxes(title="classes")
    return with_page_style(fig, height=280).update_layout(bargap=0.08, showlegend=False, margin_t=24)


def taxonomy(
    tree: pd.DataFrame, label: str, *, higher_is_better: bool, digits: int, rings: bool, dark: bool
) -> go.Figure:
    """Treemap of WordNet: area by number of classes, stronger colour for a larger error.

    Parameters
    ----------
    tree : DataFrame
        As from :func:`alignment.dictionary.taxonomy.taxonomy`.
    rings : bool
        Sunburst instead of a treemap.
    dark : bool
        For a dark page, where pale colours are the strong ones.
    """
    low, high = np.quantile(tree["value"], [0.05, 0.95])
    high = max(high, low + 1e-6)
    places = (tree["value"].to_numpy() - low) / (high - low)
    reversed_scale = higher_is_better != dark
    colours = shades(1 - places if reversed_scale else places)
    fields = {
        "ids": tree["id"],
        "parents": tree["parent"],
        "labels": tree["label"],
        "values": tree["classes"],
        "branchvalues": "total",
        "maxdepth": TREE_LEVELS,
        "customdata": tree["value"],
        "marker": {"colors": tree["value"], "coloraxis": "coloraxis"},
        "textfont": {"color": [text_on(colour) for colour in colours]},
        "hovertemplate": "<b>%{label}</b><br>"
        f"{label} %{{customdata:.{digits}f}}<br>classes: %{{value}}<extra></extra>",
    }
    fig = go.Figure(go.Sunburst(**fields) if rings else go.Treemap(**fields, tiling={"pad": 2}))
    fig.update_layout(
        coloraxis={
            "colorscale": PALE_TO_DARK,
            "reversescale": reversed_scale,
            "cmin": low,
            "cmax": high,
            "colorbar": {"title": label, "thickness": 12, "outlinewidth": 0},
        }
    )
    style = {"margin": {"l": 0, "r": 0, "t": 24, "b": 4}, "uniformtext": {"minsize": 10, "mode": "hide"}}
    return with_page_style(fig, height=620).update_layout(style)


def groups(table: pd.DataFrame, label: str, overall: float, *, ranks: bool) -> go.Figure:
    """Error of every group with its confidence interval, worst on top.

    Parameters
    ----------
    table : DataFrame, worst first
        ``group``, ``classes``, ``value``, ``low``, ``high``.
    overall : float
        Value over all classes.
    """
    table = table[::-1]  # Plotly draws the last on top
    fig = go.Figure(
        go.Scatter(
            x=table["value"],
            y=table["group"],
            mode="markers",
            marker={"size": 9},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": table["high"] - table["value"],
                "arrayminus": table["value"] - table["low"],
                "thickness": 1.5,
                "width": 0,
            },
            customdata=table[["classes", "low", "high", "group"]],
            hovertemplate="<b>%{customdata[3]}</b><br>classes: %{customdata[0]}<br>%{x:.2f} (%{customdata[1]:.2f} to "
            "%{customdata[2]:.2f})<extra></extra>",
        )
    )
    fig.add_vline(x=overall, line={"dash": "dash", "width": 1.5, "color": GREY}, annotation_text="all")
    fig.update_xaxes(title=label, type="log" if ranks else "linear")
    fig.update_yaxes(named_axis(table["group"].tolist()))
    return with_page_style(fig, height=20 * len(table) + 90)


def confusion_matrix(matrix: pd.DataFrame) -> go.Figure:
    """Heat map of the share of each group (rows) predicted as each group (columns)."""
    rows, columns = matrix.index.tolist(), matrix.columns.tolist()
    fig = go.Figure(
        go.Heatmap(
            z=matrix.to_numpy(),
            x=columns,
            y=rows,
            customdata=[[(row, column) for column in columns] for row in rows],
            coloraxis="coloraxis",
            xgap=1,
            ygap=1,
            hovertemplate="%{z:.0%} of <b>%{customdata[0]}</b><br>land in <b>%{customdata[1]}</b><extra></extra>",
        )
    )
    fig.update_layout(coloraxis={"cmin": 0, "cmax": 1, "colorbar": {"tickformat": ".0%", "thickness": 12}})
    fig.update_xaxes(named_axis(columns), tickangle=-60, title="lands in")
    fig.update_yaxes(named_axis(rows), autorange="reversed", title="is")
    return with_page_style(fig, height=19 * len(matrix) + 150)


def correlations(table: pd.DataFrame) -> go.Figure:
    """Rank correlation of the error with every trait, strongest on top; faint if not significant."""
    table = table[::-1]
    fig = go.Figure(
        go.Bar(
            x=table["correlation"],
            y=table["trait"],
            orientation="h",
            marker={"opacity": np.where(table["p_value"] < 0.05, 1.0, 0.3)},
            customdata=table["p_value"],
            hovertemplate="%{y}<br>correlation %{x:.2f}, p = %{customdata:.3f}<extra></extra>",
        )
    )
    fig.update_xaxes(title="rank correlation", zeroline=True)
    return with_page_style(fig, height=26 * len(table) + 70)


def error_by_trait(traits: pd.Series, values: pd.Series, names: list[str], label: str, *, ranks: bool) -> go.Figure:
    """Scatter plot of the classes: error against one trait."""
    fig = go.Figure(
        go.Scattergl(
            x=traits,
            y=values,
            mode="markers",
            marker={"size": 7, "opacity": 0.55},
            text=names,
            hovertemplate="<b>%{text}</b><br>" + f"{traits.name} %{{x:.3g}}<br>{label} %{{y:.2f}}<extra></extra>",
        )
    )
    fig.update_xaxes(title=traits.name).update_yaxes(title=label, type="log" if ranks else "linear")
    return with_page_style(fig, height=400)


def reliability(bins: pd.DataFrame) -> go.Figure:
    """Reliability diagram, accuracy by confidence; ``bins`` from ``alignment.evaluation.reliability``."""
    fig = go.Figure()
    fig.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line={"dash": "dash", "color": GREY}, hoverinfo="skip")
    fig.add_scatter(
        x=bins["confidence"],
        y=bins["right"],
        mode="lines+markers",
        marker={"size": 6 + 2 * np.sqrt(bins["sentences"])},
        cliponaxis=False,  # room for the large dots at both ends
        customdata=bins["sentences"],
        hovertemplate="confidence %{x:.2f}<br>right %{y:.2f}<br>sentences: %{customdata}<extra></extra>",
    )
    fig.update_xaxes(title="confidence", range=[-0.05, 1.05]).update_yaxes(title="share right", range=[-0.05, 1.05])
    return with_page_style(fig, height=380).update_layout(showlegend=False)
