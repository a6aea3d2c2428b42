"""Charts and tables on a page: each with a sentence that says how to read it, and each to be taken away."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

FORMATS = ("png", "svg")


def chart(fig: go.Figure, reading: str, *, name: str) -> None:
    """A chart and the sentence that says how to read it.

    Parameters
    ----------
    reading : str
        Markdown of the page's own, never a visitor's text.
    name : str
        Of the widget, and of the file it is saved as.
    """
    st.plotly_chart(fig, key=name, alt=reading, config=config(name))
    st.caption(reading)


def config(name: str) -> dict:
    """Plotly's settings for a chart that is saved as a file called ``name``."""
    picture = {"format": st.session_state.get("chart_format", FORMATS[0]), "filename": name, "scale": 2}
    return {"displaylogo": False, "toImageButtonOptions": picture}


def chart_format() -> None:
    """The choice of the file that a chart's camera button saves."""
    st.segmented_control(
        "Charts are saved as", FORMATS, format_func=str.upper, default=FORMATS[0], required=True, key="chart_format"
    )


def download(table: pd.DataFrame, name: str) -> None:
    """A button that saves a table as CSV."""
    st.download_button(
        "CSV",
        lambda: table.to_csv(index=False),
        f"{name}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"{name}_csv",
    )
