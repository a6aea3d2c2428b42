"""Long work may be ended between its steps."""

import threading

import numpy as np
import pytest

from alignment.commands.studies import ProgressBars
from alignment.mappings import MAPPINGS, make_mapping
from alignment.progress import at_step, following

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


def test_a_bar_shows_what_is_to_be_done_as_it_becomes_known_and_few_lines_of_a_log(capsys):
    bars = ProgressBars()
    bars("Projecting", 0, 1)
    for done in range(200):
        bars("Projecting", done + 1, 200)
    said = capsys.readouterr().err
    assert "200/200" in said and len(said.split("\r")) < 10
