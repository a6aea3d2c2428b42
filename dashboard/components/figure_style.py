"""The style that all charts share: clear backgrounds, so that the page shows through in light and dark."""

import plotly.graph_objects as go


def with_page_style(fig: go.Figure, *, height: int) -> go.Figure:
    """A figure without margins and backgrounds, ``height`` pixels high."""
    return fig.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        bargap=0.3,
    )
