"""Runs: comparison of encoders, layers, poolings, class spaces and mappings, with significance tests."""

from __future__ import annotations

import zlib
from functools import partial

import pandas as pd
import streamlit as st

from alignment.evaluation.metrics import COMPARED, METRICS, PRIMARY_METRIC
from alignment.mappings import MAPPINGS
from alignment.study import Study
from alignment.wording import counted
from dashboard.components.charts import chart_with_caption, download_table
from dashboard.components.glossary import explained, tooltip
from dashboard.components.mapping_caveats import caveats
from dashboard.components.markdown import plain
from dashboard.components.metric_columns import as_written, metric_column, metric_format
from dashboard.pages import RUNS
from dashboard.state import on_demand, prepared_study
from dashboard.state.query_params import bound
from dashboard.views.runs import charts, data
from dashboard.views.runs.adding import JOBS, add_runs
from dashboard.views.runs.data import CHOSEN, NAMES, ShownRuns, value_label
from dashboard.views.runs.two_runs import FIRST, SECOND, compare_two


def main() -> None:
    st.title(RUNS.heading)
    st.caption(
        "Which encoder, layer, pooling and mapping line text space and class space up best, and is it luck? "
        "A run is one of these choices measured on what its mapping has not seen; every run is kept."
    )
    page()


@st.fragment
def page() -> None:
    study = prepared_study.chosen()
    rows, damaged = data.visible_runs(study.settings.seeds)
    adding, results = st.container(), st.container()  # existing runs are shown before more are measured
    with results:
        if damaged:
            st.warning(
                f"Damaged rows of the table are left out: {damaged}. Measure them again.", icon=":material/warning:"
            )
        show_table_of_runs(study, data.mask_seeds(rows, study.settings.seeds))
    with adding:
        if measuring := bool(on_demand.running(JOBS)):
            st.session_state["measure"] = True  # with the first run the switch comes, and would hide the progress
        if rows.empty or bound(st.toggle, "Measure more runs", key="measure", disabled=measuring):
            with st.container(border=True):
                add_runs(study, rows)


def show_table_of_runs(study: Study, rows: pd.DataFrame) -> None:
    """Show the table with its filters, the chart, and the comparison of two runs."""
    if rows.empty:
        st.info(
            "No run is kept yet; runs appear here as they are measured. The choices above are a good beginning.",
            icon=":material/info:",
        )
        return
    view = filter_rows(rows)
    if view.rows.empty:
        st.info("No run fits these filters.", icon=":material/filter_alt:")
        return
    show_rows(view)
    if len(view.rows) > 1:
        with st.container(key="parallel"):
            chart_with_caption(
                charts.parallel(view.rows, view.figure),
                f"How to read it: a line is a run, from orange to green the better its {view.name}; up is better on "
                "the axes of figures. Drag along an axis to keep the runs that pass there; drag an axis's name to "
                "move it. In a narrow window the chart scrolls sideways.",
                name="runs_parallel",
                title=f"{_counts(view.rows)} · held-out {view.split}",
            )
        if view.split == "classes":
            with st.container():  # one, so that a box below it in which someone types stays where it is
                for mapping in view.rows["mapping"].unique():
                    if said := caveats(mapping):
                        st.caption(f"**{MAPPINGS[mapping].label}.** {' '.join(said)}")
        compare_two(study, view)


def _counts(rows: pd.DataFrame) -> str:
    """Number of runs, and of those in a random space, in words."""
    random = int(rows["random"].sum())
    return counted(len(rows) - random, "run") + (f" and {random} in a random space" if random else "")


def filter_rows(rows: pd.DataFrame) -> ShownRuns:
    """Show the filters and return the rows of the chosen split that pass them."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        splits = sorted(rows["split"].unique())
        split = splits[0]
        if len(splits) > 1:
            split = bound(
                st.segmented_control, "Held out in the runs", splits, default=splits[0], required=True, key="held_out"
            )
        figure = bound(
            st.selectbox,
            "Figure",
            COMPARED,
            index=COMPARED.index(PRIMARY_METRIC),
            format_func=lambda key: METRICS[key].label,
            key="sorted_by",
            width=140,
            help="\n".join(f"- {METRICS[key].label}: {METRICS[key].meaning}" for key in COMPARED),
        )
        for name in CHOSEN:
            values = sorted(rows[name].unique())
            if len(values) > 1:
                kept = bound(
                    st.multiselect,
                    NAMES[name],
                    values,
                    format_func=partial(value_label, name),
                    key=f"only_{name}",
                    placeholder="All",
                    width=220,
                )
                rows = rows[rows[name].isin(kept)] if kept else rows
        random = bound(
            st.toggle,
            "Random space too",
            key="random_runs",
            help=explained("Rows of the runs in a random space.", "random space"),
        )
    return data.select_runs(rows, figure, split, random=random)


def show_rows(view: ShownRuns) -> None:
    """Show the table; two ticked rows are compared."""
    rows, labels = view.rows, view.rows["label"].tolist()
    same = {name: rows[name].iloc[0] for name in CHOSEN if rows[name].nunique() == 1 and len(rows) > 1}
    columns = [name for name in CHOSEN if name not in same]
    figures = [view.figure, "interval", "random_space", *(key for key in COMPARED if key != view.figure), "seconds"]
    shown = METRICS[view.figure].shown
    ends = [
        f"{shown(low)} to {shown(high)}"
        for low, high in zip(rows[f"{view.figure}_low"], rows[f"{view.figure}_high"], strict=True)
    ]
    named = rows.assign(interval=ends, mapping=rows["mapping"].map(lambda key: MAPPINGS[key].label))
    if rows["random"].any():
        columns.append("random")
    if rows["random_space"].isna().all():  # those measured on the command line have none
        figures.remove("random_space")
    key = f"runs_table_{zlib.crc32(' '.join(rows['key']).encode())}"
    order = "highest" if METRICS[view.figure].higher_is_better else "lowest"
    shared = ", ".join(f"{NAMES[name].lower()} {value_label(name, value)}" for name, value in same.items())
    count = _counts(rows)
    st.caption(f"{count}, {order} {view.name} first{plain('; all with ' + shared) if shared else ''}.")
    st.dataframe(
        as_written(named[[*columns, *figures]], named={"random_space": METRICS[view.figure]}),
        key=key,
        hide_index=True,
        on_select=lambda: take_rows(key, labels),
        selection_mode="multi-row",
        placeholder="-",
        column_config={
            **{name: NAMES[name] for name in CHOSEN},
            "random": "Random space",
            "interval": st.column_config.TextColumn("95 % interval", help="The bootstrap interval, over classes."),
            "random_space": st.column_config.NumberColumn(
                f"{view.name} in a random space",
                format=metric_format(METRICS[view.figure]),
                help=tooltip("random space"),
            ),
            "seconds": st.column_config.NumberColumn(
                "Seconds", format="%.1f", help="To learn and measure the mapping, once the sentences are encoded."
            ),
            **{key: metric_column(METRICS[key]) for key in COMPARED},
        },
    )
    download_table(rows.drop(columns="label"), "runs")


def take_rows(key: str, labels: list[str]) -> None:
    """Choose the first two ticked rows for the comparison; a single one is compared with the best."""
    chosen = st.session_state[key]["selection"]["rows"][:2]
    if len(chosen) == 1 and len(labels) > 1:
        chosen = [*chosen, int(chosen[0] == 0)]
    for name, row in zip((FIRST, SECOND), chosen, strict=False):
        st.session_state[name] = labels[row]


main()
