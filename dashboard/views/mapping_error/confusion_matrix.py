"""The confusion matrix of groups as a chart."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.components.figure_style import with_page_style


def confusion_matrix(matrix: pd.DataFrame) -> go.Figure:
    """Share of each group (rows) that lands in each group (columns)."""
    fig = go.Figure(
        go.Heatmap(
            z=matrix.to_numpy(),
            x=list(matrix.columns),
            y=list(matrix.index),
            coloraxis="coloraxis",
            xgap=1,
            ygap=1,
            hovertemplate="%{z:.0%} of <b>%{y}</b> land in <b>%{x}</b><extra></extra>",
        )
    )
    fig.update_layout(coloraxis={"cmin": 0, "cmax": 1, "colorbar": {"tickformat": ".0%", "thickness": 12}})
    fig.update_xaxes(tickmode="linear", tickangle=-60, title="lands in")
    fig.update_yaxes(tickmode="linear", autorange="reversed", title="is")
    return with_page_style(fig, height=19 * len(matrix) + 150)
