"""Comparison of two runs: the paired test in words, and the classes on which each is better."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alignment.errors import InputError
from alignment.study import Study
from alignment.study.runs.paired_tests import PairTest
from alignment.study.runs.report import LISTED_CLASSES, report_html
from alignment.study.runs.rows import pair_labels
from dashboard.components import html
from dashboard.components.charts import download_table
from dashboard.components.glossary import explained
from dashboard.components.markdown import plain
from dashboard.components.paired_test import verdict
from dashboard.components.save_button import save_button
from dashboard.state import cached_results
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.views.runs import data
from dashboard.views.runs.data import ShownRuns

FIRST, SECOND = "first_run", "second_run"


def compare_two(study: Study, view: ShownRuns) -> None:
    """Show two select boxes for the runs, the test in words, and the classes on which each is better."""
    st.header("Two runs against one another")
    labels = view.rows["label"].tolist()
    left, right = st.columns(2, gap="medium")
    first = bound(left.selectbox, "First run", labels, key=FIRST, help="Or tick two rows of the table.")
    second = bound(right.selectbox, "Second run", [*labels[1:], labels[0]], key=SECOND)
    if first == second:
        st.info("This is one run twice; choose another one to compare it with.", icon=":material/info:")
        return
    rows = view.rows.set_index("label", drop=False)
    try:
        test = data.paired_test(view, rows.at[first, "key"], rows.at[second, "key"])
    except InputError as error:
        return refuse(error)
    names = pair_labels(rows.loc[first], rows.loc[second]) or (first, second)
    st.markdown(
        verdict(test, *names),
        help=explained(
            "Each class is a pair of figures, one of either run; exchanging the two at random, class by class, shows "
            "what chance gives. A difference counts once chance would hardly give it anywhere among all pairs of the "
            "runs shown, because whoever picks the largest of many differences picks a lucky one.",
            "bootstrap interval",
        ),
    )
    gained, lost = test.gains[test.gains["gain"] > 0], test.gains[test.gains["gain"] < 0].iloc[::-1]
    even = len(test.gains) - len(gained) - len(lost)
    st.caption(
        f"{view.name} of a single class: {len(gained):,} better with the first, {len(lost):,} with the second, "
        f"{even:,} even. A single class's difference may be chance, however large."
    )
    left, right = st.columns(2, gap="medium")
    with left:
        show_classes(study, gained, f"{names[0]} does better", "first_rank", "second_rank")
    with right:
        show_classes(study, lost, f"{names[1]} does better", "second_rank", "first_rank")
    with st.container(horizontal=True):
        download_table(test.gains.rename(columns={"first": first, "second": second}), "runs_classes")
        download_report(study, view, test, (first, second))  # where no choice above it says what they share


def show_classes(study: Study, gains: pd.DataFrame, title: str, better: str, worse: str) -> None:
    """Show the classes with the largest gain, with pictures of those that this study's generator can draw."""
    st.markdown(f"### {plain(title)}")
    if gains.empty:
        st.caption("No class.")
        return
    listed = gains.head(LISTED_CLASSES)
    notes = [f"rank {row[better]:.0f}, not {row[worse]:.0f}" for row in listed.to_dict("records")]
    drawn = pictures_of(study, listed)
    pictures = [drawn[index] for index in listed["index"]] if len(drawn) == len(listed) else []
    st.html(html.noted_list(listed["name"].tolist(), notes, pictures))


def pictures_of(study: Study, gains: pd.DataFrame) -> dict[int, str]:
    """Class index -> picture as a data URI, for classes of this study's generator.

    Runs of another class list have other classes under the same indices.
    """
    if not study.space.generator:
        return {}
    place = {known: row for row, known in enumerate(zip(study.classes.indices, study.classes.names, strict=True))}
    here = [known for known in zip(gains["index"], gains["name"], strict=True) if known in place]
    drawn = cached_results.thumbnails(study, [place[known] for known in here])
    return {index: picture for (index, _), picture in zip(here, drawn, strict=True)}


def download_report(study: Study, view: ShownRuns, test: PairTest, names: tuple[str, str]) -> None:
    """Download button for an HTML report of the shown runs and these two."""

    def report() -> str:
        ends = pd.concat([test.gains.head(LISTED_CLASSES), test.gains.tail(LISTED_CLASSES)])
        rows = view.rows.drop(columns="label")
        return report_html(
            data.table(), rows, view.figure, pair=test, pair_names=names, pictures=pictures_of(study, ends)
        )

    save_button(
        "Report as HTML",
        report,
        "runs.html",
        "text/html",
        icon=":material/description:",
        help="One file with the table, the chart, these two runs, and all that is needed to repeat it.",
    )
