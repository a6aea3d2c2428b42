"""Charts that compare mappings, layers, poolings and seeds.

``label`` is the name of the metric; ``ranks`` says that it is a rank.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.components.colours import GREY
from dashboard.components.figure_style import legend_below, named_axis, with_page_style

LEGEND_PIXELS = 60  # from the axis to a legend below it


def two_mappings_by_class(table: pd.DataFrame, first: str, second: str, label: str, *, ranks: bool) -> go.Figure:
    """Scatter plot of the classes: error under one mapping against the other, with the diagonal.

    Parameters
    ----------
    table : DataFrame, one row per class
        ``name``, ``first``, ``second``, ``gain``; ``group`` where classes have any.
    first, second : str
        Names of the mappings.
    """
    fig = go.Figure()
    kinds = (
        (f"{first} better", table["gain"] > 0),
        (f"{second} better", table["gain"] < 0),
        ("even", table["gain"] == 0),
    )
    for name, rows in kinds:
        shown = table[rows]
        fig.add_scattergl(
            x=shown["second"],
            y=shown["first"],
            mode="markers",
            name=f"{name} ({len(shown)})",
            marker={"size": 7, "opacity": 0.65},
            text=shown["name"],
            customdata=shown.get("group"),
            hovertemplate=f"<b>%{{text}}</b>{', %{customdata}' if 'group' in shown else ''}<br>"
            + f"{first} %{{y:.2f}}<br>{second} %{{x:.2f}}<extra></extra>",
        )
    low, high = np.quantile(table[["first", "second"]], [0, 1])
    fig.add_scatter(
        x=[low, high],
        y=[low, high],
        mode="lines",
        line={"dash": "dot", "width": 1, "color": GREY},
        showlegend=False,
        hoverinfo="skip",
    )
    scale = {"type": "log" if ranks else "linear"}
    fig.update_xaxes(title=f"{label}, {second}", **scale).update_yaxes(title=f"{label}, {first}", **scale)
    return with_page_style(fig, height=486).update_layout(legend=legend_below(0.18))


def better_share_by_group(table: pd.DataFrame, first: str, second: str) -> go.Figure:
    """Share of each group's classes on which either mapping is better.

    Parameters
    ----------
    table : DataFrame, one row per class
        ``group``, ``gain``.
    """
    shares = (
        table.assign(first=table["gain"] > 0, second=table["gain"] < 0).groupby("group")[["first", "second"]].mean()
    )
    shares = shares.loc[(shares["first"] - shares["second"]).sort_values().index]
    fig = go.Figure()
    for name, column, sign in ((first, "first", 1), (second, "second", -1)):
        fig.add_bar(
            x=sign * shares[column],
            y=shares.index,
            orientation="h",
            name=f"{name} better",
            customdata=list(zip(shares.index, shares[column], strict=True)),
            hovertemplate=f"%{{customdata[0]}}: {name} better in %{{customdata[1]:.0%}}<extra></extra>",
        )
    fig.update_xaxes(title="share of the group's classes", tickvals=[-1, -0.5, 0, 0.5, 1], range=[-1.05, 1.05])
    fig.update_xaxes(ticktext=["100%", "50%", "0", "50%", "100%"])
    fig.update_yaxes(named_axis(shares.index.tolist()))
    bars = 20 * max(len(shares), 2)  # Plotly draws no legend deeper than twice the height of the bars
    fig.update_layout(barmode="relative", legend=legend_below(LEGEND_PIXELS / bars))
    return with_page_style(fig, height=bars + 130)


def layers_by_poolings(
    table: pd.DataFrame, figure: str, label: str, *, higher_is_better: bool, digits: int
) -> go.Figure:
    """Heat map of a metric: layers by poolings, stronger colour for better values.

    Parameters
    ----------
    table : DataFrame
        ``layer``, ``pooling`` and the column ``figure``.
    """
    grid = table.pivot(index="pooling", columns="layer", values=figure)
    fig = go.Figure(
        go.Heatmap(
            z=grid.to_numpy(),
            x=[f"{layer}" for layer in grid.columns],
            y=list(grid.index),
            coloraxis="coloraxis",
            texttemplate=f"%{{z:.{digits}f}}",
            xgap=2,
            ygap=2,
            hovertemplate=f"layer %{{x}}, %{{y}}: {label} %{{z:.{digits}f}}<extra></extra>",
        )
    )
    fig.update_layout(coloraxis={"reversescale": not higher_is_better, "showscale": False})
    fig.update_xaxes(title="layer (0: the words as they come in)", type="category")
    return with_page_style(fig, height=230)


def seed_kinds(table: pd.DataFrame, figure: str, label: str) -> go.Figure:
    """Metric when learned from all seeds, without each kind, and from each kind alone.

    Parameters
    ----------
    table : DataFrame
        ``kind``, ``learned`` ("all", "without", "alone"), ``seeds`` and the column ``figure``.
    """
    fig = go.Figure()
    for learned, name in (("without", "without this kind"), ("alone", "from this kind alone")):
        rows = table[table["learned"] == learned].sort_values("kind", ascending=False)
        fig.add_bar(
            x=rows[figure],
            y=rows["kind"],
            orientation="h",
            name=name,
            customdata=rows["seeds"],
            hovertemplate=f"%{{y}}, {name}<br>{label} %{{x:.3f}}<br>sentences: %{{customdata:,.0f}}<extra></extra>",
        )
    everything = float(table.loc[table["learned"] == "all", figure].iloc[0])
    fig.add_vline(
        x=everything,
        line={"dash": "dash", "width": 1.5, "color": GREY},
        annotation_text=f"all kinds {everything:.2f}",
    )
    fig.update_xaxes(title=label)
    bars = 46 * table["kind"].nunique()
    fig.update_layout(barmode="group", legend=legend_below(LEGEND_PIXELS / bars))
    return with_page_style(fig, height=bars + 130)


def learning_curve(table: pd.DataFrame, figure: str, label: str) -> go.Figure:
    """Learning curve: a metric against sentences per class, one line per number of learned classes.

    Parameters
    ----------
    table : DataFrame
        ``sentences`` (per class; missing for all), ``classes``, ``seeds`` and the column ``figure``.
    """
    fig = go.Figure()
    for classes, rows in sorted(table.groupby("classes"), reverse=True):
        fig.add_scatter(
            x=["all" if pd.isna(most) else f"{most:.0f}" for most in rows["sentences"]],
            y=rows[figure],
            mode="lines+markers",
            name=f"{classes:.0f} classes",
            customdata=rows["seeds"],
            hovertemplate=f"%{{x}} per class: {label} %{{y:.3f}}<br>sentences: %{{customdata:,.0f}}<extra></extra>",
        )
    fig.update_xaxes(title="sentences per class", type="category").update_yaxes(title=label)
    return with_page_style(fig, height=340)
