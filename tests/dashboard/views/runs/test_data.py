"""Rows of the page Runs: which are shown, in which order, and what they are called."""

import pandas as pd

from alignment.study.runs.rows import PROJECT_SEEDS
from alignment.study.runs.table import CHOICES, Rows
from dashboard.components.code_snippet import SEEDS_FILE_NAME
from dashboard.views.runs import data

ROW = dict.fromkeys(CHOICES, "") | {
    "encoder": "minilm", "layer": 6, "layers": 6, "pooling": "mean", "class_space": "bundled", "seeds": PROJECT_SEEDS,
    "split": "classes", "mapping": "ridge", "random": False, "key": "0123456789", "median_rank": 4.0,
}  # fmt: skip


def rows_of(*changes):
    return pd.DataFrame([ROW | change for change in changes])


def test_runs_of_one_split_are_shown_best_first_with_their_figure_in_a_random_space():
    rows = rows_of(
        {"median_rank": 9.0}, {"mapping": "prototypes"}, {"split": "sentences"}, {"random": True, "median_rank": 90.0}
    )
    shown = data.select_runs(rows, "median_rank", "classes", random=False).rows
    assert shown["mapping"].tolist() == ["prototypes", "ridge"] and shown["median_rank"].tolist() == [4, 9]
    assert shown["random_space"].fillna(0).tolist() == [0, 90]
    assert len(data.select_runs(rows, "median_rank", "classes", random=True).rows) == 3


def test_runs_with_the_same_label_are_told_apart_by_their_keys():
    rows = rows_of({}, {"key": "abcdefghij", "seeds": "/a/mine.csv"}, {"key": "klmnopqrst", "seeds": "/b/mine.csv"})
    labels = data.select_runs(rows, "median_rank", "classes", random=False).rows["label"]
    assert labels.tolist() == [
        "minilm · layer 6 (last) · mean · Ridge",
        "minilm · layer 6 (last) · mean · seeds mine.csv · Ridge · abcdef",
        "minilm · layer 6 (last) · mean · seeds mine.csv · Ridge · klmnop",
    ]


def test_only_the_visitors_own_seeds_are_called_as_their_download():
    rows = rows_of({}, {"seeds": "/cache/seeds/mine.csv"}, {"seeds": "/srv/other.csv"})
    assert data.mask_seeds(rows, "/cache/seeds/mine.csv")["seeds"].tolist() == [
        PROJECT_SEEDS, SEEDS_FILE_NAME, "/srv/other.csv",
    ]  # fmt: skip
    assert data.mask_seeds(rows, None).equals(rows)


def test_two_runs_are_tested_among_those_shown_that_are_not_random(monkeypatch):
    rows, asked = rows_of({"key": "a"}, {"key": "b"}, {"key": "c", "random": True}), []
    monkeypatch.setattr(data, "pair_test", lambda table, *request: asked.append(request))
    data.paired_test(data.ShownRuns(rows, "median_rank", "classes"), "b", "a")
    assert asked == [("b", "a", ["a", "b"], "median_rank")]


def test_a_run_of_a_mapping_that_is_no_more_is_not_shown(monkeypatch):
    rows = rows_of({}, {"mapping": "of an older version"})
    monkeypatch.setattr(data.RunTable, "read", lambda table: Rows(rows, ("damaged.parquet",)))
    shown, damaged = data.visible_runs(None)
    assert shown["mapping"].tolist() == ["ridge"] and damaged == 1
