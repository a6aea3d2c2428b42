"""Charts with explanatory captions, and downloads of tables and charts."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from alignment.files.csv_cells import to_csv
from dashboard.components.figure_style import with_title
from dashboard.components.save_button import save_button

FORMATS = ("png", "svg")
BAR_PIXELS = 120  # width of a table's column of bars: beside a name it leaves a phone room for the number, too


def chart_with_caption(fig: go.Figure, caption: str, *, name: str, title: str) -> None:
    """Show a chart and a caption that explains how to read it.

    Parameters
    ----------
    title : str
        What is shown, of which mapping and on what data; part of the chart, so that it is saved with it.
    caption : str
        Markdown written in the code, never a visitor's text.
    name : str
        Name of the widget and of the saved file.
    """
    st.plotly_chart(with_title(fig, title), key=name, alt=caption, config=plotly_config(name))
    st.caption(caption)


def plotly_config(name: str) -> dict:
    """Plotly configuration of a chart whose saved file is called ``name``."""
    chosen = st.session_state.get("chart_format", FORMATS[0])
    # Without a size Plotly saves 700 x 450 pixels, whatever is shown, and cuts off the rest.
    picture = {"format": chosen, "filename": name, "scale": 2, "width": None, "height": None}
    return {"displaylogo": False, "toImageButtonOptions": picture}


def download_table(table: pd.DataFrame, name: str) -> None:
    """Button that downloads a table as CSV."""
    save_button("CSV", lambda: to_csv(table), f"{name}.csv", "text/csv")
