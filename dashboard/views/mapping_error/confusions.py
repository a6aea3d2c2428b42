"""Confusions: the wrong classes that held-out classes and sentences are mapped to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from alignment.evaluation.confusions import share_in_right_group
from dashboard.components.charts import chart_with_caption, download_table
from dashboard.state import cached_results
from dashboard.state.class_choice import ALL, group_box
from dashboard.state.query_params import bound
from dashboard.views.mapping_error import data, error_charts
from dashboard.views.mapping_error.data import EvaluationView

PAIRS_PER_PAGE = 25  # pairs with pictures


@st.fragment
def show(view: EvaluationView) -> None:
    if view.study.classes.groups is not None:
        show_groups(view)
    pairs = data.class_confusions(view)
    wrong = pairs[pairs["class"] != pairs["predicted"]]
    st.markdown("## Pairs")
    show_pairs(view, wrong)


def show_groups(view: EvaluationView) -> None:
    """Show the confusion matrix of the groups."""
    matrix = data.group_confusions(view)
    queries = "classes" if view.split == "classes" else "sentences"
    near = share_in_right_group(data.class_confusions(view))
    share = "" if np.isnan(near) else f" ({near:.0%} of the wrong answers are in it)"
    with st.container(key="confusion_matrix"):
        chart_with_caption(
            error_charts.confusion_matrix(matrix),
            f"How to read it: a row is the right group, a column that of the classes predicted for its {queries}; a "
            f"strong diagonal says that the group is right even where the class is not{share}.",
            name="error_confusion",
            title=view.title("Confusions of groups"),
        )
    download_table(matrix.reset_index(), "error_confusion")


def show_pairs(view: EvaluationView, wrong: pd.DataFrame) -> None:
    """Show the confused pairs of one group in the chosen order, one page at a time."""
    row = st.container(horizontal=True)
    group = group_box(row, wrong.get("group"))
    orders = {"most frequent": "share", "most similar": "similarity", "farthest in WordNet": "wordnet_distance"}
    if view.split == "classes":  # one query per class
        del orders["most frequent"]
    orders = {label: column for label, column in orders.items() if column in wrong}
    order = bound(row.selectbox, "Order", list(orders), key="order")
    found = wrong if group == ALL else wrong[wrong["group"] == group]
    found = found.sort_values([orders[order], "share", "similarity"], ascending=False, kind="stable")
    pages = max(1, -(-len(found) // PAIRS_PER_PAGE))
    page = row.number_input("Page", 1, pages, 1, key=f"pairs_page_{group}_{order}", help=f"{pages} pages")
    rows = found.iloc[(page - 1) * PAIRS_PER_PAGE : page * PAIRS_PER_PAGE]
    columns: dict[str, Any] = {
        "picture": st.column_config.ImageColumn("", width="small"),
        "name": "Class",
        "predicted_picture": st.column_config.ImageColumn("", width="small"),
        "predicted_name": "Predicted",
        "group": "Group",
        "predicted_group": "Its group",
        "share": st.column_config.ProgressColumn("Share", help="Of the class's sentences.", format="percent"),
        "similarity": st.column_config.NumberColumn(
            "Similarity", format="%.2f", help="Mean cosine to the predicted class."
        ),
        "wordnet_distance": st.column_config.NumberColumn(
            "WordNet steps", help="Between the two in the tree of WordNet; 2 if both are of one kind."
        ),
    }
    if view.study.space.generator:
        rows = rows.assign(
            picture=cached_results.thumbnails(view.study, rows["class"].tolist()),
            predicted_picture=cached_results.thumbnails(view.study, rows["predicted"].tolist()),
        )
    if view.split == "classes":
        rows = rows.drop(columns="share")
    st.dataframe(
        rows[[column for column in columns if column in rows]],
        hide_index=True,
        row_height=56 if view.study.space.generator else None,
        height=520,
        column_config=columns,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(view.study.classes.with_indices(found), "error_pairs")
        st.caption(f"{len(found):,} pairs of a class and a wrong class predicted for it; CSV holds them all.")
