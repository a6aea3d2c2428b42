"""What is known of runs before any model is opened."""

import pandas as pd
import pytest

from alignment.study import Settings
from alignment.study.runs import estimates
from alignment.study.runs.estimates import IMAGENET_SENTENCES, estimate, text_dim
from alignment.study.runs.measure import runs_over
from alignment.study.runs.table import RunTable
from alignment.text.pooling import POOLINGS, Pooling


def test_a_sentence_has_as_many_numbers_as_its_pooling_says(monkeypatch):
    monkeypatch.setitem(POOLINGS, "both", Pooling("both", "", len, dimension=lambda hidden, embedding: 3 * hidden))
    assert [text_dim("minilm", pooling) for pooling in ("", "mean", "lexical", "subject", "both")] == [
        384 * times for times in (1, 1, 2, 4, 3)
    ]


@pytest.mark.parametrize(
    ("files", "sentences"),
    [
        ({"classes": "name\nunicorn\nspaceship\n"}, 22),  # ten templates, and the name in a sentence of its own
        ({"seeds": "sentence,class\na cat,281\na dog,207\na fox,277\n"}, 3),
        ({"seeds": "sentence,class\na cat,281\n", "added_seeds": "sentence,class\na dog,207\na fox,277\n"}, 3),
        ({}, IMAGENET_SENTENCES),
        ({"seeds": "nothing"}, IMAGENET_SENTENCES),
    ],
)
def test_sentences_of_own_files_are_counted(tmp_path, monkeypatch, files, sentences):
    named = {}
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
        named[name] = str(tmp_path / f"{name}.csv")
    monkeypatch.setattr(estimates, "sentence_seconds", lambda encoder: 1.0)
    monkeypatch.setattr(estimates, "_mapping_seconds", lambda mapping, table, pace: (0.0, False))
    runs = runs_over([Settings(class_embeddings="vectors.npy", **named)], ["ridge"])
    assert estimate(runs, RunTable(tmp_path).read().table).seconds == sentences


def test_runs_of_a_few_sentences_predict_nothing_for_many(tmp_path):
    runs, nothing = runs_over([Settings()], ["ridge"]), RunTable(tmp_path).read().table
    small = dict.fromkeys(nothing.columns, "") | {"encoder": "own", "mapping": "ridge", "seconds": 0.02, "layers": 2}
    few, many = ({"sentences": count, "text_dim": 32} for count in (220, 1_000_000))
    before, after, known = (
        estimate(runs, rows) for rows in (nothing, *(pd.DataFrame([small | size]) for size in (few, many)))
    )
    assert after == before and known.seconds < before.seconds
