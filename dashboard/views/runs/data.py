"""The table of runs as the page Runs shows it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from alignment.images.checkpoints import GENERATORS
from alignment.mappings import MAPPINGS
from alignment.study import CACHE
from alignment.study.runs.paired_tests import PairTest, check_pair, sorted_runs
from alignment.study.runs.report import FIGURES
from alignment.study.runs.rows import PROJECT_SEEDS, run_label
from alignment.study.runs.table import RunTable, newest
from alignment.text.checkpoints import ENCODERS
from dashboard.components.code_snippet import SEEDS_FILE_NAME
from dashboard.state import limits, studies

CHOSEN = ("encoder", "layer", "pooling", "class_space", "seeds", "mapping")  # columns that runs differ in
NAMES = {
    "encoder": "Encoder",
    "layer": "Layer",
    "pooling": "Pooling",
    "class_space": "Class space",
    "seeds": "Seeds",
    "mapping": "Mapping",
    "random": "Class vectors",
}
MEANINGS = {
    "p_at_1": "Share of classes that are the nearest to their sentences.",
    "p_at_10": "Share of classes that are among the ten nearest to their sentences.",
    "mrr": "One over the rank of the right class, on average.",
    "median_rank": "Where the right class stands among all, for the middle one of the classes; 1 is first.",
    "cosine": "How well the direction fits, seen from the mean class; 1 is right, 0 is chance.",
}


@dataclass(frozen=True)
class ShownRuns:
    """The rows that are shown, best first, and by which figure.

    ``rows`` are as from :func:`~alignment.study.runs.paired_tests.sorted_runs`, those with class vectors at random left
    out unless they are asked for, with a ``label`` that no two of them share.
    """

    rows: pd.DataFrame
    figure: str
    split: str

    @property
    def name(self) -> str:
        """The figure's name for people."""
        return FIGURES[self.figure]

    @property
    def digits(self) -> int:
        return 0 if self.figure == "median_rank" else 3


def value_label(name: str, value: object) -> str:
    """What was chosen for a run in this column, as visitors read it."""
    if name == "random":
        return "shuffled" if value else "as they are"
    return MAPPINGS[str(value)].label if name == "mapping" else str(value)


def table() -> RunTable:
    return RunTable(CACHE)


def kept(own_seeds: str | None) -> tuple[pd.DataFrame, int]:
    """Every run that this visitor may see, newest of each, and how many files are damaged.

    On a server for others, runs are left out that name files: those of whoever serves, and other visitors' seeds.
    """
    found = table().read()
    rows = newest(found.table)
    rows = rows[rows["mapping"].isin(list(MAPPINGS))].astype({"random": bool})
    if not limits.allowed().own_models:
        known = rows["encoder"].isin([*ENCODERS]) & rows["class_space"].isin([*GENERATORS])
        own = rows["seeds"].isin([PROJECT_SEEDS, own_seeds])
        rows = rows[known & own & (rows["class_list"] == "") & (rows["added_seeds"] == "")]
    return rows, len(found.damaged)


def shown(rows: pd.DataFrame, figure: str, split: str, *, random: bool) -> ShownRuns:
    """The rows of one split, sorted and named."""
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
def tested(view: ShownRuns, first: str, second: str) -> PairTest:
    """Two of the shown runs, by key, against one another."""
    among = view.rows.loc[~view.rows["random"], "key"].tolist()
    return studies.answer(lambda: check_pair(table(), first, second, among, view.figure))


def masked(rows: pd.DataFrame, own_seeds: str | None) -> pd.DataFrame:
    """Rows as a visitor sees them: their own file of seeds is called as the page Seed pairs downloads it."""
    return rows.assign(seeds=rows["seeds"].replace({own_seeds: SEEDS_FILE_NAME})) if own_seeds else rows
