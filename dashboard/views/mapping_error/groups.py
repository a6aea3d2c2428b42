"""Error by group of classes and along the WordNet tree."""

from __future__ import annotations

import streamlit as st

from dashboard.components.charts import chart_with_caption, download_table
from dashboard.state.query_params import bound
from dashboard.views.mapping_error import data, error_charts
from dashboard.views.mapping_error.data import TREES, EvaluationView


@st.fragment
def show(view: EvaluationView) -> None:
    if view.study.classes.groups is None:
        st.info(
            "These classes have no groups; the column 'group' of the class file names them.", icon=":material/info:"
        )
        return
    if view.study.classes.paths:
        show_tree(view)
    show_groups(view)


def show_tree(view: EvaluationView) -> None:
    """Show the error in the WordNet tree above the classes."""
    metric = view.metric
    shape = bound(st.segmented_control, "Shape", TREES, default=TREES[0], required=True, key="tree")
    tree, dark = data.tree(view), st.context.theme.type == "dark"
    strong = "paler" if dark else "darker"
    chart_with_caption(
        error_charts.taxonomy(
            tree,
            metric.label,
            higher_is_better=metric.higher_is_better,
            digits=data.chart_digits(metric),
            rings=shape == "Sunburst",
            dark=dark,
        ),
        f"How to read it: a field is a branch of WordNet, as large as it has classes; the {strong} its colour, the "
        f"worse its {'median' if metric.is_rank else 'mean'} {metric.label.lower()}. Click a field to go into it.",
        name="error_tree",
        title=view.title(f"{metric.label} along WordNet"),
    )
    download_table(tree, "error_tree")


def show_groups(view: EvaluationView) -> None:
    """Show the error by group, worst first."""
    metric = view.metric
    table = data.by_group(view)
    chart_with_caption(
        error_charts.groups(table, metric.label, view.result.summary()[metric.key], ranks=metric.is_rank),
        f"How to read it: a dot is the {'median' if metric.is_rank else 'mean'} of a group's classes, its line the "
        f"95 % bootstrap interval; the worst group is on top and the dashed line is all classes.",
        name="error_groups",
        title=view.title(f"{metric.label} by group"),
    )
    download_table(table, "error_groups")
