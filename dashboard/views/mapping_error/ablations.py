"""Ablations on request: layers and poolings, kinds of seeds, numbers of seeds."""

from __future__ import annotations

import streamlit as st

from alignment.evaluation.metrics import METRICS
from alignment.mappings import MAPPINGS
from dashboard.components.charts import chart_with_caption, download_table
from dashboard.components.metric_columns import as_written, metric_column
from dashboard.state import on_demand
from dashboard.views.mapping_error import comparison_charts, data
from dashboard.views.mapping_error.data import EvaluationView

SWEEP_MAPPING = "ridge"  # quick, and it ranks layers and poolings as well as any


@st.fragment
def layers(view: EvaluationView) -> None:
    metric, study = view.metric, view.study
    st.markdown("## Layers and poolings: which are best")
    st.caption(f"{MAPPINGS[SWEEP_MAPPING].label} on held-out classes, whatever mapping is chosen.")
    table = on_demand.result_or_button(
        study,
        "sweep",
        lambda progress: study.evaluations.encoder_sweep(SWEEP_MAPPING, progress=progress),
        "Measure all layers and poolings",
        work="sweep",
    )
    if table is None:
        return
    best = table.sort_values(metric.key, ascending=not metric.higher_is_better, kind="stable").iloc[0]
    chart_with_caption(
        comparison_charts.layers_by_poolings(
            table, metric.key, metric.label, higher_is_better=metric.higher_is_better, digits=data.chart_digits(metric)
        ),
        f"How to read it: the stronger a field, the better that layer and pooling; best is layer {best['layer']} "
        f"with {best['pooling']}.",
        name="error_layers",
        title=f"{metric.label} · {MAPPINGS[SWEEP_MAPPING].label} · held-out classes",
    )
    download_table(table, "error_layers")


@st.fragment
def kinds(view: EvaluationView) -> None:
    metric, study = view.metric, view.study
    if view.split != "classes":
        held_out(view)
    st.markdown("## Kinds of seeds: what each is worth")
    st.caption(f"{view.label} on held-out classes.")
    table = on_demand.result_or_button(
        study,
        f"seed kinds {view.mapping}",
        lambda progress: study.evaluations.seed_kinds(view.mapping, progress=progress).reset_index(),
        "Measure without each kind",
        work=f"seed kinds {view.mapping}",
    )
    if table is None:
        return
    chart_with_caption(
        comparison_charts.seed_kinds(table, metric.key, metric.label),
        f"How to read it: {metric.label} ({metric.better}) once a kind is left out, and learned from that kind "
        "alone; the dashed line is all seeds. Labels and templates hold the same words.",
        name="error_kinds",
        title=f"{metric.label} · {view.label} · held-out classes",
    )
    download_table(table, "error_kinds")


def held_out(view: EvaluationView) -> None:
    table = data.per_kind(view)
    st.markdown("## How sentences of each kind are found")
    learned = "all other kinds" if view.split == "kinds" else "other sentences"
    st.caption(f"{view.label}, having learned from {learned}.")
    figures = {key: metric_column(METRICS[key]) for key in ("p_at_1", "p_at_10", "median_rank")}
    st.dataframe(as_written(table), hide_index=True, column_config=figures)
    download_table(table, "error_held_out_kinds")


@st.fragment
def learning_curve(view: EvaluationView) -> None:
    metric, study = view.metric, view.study
    st.markdown("## Learning curve: how many seeds are enough")
    st.caption(f"{view.label} on held-out classes.")
    table = on_demand.result_or_button(
        study,
        f"learning curve {view.mapping}",
        lambda progress: study.evaluations.learning_curve(view.mapping, progress=progress),
        "Measure with fewer seeds",
        work=f"learning curve {view.mapping}",
    )
    if table is None:
        return
    chart_with_caption(
        comparison_charts.learning_curve(table, metric.key, metric.label),
        f"How to read it: {metric.label} ({metric.better}) by the number of sentences per class to learn from, "
        "one line for each number of classes; while a line still rises, more sentences would help.",
        name="error_curve",
        title=f"{metric.label} · {view.label} · held-out classes",
    )
    download_table(table, "error_curve")


def show(view: EvaluationView) -> None:
    layers(view)
    left, right = st.columns(2, gap="medium")
    with left:
        kinds(view)
    with right:
        learning_curve(view)
