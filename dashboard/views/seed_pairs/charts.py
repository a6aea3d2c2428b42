"""Charts of the seed dictionary."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from alignment.dictionary.seeds import SEED_KINDS
from dashboard.components.figure_style import legend_below, named_axis, with_page_style

ROW_PIXELS, LEGEND_PIXELS = 22, 60  # of a group's bar; from the axis to the legend


def kinds_by_group(counts: pd.DataFrame) -> go.Figure:
    """Bar chart of sentences per class by group, stacked by kind; the group with most on top.

    Parameters
    ----------
    counts : DataFrame, one row per class
        ``group``, a column of counts for every kind of seed, ``total``.
    """
    kinds = [kind for kind in SEED_KINDS if counts[kind].any()]
    means = counts.groupby("group")[[*kinds, "total"]].mean().sort_values("total")
    fig = go.Figure()
    for kind in kinds:
        fig.add_bar(
            x=means[kind],
            y=means.index,
            orientation="h",
            name=kind,
            customdata=means.index,
            hovertemplate="%{customdata}<br>%{x:.1f} " + kind + " sentences per class<extra></extra>",
        )
    fig.update_xaxes(title="sentences per class", fixedrange=True)
    fig.update_yaxes(named_axis(means.index.tolist()), fixedrange=True)
    bars = ROW_PIXELS * max(len(means), 2)  # Plotly draws no legend deeper than twice the height of the bars
    fig.update_layout(barmode="stack", legend=legend_below(LEGEND_PIXELS / bars))
    return with_page_style(fig, height=bars + 120)
