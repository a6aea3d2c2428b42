"""Columns of tables that hold the values of a metric."""

from alignment.evaluation.metrics import DECIMALS, Metric


def metric_format(metric: Metric, decimals: int = DECIMALS) -> str:
    """Format of a column of Streamlit that writes values as :meth:`Metric.shown
    <alignment.evaluation.metrics.Metric.shown>` does, a rank with all of its decimals."""
    return "%g" if metric.is_rank else f"%.{decimals}f"
