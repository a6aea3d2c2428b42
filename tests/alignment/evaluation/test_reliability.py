"""Reliability diagrams and figures of confidence, counted by hand."""

import pandas as pd
import pytest

from alignment.evaluation.reliability import calibration_figures, reliability


def test_reliability_counts_every_sentence_once():
    table = pd.DataFrame({"confidence": [0.0, 0.05, 0.95, 1.0], "right": [False, False, True, False]})
    bins = reliability(table)
    assert bins["sentences"].tolist() == [2, 2]
    assert bins["right"].tolist() == [0, 0.5]
    assert bins["low"].tolist() == [0, 0.9] and bins["high"].tolist() == [0.1, 1]


def test_figures_of_confidence_leave_captions_of_nothing_and_other_languages_out():
    rows = [  # kind, drawable, confidence, right, covered, size, foreign
        ("captions", True, 0.95, True, True, 1, False),
        ("captions", True, 0.35, False, True, 2, False),
        ("captions", False, 0.05, False, False, 9, False),
        ("off_topic", False, 0.15, False, True, 2, False),
        ("languages", True, 0.35, True, False, 8, True),
    ]
    columns = ["kind", "drawable", "confidence", "right", "covered", "size", "foreign"]
    figures = calibration_figures(pd.DataFrame(rows, columns=columns))
    assert figures["ece"] == pytest.approx((0.05 + 2 * 0.15 + 0.05 + 0.15) / 5)
    assert figures["auroc"] == 1.0 and figures["sentences"] == 5
    assert figures["coverage"] == 0.75 and figures["median_size"] == 2
