"""Error by class: table, distribution, and details of one class."""

from __future__ import annotations

import zlib

import pandas as pd
import streamlit as st

from alignment.evaluation.metrics import METRICS, Metric
from alignment.study.pictures import THUMBNAIL_PIXELS
from alignment.wording import counted
from dashboard.components import html
from dashboard.components.charts import BAR_PIXELS, chart_with_caption, download_table
from dashboard.components.markdown import plain
from dashboard.components.metric_columns import as_written, metric_column, metric_format
from dashboard.pages import SEED_PAIRS
from dashboard.state import cached_results, page_links
from dashboard.state.class_choice import ALL, class_box, group_box
from dashboard.state.query_params import bound
from dashboard.views.mapping_error import data, error_charts
from dashboard.views.mapping_error.data import EvaluationView

TABLE_ROWS = 2000  # of the table; the download has all rows
FILTERS_PIXELS = 520
EVALUATED = (
    "How many of its sentences were asked for: those that are about this class alone. A sentence about several, "
    "such as “A wild animal.”, is learned from, but has no single right answer."
)
OTHER_FIGURES = ("median_rank", "p_at_10", "cosine")  # columns of the table besides the chosen metric


@st.fragment
def show(view: EvaluationView) -> None:
    table = data.per_class(view)
    found = filter_rows(table)
    left, right = st.columns([7, 3], gap="medium")
    with right:
        chosen = choose_class(view, table)
    with left:
        show_table(view, found, chosen)
    chart_with_caption(
        error_charts.distribution(found[view.metric.key], view.metric.label, ranks=view.metric.is_rank),
        f"How to read it: a bar is the number of the classes above with that {view.metric.label.lower()}; "
        f"{view.metric.better}.",
        name="error_distribution",
        title=view.title(f"{view.metric.label} of {len(found):,} classes"),
    )


def filter_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Filter the table by group and search text."""
    row = st.container(horizontal=True, width=FILTERS_PIXELS)
    group = group_box(row, table.get("group"))
    text = bound(row.text_input, "Search", key="named", type="search", placeholder="Part of a name", live=True).strip()
    found = pd.Series(True, index=table.index)
    if group != ALL:
        found &= table["group"] == group
    if text:
        found &= table["name"].str.contains(text, case=False, regex=False)
    return table[found]


def show_table(view: EvaluationView, found: pd.DataFrame, chosen: str) -> None:
    metric = view.metric
    found = found.sort_values(metric.key, ascending=metric.higher_is_better, kind="stable")
    whole, found = found, found.head(TABLE_ROWS)
    figures = [metric.key, *(key for key in OTHER_FIGURES if key != metric.key)]
    # The figure beside the name, and a bar that leaves room for its number: a phone shows no more of the table.
    columns = ["name", metric.key, "group", *figures[1:], "nearest_wrong_name", "wordnet_distance", "sentences"]
    columns = [column for column in columns if column in found]  # without groups and WordNet neither of theirs
    names = found["name"].tolist()
    key = table_key(names)
    st.dataframe(
        as_written(found[columns], data.DECIMALS),
        key=key,
        hide_index=True,
        placeholder="-",
        height=430,
        on_select=lambda: take_row(key, names),
        selection_mode=["single-row", "single-cell"],
        selection_default={"selection": {"rows": [names.index(chosen)] if chosen in names else []}},
        column_config={
            "name": st.column_config.TextColumn("Class", pinned=True),
            "group": "Group",
            metric.key: bar_column(metric, found),
            **{key: metric_column(METRICS[key], data.DECIMALS) for key in figures[1:]},
            "nearest_wrong_name": st.column_config.TextColumn("Closest wrong class"),
            "wordnet_distance": st.column_config.NumberColumn(
                "WordNet steps",
                help="From the class to its closest wrong class in the tree of WordNet; 2 if both are of one kind.",
            ),
            "sentences": st.column_config.NumberColumn("Sentences", help=EVALUATED),
        },
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(view.study.classes.with_indices(whole), "error_per_class")
        first = f"; the first {TABLE_ROWS:,} are shown, the file holds all" if len(whole) > TABLE_ROWS else ""
        st.caption(
            f"{len(whole):,} classes, worst first{first}. Click a row to look at the class; CSV holds every figure."
        )


def bar_column(metric: Metric, found: pd.DataFrame):
    """Bar column; for values below the metric's usual range, bars begin a little below the smallest."""
    least, most = (float(found[metric.key].min()), float(found[metric.key].max())) if len(found) else (0.0, 1.0)
    low, high = metric.bounds or (0.0, most)
    if least < low:
        low = least - 0.05 * (high - least)  # so that the smallest has a bar as well
    return st.column_config.ProgressColumn(
        metric.label,
        width=BAR_PIXELS,
        help=metric.meaning,
        format=metric_format(metric, data.DECIMALS),
        min_value=low,
        max_value=max(high, 1e-6),
    )


def table_key(names: list[str]) -> str:
    """Widget key that depends on the rows and their order: a selection is a row number, which must not carry over."""
    order = zlib.crc32("\n".join(names).encode())
    return f"error_table_{order}_{st.session_state.get('classes_chosen_elsewhere', 0)}"


def start_new_table() -> None:
    """Start a new table without a selection, because the class was chosen outside of it."""
    st.session_state["classes_chosen_elsewhere"] = st.session_state.get("classes_chosen_elsewhere", 0) + 1


def take_row(key: str, names: list[str]) -> None:
    """Choose the class whose row or cell was clicked."""
    selection = st.session_state[key]["selection"]
    rows = selection["rows"] or [row for row, _ in selection["cells"]]
    st.session_state["class"] = names[rows[0]] if rows else ALL


def choose_class(view: EvaluationView, table: pd.DataFrame) -> str:
    """Show the class box and the details of its class; return the class name, or ``ALL``."""
    names = sorted(table["name"], key=str.casefold)
    name = class_box(st, names, help="Look at one class closely.", on_change=start_new_table)
    if name == ALL:
        st.caption("Choose a class, here or in the table, to see where its sentences land.")
        return name
    row = table[table["name"] == name].iloc[0]
    rank = METRICS["median_rank"].shown(row["median_rank"])
    with st.container(horizontal=True, vertical_alignment="center"):
        if view.study.space.generator:
            st.html(
                html.picture_grid(cached_results.thumbnails(view.study, [int(row["class"])]), name),
                width=THUMBNAIL_PIXELS,
            )
        with st.container(gap=None):
            evaluated = counted(row["sentences"], "sentence")
            about = (f"**{plain(name)}**", plain(row.get("group", "")), f"{evaluated} evaluated")
            st.markdown(" · ".join(filter(None, about)), help=EVALUATED)
            cosine = data.shown(METRICS["cosine"], row["cosine"])
            st.markdown(f"Rank {rank} · cosine {cosine} · distance {row['l2']:.2f}")
    nearest = view.result.nearest(row["class"])
    classes = view.study.classes
    nearest["name"] = [classes.labels[k] for k in nearest["class"]]
    nearest["index"] = [classes.indices[k] for k in nearest["class"]]
    own = cached_results.thumbnails(view.study, nearest["class"].tolist()) if view.study.space.generator else []
    st.html(html.nearest_list(nearest, own))
    st.caption("The classes its mean prediction lies nearest to, by cosine.")
    page_links.show(SEED_PAIRS, "Its sentences", {"class": name})
    return name
