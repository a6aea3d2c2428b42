"""One mapping under other conditions, measured when asked for: layers and poolings, kinds of seeds, fewer seeds."""

from __future__ import annotations

import streamlit as st

from alignment.mappings import MAPPINGS
from dashboard.components import charts as shown
from dashboard.views.mapping_error import charts
from dashboard.views.mapping_error import data as judged
from dashboard.views.mapping_error.data import View

PROBE = "ridge"  # quick, and as good a judge of the text vectors as any


@st.fragment
def layers(view: View) -> None:
    metric, study = view.metric, view.study
    st.markdown("##### Which layer of the encoder, and which pooling")
    st.caption(f"{MAPPINGS[PROBE].label} on held-out classes, whatever mapping is chosen.")
    minutes = 1 + len(study.seeds) // 12_000
    table = judged.on_demand(
        study,
        "sweep",
        lambda progress: study.sweep(PROBE, progress=progress),
        f"Measure all layers and poolings (about {minutes} min)",
    )
    if table is None:
        return
    best = table.sort_values(metric.key, ascending=not metric.higher_is_better, kind="stable").iloc[0]
    shown.chart(
        charts.layers(
            table, metric.key, metric.label, higher_is_better=metric.higher_is_better, digits=metric.digits or 1
        ),
        f"How to read it: the stronger a field, the better that layer and pooling; best is layer {best['layer']} "
        f"with {best['pooling']}.",
        name="error_layers",
    )
    shown.download(table, "error_layers")


@st.fragment
def kinds(view: View) -> None:
    metric, study = view.metric, view.study
    if view.split != "classes":
        held_out(view)
    st.markdown("##### What each kind of seeds is worth")
    st.caption(f"{view.label} on held-out classes.")
    table = judged.on_demand(
        study,
        f"seed kinds {view.mapping}",
        lambda progress: study.seed_kinds(view.mapping, progress=progress).reset_index(),
        "Measure without each kind (about 1 min)",
    )
    if table is None:
        return
    shown.chart(
        charts.seed_kinds(table, metric.key, metric.label),
        f"How to read it: {metric.label} ({metric.strong}) once a kind is left out, and learned from that kind "
        "alone; the dashed line is all seeds. Labels and templates hold the same words.",
        name="error_kinds",
    )
    shown.download(table, "error_kinds")


def held_out(view: View) -> None:
    table = judged.per_kind(view)
    st.markdown("##### How sentences of each kind are found")
    learned = "all other kinds" if view.split == "kinds" else "other sentences"
    st.caption(f"{view.label}, having learned from {learned}.")
    names = {"p_at_1": "P@1", "p_at_10": "P@10", "median_rank": "rank"}
    st.dataframe(table.round(3), hide_index=True, column_config=names)
    shown.download(table, "error_held_out_kinds")


@st.fragment
def learning_curve(view: View) -> None:
    metric, study = view.metric, view.study
    st.markdown("##### How much is enough")
    st.caption(f"{view.label} on held-out classes.")
    table = judged.on_demand(
        study,
        f"learning curve {view.mapping}",
        lambda progress: study.learning_curve(view.mapping, progress=progress),
        "Measure with fewer seeds (about 1 min)",
    )
    if table is None:
        return
    shown.chart(
        charts.learning_curve(table, metric.key, metric.label),
        f"How to read it: {metric.label} ({metric.strong}) by the most sentences a class to learn from, a line "
        "for each number of classes; it has room while the line still climbs.",
        name="error_curve",
    )
    shown.download(table, "error_curve")


def show(view: View) -> None:
    layers(view)
    left, right = st.columns(2, gap="medium")
    with left:
        kinds(view)
    with right:
        learning_curve(view)
