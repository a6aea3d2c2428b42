"""Mapping error: the error of every class when it is held out from training."""

import pandas as pd
import streamlit as st

from alignment.errors import InputError
from alignment.evaluation.metrics import METRICS, Metric
from alignment.evaluation.seed_pairs import MIN_CLASSES
from alignment.evaluation.splits import SPLITS
from alignment.mappings import MAPPINGS
from alignment.study.code_snippets import evaluation_code
from dashboard.components.charts import FORMATS, download_table
from dashboard.components.code_snippet import copy_buttons, shared_settings
from dashboard.components.glossary import explained, tooltip
from dashboard.components.mapping_caveats import caveats, of_few_classes
from dashboard.components.metric_columns import as_written, metric_column
from dashboard.pages import MAPPING_ERROR
from dashboard.state import cached_results, evaluations, prepared_study, sidebar
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.views.mapping_error import (
    ablations,
    classes,
    confidence,
    confusions,
    data,
    explanations,
    groups,
    two_mappings,
)
from dashboard.views.mapping_error.data import EvaluationView

SELDOM = 0.1  # share of queries that counts as "hardly ever"
TELLING_CLASSES = 50  # with fewer, a random space gets too high a P@10 to be told from another
SECTIONS = {
    "Classes": classes.show,
    "Groups": groups.show,
    "Two mappings": two_mappings.show,
    "Confusions": confusions.show,
    "Reasons": explanations.show,
    "Confidence": confidence.show,
    "Encoder and seeds": ablations.show,
}


def main() -> None:
    st.title(MAPPING_ERROR.heading)
    st.caption("How well the mapping does on what it has not seen, class by class, and where it goes wrong.")
    page()


@st.fragment
def page() -> None:
    split, metric = controls()
    study = prepared_study.chosen()
    if cached_results.count_with_sentences(study) < MIN_CLASSES:
        st.info(f"This page needs sentences about at least {MIN_CLASSES} classes.", icon=":material/info:")
        return
    try:
        results = evaluations.with_baselines(study, sidebar.mapping(), split)
    except InputError as error:
        return refuse(error)
    view = EvaluationView(study, sidebar.mapping(), split, metric, results)
    warning = st.empty()
    places = headline(view)
    tabs = bound(st.tabs, list(SECTIONS), key="section")
    for tab, show in zip(tabs, SECTIONS.values(), strict=True):
        if tab.open:
            with tab:
                show(view)
    show_random_space(view, places, warning)


def controls() -> tuple[str, Metric]:
    """Controls of the split, the metric and the format of saved charts."""
    with st.container(horizontal=True, gap="medium"):
        split = bound(
            st.segmented_control,
            "Held out",
            SPLITS,
            default=SPLITS[0],
            required=True,
            key="split",
            help="; ".join(f"{split}: {data.SPLITS[split]}" for split in SPLITS) + ".",
        )
        metric = bound(
            st.selectbox,
            "Figure",
            METRICS.values(),
            format_func=lambda metric: metric.label,
            key="figure",
            width=220,
            help="\n".join(f"- {metric.label}: {metric.meaning}" for metric in METRICS.values()),
        )
        bound(
            st.segmented_control,
            "Chart file format",
            FORMATS,
            format_func=str.upper,
            default=FORMATS[0],
            required=True,
            key="chart_format",
        )
    return split, metric


def headline(view: EvaluationView) -> dict:
    """Show the mapping's and the baselines' figures with their intervals; return a placeholder below each figure."""
    table = data.headline(view)
    st.caption(
        f"{view.label}, evaluated on {data.SPLITS[view.split]}; below each figure its 95 % interval. Random space: "
        "this same mapping where the class vectors are shuffled among the classes; only what goes beyond it is "
        "alignment.",
        help=tooltip("random space"),
    )
    places = {}
    for place, key in zip(st.columns(len(data.HEADLINE)), data.HEADLINE, strict=True):
        metric, row = METRICS[key], table.loc[view.mapping]
        place.metric(
            metric.label,
            data.shown(metric, row[key]),
            f"{data.shown(metric, row[f'{key}_low'])} to {data.shown(metric, row[f'{key}_high'])}",
            delta_color="off",
            delta_arrow="off",
            help=explained(
                f"{metric.meaning} {metric.better.capitalize()}.",
                *filter(None, [data.glossary_term(metric)]),
                "bootstrap interval",
            ),
            border=True,
        )
        places[key] = place.empty()
    remarks(view, table)
    settings = view.study.settings
    copy_buttons(evaluation_code(shared_settings(settings), view.mapping, view.split), settings)
    with st.expander("Compared with the baselines", expanded=False):
        baselines(view, table)
    return places


def remarks(view: EvaluationView, table: pd.DataFrame) -> None:
    """Say what has to be known of the figures of this mapping and these classes."""
    if view.split == "classes":
        if MAPPINGS[view.mapping].blends and table.loc[view.mapping, "p_at_1"] < SELDOM:
            st.caption(
                "In its blends, classes with sentences outweigh new ones, which come near but hardly ever first: P@1 "
                "says little here."
            )
        for caveat in caveats(view.mapping):
            st.caption(caveat)
    if note := of_few_classes(len(view.study.classes)):
        st.caption(note)
    if note := data.own_similarity_figures(view):
        st.caption(note)


def show_random_space(view: EvaluationView, places: dict, warning) -> None:
    """Show the figures of a random class space below each figure; measured last, as the page need not wait for it."""
    found, table = data.random_space_figures(view), data.headline(view)
    for key, place in places.items():
        place.caption(f"random space: {data.shown(METRICS[key], found[key])}")
    enough = view.split == "classes" and len(view.study.classes) >= TELLING_CLASSES
    if enough and found["p_at_10"] >= table.loc[view.mapping, "p_at_10_low"]:
        warning.warning(
            "On held-out classes the mapping does no better than with shuffled class vectors: nothing shows that these "
            "two spaces are related.",
            icon=":material/casino:",
        )


def baselines(view: EvaluationView, table: pd.DataFrame) -> None:
    named = table.rename(index={view.mapping: view.label}).reset_index()
    st.dataframe(
        as_written(named[["mapping", *data.HEADLINE]], data.DECIMALS),
        hide_index=True,
        column_config={"mapping": st.column_config.TextColumn("Mapping", pinned=True)}
        | {key: metric_column(METRICS[key], data.DECIMALS) for key in data.HEADLINE},
    )
    download_table(named, "error_baselines")
    st.caption(
        "Mean class vector: the same answer to everything. Shuffled pairs: ridge, learned from class vectors shuffled "
        "among the classes (a few keep their own) and asked for the right ones, which gives what chance gives; the "
        "random space above is this same mapping, learned and asked with shuffled vectors. Class's own vector: every "
        "answer right.",
        help=tooltip("shuffled pairs", "random space"),
    )


main()
