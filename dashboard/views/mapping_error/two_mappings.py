"""Comparison of two mappings."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alignment.evaluation.metrics import METRICS
from alignment.evaluation.result import summary_table
from alignment.mappings import MAPPINGS
from dashboard.components.charts import chart_with_caption, download_table
from dashboard.components.metric_columns import as_written, metric_column
from dashboard.components.paired_test import verdict
from dashboard.state import evaluations
from dashboard.state.query_params import bound
from dashboard.views.mapping_error import comparison_charts, data
from dashboard.views.mapping_error.data import EvaluationView

LISTED_CLASSES = 12  # classes listed for either mapping


@st.fragment
def show(view: EvaluationView) -> None:
    others = [key for key in MAPPINGS if key != view.mapping]
    key = bound(
        st.selectbox,
        "Compare with",
        list(MAPPINGS),
        index=list(MAPPINGS).index("ridge" if view.mapping != "ridge" else others[0]),
        format_func=lambda key: MAPPINGS[key].label,
        key="other",
        help="Measured when first asked for, which takes from seconds to a minute.",
    )
    if key == view.mapping:
        st.info("This is the mapping of the sidebar; choose another one to compare it with.", icon=":material/info:")
    else:
        compare(view, view.of(key))
    all_measured(view)


def compare(view: EvaluationView, other: EvaluationView) -> None:
    """Show which of two mappings does better, class by class and by groups."""
    test, first, second = data.difference(view, other), view.label, other.label
    table = test.gains
    st.markdown(verdict(test, first, second))
    left, right = st.columns(2, gap="medium") if "group" in table else (st.container(), None)
    with left:
        chart_with_caption(
            comparison_charts.two_mappings_by_class(table, first, second, view.metric.label, ranks=view.metric.is_rank),
            "How to read it: a dot is a class; on the dotted line both mappings do as well, and the further from it, "
            "the larger the difference.",
            name="error_versus",
            title=f"{view.metric.label} · {first} and {second} · held-out {view.split}",
        )
    if right:
        with right:
            chart_with_caption(
                comparison_charts.better_share_by_group(table, first, second),
                f"How to read it: to the right the share of a group's classes that {first} does better, to the left "
                f"the share that {second} does better; the rest are even.",
                name="error_wins",
                title=f"{view.metric.label} · {first} and {second} · held-out {view.split}",
            )
    numbered = view.study.classes.with_indices(table)
    download_table(numbered.rename(columns={"first": first, "second": second}), "error_versus")
    left, right = st.columns(2, gap="medium")
    with left:
        list_better_classes(table, f"{first} better", view, other, largest=True)
    with right:
        list_better_classes(table, f"{second} better", view, other, largest=False)


def list_better_classes(
    table: pd.DataFrame, title: str, view: EvaluationView, other: EvaluationView, *, largest: bool
) -> None:
    st.markdown(f"## {title}")
    won = table[table["gain"] > 0] if largest else table[table["gain"] < 0]
    listed = won.sort_values("gain", ascending=not largest, kind="stable").head(LISTED_CLASSES)
    st.dataframe(
        as_written(listed, data.DECIMALS, {"first": view.metric, "second": view.metric}),
        hide_index=True,
        column_order=["name", "group", "first", "second"],
        column_config={
            "name": st.column_config.TextColumn("Class", pinned=True),
            "group": "Group",
            "first": metric_column(view.metric, data.DECIMALS, label=view.label),
            "second": metric_column(view.metric, data.DECIMALS, label=other.label),
        },
    )


def all_measured(view: EvaluationView) -> None:
    """Show every mapping measured so far, with a button to measure the rest."""
    st.markdown("## All mappings")
    note = st.empty()
    if every := evaluations.all_or_button(view.study, view.split, "Measure all"):
        table = every.figures
    else:
        table = summary_table(view.results | evaluations.in_memory(view.study, view.split))
        missing = sum(key not in table.index for key in MAPPINGS)
        note.caption(f"{missing} of {len(MAPPINGS)} mappings are not in this table yet.")
    table = table.rename(index={key: spec.label for key, spec in MAPPINGS.items()}).reset_index()
    table = table.sort_values("p_at_10", ascending=False, kind="stable")
    figures = {key: metric_column(metric) for key, metric in METRICS.items() if key in table}
    st.dataframe(
        as_written(table[["mapping", *figures]]),
        hide_index=True,
        column_config={"mapping": st.column_config.TextColumn("Mapping", pinned=True)} | figures,
    )
    download_table(table, "error_mappings")
