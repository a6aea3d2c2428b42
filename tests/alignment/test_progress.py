"""Long work may be ended between its steps."""

import threading

import numpy as np
import pytest

from alignment.execution.progress_bars import ProgressBars
from alignment.mappings import MAPPINGS, make_mapping
from alignment.progress import at_step, following, progress_text, reported, run_in_turn

ITERATIVE = ("rcsls", "linear-softmax", "learned-attention", "mlp-squared", "mlp-contrastive", "ensemble")


class Ended(Exception):
    """What ends the work."""


def end(done, total):
    raise Ended


def test_a_step_is_passed_on_to_who_follows_in_this_thread_alone():
    seen = []
    at_step(1, 2)
    with following(lambda *step: seen.append(step)):
        at_step(3, 4)
        other = threading.Thread(target=at_step, args=(5, 6))
        other.start()
        other.join()
    at_step(7, 8)
    assert seen == [(3, 4)]


@pytest.mark.parametrize("key", MAPPINGS)
def test_every_fit_comes_to_a_step(key, rng):
    X, Z = rng.normal(size=(40, 6)), np.repeat(rng.normal(size=(10, 3)), 4, axis=0)
    with following(end), pytest.raises(Ended):
        make_mapping(key).fit(X, Z)


@pytest.mark.parametrize("key", ITERATIVE)
def test_iterations_are_counted(key, rng):
    X, Z = rng.normal(size=(40, 6)), np.repeat(rng.normal(size=(10, 3)), 4, axis=0)
    seen = []
    with following(lambda *step: seen.append(step)):
        make_mapping(key).fit(X, Z)
    assert len(seen) > 5


def test_items_are_reported_before_each_and_at_the_end():
    said = []
    report = lambda *step: said.append(step)  # noqa: E731
    assert list(reported("ab", report, str.upper)) == ["a", "b"]
    assert said == [("A", 0, 2), ("B", 1, 2), ("B", 2, 2)]
    assert list(reported([1], None, "counting")) == [1] and list(reported([], report, "nothing")) == []
    assert len(said) == 3


def test_progress_in_words_counts_what_can_be_counted():
    assert progress_text("Encoding", 1000, 12000) == "Encoding: 1,000 of 12,000"
    assert progress_text("Preparing", 0, 1) == "Preparing"
    assert progress_text("Measuring", 4.99, 10) == "Measuring: 4 of 10"
    assert progress_text("Downloading x", 1_500_000, 2_000_000) == "Downloading x: 1.5 of 2.0 MB"


def test_a_bar_shows_what_is_to_be_done_as_it_becomes_known_and_few_lines_of_a_log(capsys):
    bars = ProgressBars()
    bars("Projecting", 0, 1)
    for done in range(200):
        bars("Projecting", done + 1, 200)
    said = capsys.readouterr().err
    assert "200/200" in said and len(said.split("\r")) < 10


def test_jobs_in_turn_report_as_one():
    def job(name):
        def run(progress):
            for done in range(3):
                progress(name, done, 2)
            return name.upper()

        return run

    steps = []
    assert run_in_turn({"a": job("one"), "b": job("two")}, lambda *step: steps.append(step)) == {"a": "ONE", "b": "TWO"}
    assert steps == [("one", 0, 4), ("one", 1, 4), ("one", 2, 4), ("two", 2, 4), ("two", 3, 4), ("two", 4, 4)]
