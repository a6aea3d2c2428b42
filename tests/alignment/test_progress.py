"""Long work may be ended between its steps, and waits for a lock may be, too."""

import threading

import numpy as np
import pytest

from alignment.commands.studies import ProgressBars
from alignment.mappings import MAPPINGS, make_mapping
from alignment.progress import Once, at_step, following, interruptible

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


def test_a_wait_for_a_lock_may_be_ended():
    lock = threading.RLock()
    holder, let_go = threading.Event(), threading.Event()

    def hold():
        with interruptible(lock):
            holder.set()
            let_go.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    holder.wait(30)
    with following(end), pytest.raises(Ended), interruptible(lock):
        pass
    let_go.set()
    thread.join()
    with interruptible(lock):
        pass


def test_a_value_is_computed_once_and_another_key_does_not_wait():
    values, go_on, counted = Once(), threading.Event(), []

    def slow():
        counted.append(1)
        go_on.wait(30)
        return "slow"

    threads = [threading.Thread(target=values.get, args=("a", slow)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert values.get("b", lambda: "quick") == "quick"
    go_on.set()
    for thread in threads:
        thread.join()
    assert values.get("a", lambda: "again") == "slow" and counted == [1]


def test_a_value_that_is_set_takes_the_place_of_a_computed_one():
    values = Once()
    values.set("a", None)
    assert values.get("a", lambda: 1) is None
    values.set("a", 2)
    assert values.get("a", lambda: 1) == 2


def test_what_failed_is_tried_anew():
    values = Once()
    with pytest.raises(Ended):
        values.get("a", lambda: end(0, 0))
    assert values.get("a", lambda: 1) == 1


def test_a_bar_shows_what_is_to_be_done_as_it_becomes_known_and_few_lines_of_a_log(capsys):
    bars = ProgressBars()
    bars("Projecting", 0, 1)
    for done in range(200):
        bars("Projecting", done + 1, 200)
    said = capsys.readouterr().err
    assert "200/200" in said and len(said.split("\r")) < 10
