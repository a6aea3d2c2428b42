"""Charts with a caption that says how to read them, and tables and charts as files."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from alignment.files.csv_cells import to_csv

FORMATS = ("png", "svg")


def chart_with_caption(fig: go.Figure, caption: str, *, name: str) -> None:
    """A chart and a caption that says how to read it.

    Parameters
    ----------
    caption : str
        Markdown of the page's own, never a visitor's text.
    name : str
        Of the widget and of the saved file.
    """
    st.plotly_chart(fig, key=name, alt=caption, config=plotly_config(name))
    st.caption(caption)


def plotly_config(name: str) -> dict:
    """Plotly's settings for a chart that is saved as a file called ``name``."""
    picture = {"format": st.session_state.get("chart_format", FORMATS[0]), "filename": name, "scale": 2}
    return {"displaylogo": False, "toImageButtonOptions": picture}


def file_format_control() -> None:
    """Choose the format that a chart's camera button saves."""
    st.segmented_control(
        "Chart file format", FORMATS, format_func=str.upper, default=FORMATS[0], required=True, key="chart_format"
    )


def download_table(table: pd.DataFrame, name: str) -> None:
    """A button that saves a table as CSV."""
    st.download_button(
        "CSV",
        lambda: to_csv(table),
        f"{name}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"{name}_csv",
    )
