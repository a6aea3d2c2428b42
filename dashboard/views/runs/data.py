"""Data of the page Runs: the visible runs, selected, sorted and labelled."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from alignment.evaluation.metrics import METRICS
from alignment.images.checkpoints import GENERATORS
from alignment.mappings import MAPPINGS
from alignment.study import CACHE
from alignment.study.runs.paired_tests import PairTest, pair_test, sorted_runs
from alignment.study.runs.rows import PROJECT_SEEDS, run_label
from alignment.study.runs.table import RunTable, newest
from alignment.text.checkpoints import ENCODERS
from dashboard.components.code_snippet import SEEDS_FILE_NAME
from dashboard.state import limits, own_seed_files, studies

CHOSEN = ("encoder", "layer", "pooling", "class_space", "seeds", "mapping")  # columns in which runs differ
NAMES = {
    "encoder": "Encoder",
    "layer": "Layer",
    "pooling": "Pooling",
    "class_space": "Class space",
    "seeds": "Seeds",
    "mapping": "Mapping",
    "random": "Class vectors",
}


@dataclass(frozen=True)
class ShownRuns:
    """The rows shown, best first, and the figure they are sorted by.

    ``rows`` are as from :func:`~alignment.study.runs.paired_tests.sorted_runs`, without those of random class spaces
    unless asked for, and with a unique ``label``.
    """

    rows: pd.DataFrame
    figure: str
    split: str

    @property
    def name(self) -> str:
        """Display name of the figure."""
        return METRICS[self.figure].label


def value_label(name: str, value: object) -> str:
    """Display text of a value in this column."""
    if name == "random":
        return "shuffled" if value else "as they are"
    return MAPPINGS[str(value)].label if name == "mapping" else str(value)


def table() -> RunTable:
    return RunTable(CACHE)


def visible_runs(own_seeds: str | None) -> tuple[pd.DataFrame, int]:
    """Newest version of every run that this visitor may see, and the number of damaged files.

    Where there are several visitors, runs from another's seeds are left out, for whoever has the name of their file
    can open them; on a public server all that name files, unless visitors may name any.
    """
    found = table().read()
    rows = newest(found.table)
    rows = rows[rows["mapping"].isin(list(MAPPINGS))].astype({"random": bool})
    if limits.allowed().several:
        rows = rows[~rows["seeds"].map(own_seed_files.is_seed_file) | (rows["seeds"] == own_seeds)]
    if not limits.allowed().own_models:
        known = rows["encoder"].isin([*ENCODERS]) & rows["class_space"].isin([*GENERATORS])
        own = rows["seeds"].isin([PROJECT_SEEDS, own_seeds])
        rows = rows[known & own & (rows["class_list"] == "") & (rows["added_seeds"] == "")]
    return rows, len(found.damaged)


def select_runs(rows: pd.DataFrame, figure: str, split: str, *, random: bool) -> ShownRuns:
    """Runs of one split, sorted by a figure and labelled."""
    rows = sorted_runs(rows[rows["split"] == split], figure)
    rows = rows if random else rows[~rows["random"]].reset_index(drop=True)
    labels = [run_label(row) for _, row in rows.iterrows()]
    twice = pd.Series(labels).duplicated(keep=False)
    marked = [
        f"{label} · {key[:6]}" if again else label for label, key, again in zip(labels, rows["key"], twice, strict=True)
    ]
    return ShownRuns(rows.assign(label=pd.Series(marked, dtype=object)), figure, split)


@st.cache_data(
    max_entries=50, show_spinner="Testing", hash_funcs={ShownRuns: lambda view: (view.figure, tuple(view.rows["key"]))}
)
def paired_test(view: ShownRuns, first: str, second: str) -> PairTest:
    """Paired test of two of the shown runs, by key."""
    among = view.rows.loc[~view.rows["random"], "key"].tolist()
    return studies.answer(lambda: pair_test(table(), first, second, among, view.figure))


def mask_seeds(rows: pd.DataFrame, own_seeds: str | None) -> pd.DataFrame:
    """Replace the name of the visitor's own seed file by the file name of the download on Seed pairs."""
    return rows.assign(seeds=rows["seeds"].replace({own_seeds: SEEDS_FILE_NAME})) if own_seeds else rows
