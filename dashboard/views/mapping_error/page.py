"""Mapping error: how far off every class is when the mapping must do without it."""

import pandas as pd
import streamlit as st

from alignment.errors import InputError
from alignment.evaluation.splits import SPLITS
from alignment.mappings import MAPPINGS
from dashboard.components import charts as shown
from dashboard.state import session, studies
from dashboard.state.query_params import bound
from dashboard.views.mapping_error import ablations as conditions
from dashboard.views.mapping_error import classes, confusions, groups
from dashboard.views.mapping_error import data as judged
from dashboard.views.mapping_error import explanations as reasons
from dashboard.views.mapping_error import two_mappings as versus
from dashboard.views.mapping_error.data import View

SECTIONS = {
    "Classes": classes.show,
    "Groups": groups.show,
    "Two mappings": versus.show,
    "Confusions": confusions.show,
    "Reasons": reasons.show,
    "Encoder and seeds": conditions.show,
}


def main() -> None:
    st.title("Mapping error")
    st.caption("How well the mapping does on what it has not seen, class by class, and where it goes wrong.")
    page()


@st.fragment
def page() -> None:
    split, metric = controls()
    study = session.study()
    if (studies.seed_counts(study)["total"] > 0).sum() < 2:
        return st.info("With sentences about a single class, none can be held out.", icon=":material/info:")
    try:
        results = judged.judge(study, session.mapping(), split)
    except InputError as error:
        return session.refuse(error)
    view = View(study, session.mapping(), split, metric, results)
    headline(view)
    tabs = bound(st.tabs, list(SECTIONS), key="section")
    for tab, show in zip(tabs, SECTIONS.values(), strict=True):
        if tab.open:
            with tab:
                show(view)


def controls() -> tuple[str, judged.Metric]:
    """What is held out, which figure is looked at, and as what charts are saved."""
    with st.container(horizontal=True, gap="medium"):
        split = bound(
            st.segmented_control,
            "Held out",
            SPLITS,
            default=SPLITS[0],
            required=True,
            key="split",
            help="; ".join(f"{split}: {judged.SPLITS[split]}" for split in SPLITS) + ".",
        )
        metric = bound(
            st.selectbox,
            "Figure",
            judged.METRICS,
            format_func=lambda metric: metric.label,
            key="figure",
            width=220,
            help="; ".join(f"{metric.label}: {metric.meaning}" for metric in judged.METRICS),
        )
        shown.chart_format()
    return split, metric


def headline(view: View) -> None:
    """The mapping's figures with their intervals, and the baselines'."""
    table = judged.headline(view)
    st.caption(f"{view.label}, judged on {judged.SPLITS[view.split]}; below each figure its 95 % interval.")
    if view.split == "classes" and MAPPINGS[view.mapping].blends:
        st.caption("It blends classes it knows, so a new class comes near but hardly ever first: P@1 says little here.")
    for place, key in zip(st.columns(len(judged.HEADLINE)), judged.HEADLINE, strict=True):
        metric, row = judged.BY_KEY[key], table.loc[view.mapping]
        place.metric(
            metric.label,
            f"{row[key]:.{metric.digits}f}",
            f"{row[f'{key}_low']:.{metric.digits}f} to {row[f'{key}_high']:.{metric.digits}f}",
            delta_color="off",
            delta_arrow="off",
            help=f"{metric.meaning} {metric.strong.capitalize()}.",
            border=True,
        )
    with st.expander("Beside the baselines", expanded=False):
        baselines(view, table)


def baselines(view: View, table: pd.DataFrame) -> None:
    named = table.rename(index={view.mapping: view.label}).reset_index()
    st.dataframe(
        named[["mapping", *judged.HEADLINE]],
        hide_index=True,
        column_config={"mapping": "Mapping"}
        | {
            key: st.column_config.NumberColumn(judged.BY_KEY[key].label, format=f"%.{judged.BY_KEY[key].digits}f")
            for key in judged.HEADLINE
        },
    )
    shown.download(named, "error_baselines")
    st.caption(
        "Mean class vector: the same answer to everything. Shuffled pairs: ridge taught a wrong class for each class. "
        "Class's own vector: every answer right."
    )


main()
