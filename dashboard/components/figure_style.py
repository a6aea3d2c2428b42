"""The look all charts share: backgrounds stay clear and text takes the page's colour, light or dark."""

import plotly.graph_objects as go


def bare(fig: go.Figure, *, height: int) -> go.Figure:
    """A figure without margins and backgrounds, ``height`` pixels high."""
    return fig.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        bargap=0.3,
    )
