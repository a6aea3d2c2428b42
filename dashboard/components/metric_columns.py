"""Columns of tables that hold the values of a metric."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from alignment.evaluation.metrics import DECIMALS, METRICS, Metric


def metric_format(metric: Metric, decimals: int = DECIMALS) -> str:
    """Format of a column of Streamlit that writes values as :meth:`Metric.shown
    <alignment.evaluation.metrics.Metric.shown>` does, a rank with all of its decimals; the values are those of
    :func:`as_written`."""
    return "%g" if metric.is_rank else f"%.{decimals}f"


def metric_column(metric: Metric, decimals: int = DECIMALS, *, label: str = ""):
    """Column of Streamlit for the values of a metric, under its label unless another is given."""
    return st.column_config.NumberColumn(
        label or metric.label, help=metric.meaning, format=metric_format(metric, decimals)
    )


def as_written(
    table: pd.DataFrame, decimals: int = DECIMALS, named: Mapping[str, Metric] | None = None
) -> pd.DataFrame:
    """The table with metrics other than ranks rounded: a format alone would write -0.00 for what is hardly below 0.

    What a visitor copies of the table is rounded too; files are made of the figures themselves.

    Parameters
    ----------
    table : DataFrame
        Columns named as in ``METRICS`` are metrics.
    named : mapping of str to Metric, optional
        Columns that hold a metric under another name.

    Examples
    --------
    >>> as_written(pd.DataFrame({"cosine": [-0.0004, 0.25], "name": ["a", "b"]}), 2)["cosine"].tolist()
    [0.0, 0.25]
    """
    metrics = {name: metric for name, metric in (METRICS | dict(named or {})).items() if name in table}
    return table.assign(
        **{name: table[name].round(decimals) + 0.0 for name, metric in metrics.items() if not metric.is_rank}
    )
