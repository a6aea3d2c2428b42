"""The chart, the figures and the names of a report."""

import re

import numpy as np
import pandas as pd
import pytest

from alignment.study.runs.report import CHART_WIDTH, LABEL_WIDTH, _chart, _with_interval
from alignment.study.runs.rows import PROJECT_SEEDS, pair_labels
from alignment.study.runs.table import CHOICES

RUN = dict.fromkeys(CHOICES, "") | {"layer": -1, "layers": 6, "mapping": "ridge", "random": False}


@pytest.mark.parametrize("figures", [(-0.3, -0.2, -0.1), (-0.1, 0.1, 0.4), (0.2, 0.3, 0.4), (0.0, 0.0, 0.0)])
def test_every_figure_and_zero_are_on_the_scale(figures):
    run = RUN | dict(zip(("cosine_low", "cosine", "cosine_high"), figures, strict=True)) | {"random_space": np.nan}
    chart = _chart(pd.DataFrame([run]), "cosine")
    zero, low, high, dot = (
        float(re.search(f"{begin}([0-9.-]+)", chart)[1]) for begin in ('d="M', ' x1="', ' x2="', 'cx="')
    )
    assert min(zero, low) >= LABEL_WIDTH and low <= dot <= high <= CHART_WIDTH - 60 >= zero
    assert [np.sign(at - zero) for at in (low, dot, high)] == [np.sign(figure) for figure in figures]


def test_ranks_are_whole_numbers_or_halves():
    ends = {"median_rank_low": 10.5, "median_rank": 12.0, "median_rank_high": 14.0}
    run = pd.Series(RUN | ends | {"random_space": np.nan})
    assert ">12</text>" in _chart(pd.DataFrame([run]), "median_rank")
    assert _with_interval(run, "median_rank").split() == ["12", "(10.5", "to", "14)"]


def test_two_runs_are_called_by_what_they_do_not_share():
    row = RUN | {"encoder": "minilm", "layer": 6, "pooling": "mean", "seeds": PROJECT_SEEDS}
    other = row | {"mapping": "procrustes", "pooling": "cls"}
    assert pair_labels(row, other) == ("mean · Ridge", "cls · Procrustes")
    assert pair_labels(row, row | {"random": True}) is None  # "random space" against nothing
