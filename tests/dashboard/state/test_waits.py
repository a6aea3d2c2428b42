"""What is said of how long jobs take, and how it is learned."""

import pytest

from alignment.mappings import MAPPINGS
from alignment.study.runs.estimates import SENTENCES, TEXT_DIM
from dashboard.state import waits

NUMBERS = SENTENCES * TEXT_DIM


@pytest.fixture(autouse=True)
def clock(monkeypatch, tmp_path):
    """A clock that the test sets, and a machine on which nothing was done yet."""
    now = [0.0]
    monkeypatch.setattr(waits, "FILE", tmp_path / "cache" / "timings.json")
    monkeypatch.setattr(waits.time, "perf_counter", lambda: now[0])
    return now


def take(clock, work, seconds, units=NUMBERS):
    with waits.noted(work, units):
        clock[0] += seconds


def test_what_was_never_done_takes_as_long_as_stated():
    assert waits.expected("fit ridge", NUMBERS) == pytest.approx(MAPPINGS["ridge"].seconds / 4)
    assert waits.expected("anything else", NUMBERS) is None and waits.about("anything else", NUMBERS) == ""


def test_what_was_done_takes_as_long_again_in_proportion(clock):
    take(clock, "evaluate ridge classes", 30)
    assert waits.expected("evaluate ridge classes", NUMBERS / 3) == pytest.approx(10)
    assert waits.about("evaluate ridge classes", NUMBERS) == "about 30 seconds"
    assert waits.about("evaluate ridge classes", NUMBERS / 4) == ""


def test_on_a_slow_machine_the_rest_takes_longer_too(clock):
    before = waits.expected("evaluate prototypes classes", NUMBERS)
    for mapping in ("ridge", "procrustes", "late-fusion"):
        take(
            clock,
            f"evaluate {mapping} classes",
            3 * waits.expected(f"evaluate {mapping} classes", NUMBERS) / waits.pace(),
        )
    assert waits.pace() == pytest.approx(3)
    assert waits.expected("evaluate prototypes classes", NUMBERS) == pytest.approx(3 * before)


def test_what_was_in_the_cache_or_failed_says_nothing(clock):
    take(clock, "figures", 0.4)
    with pytest.raises(RuntimeError), waits.noted("figures", NUMBERS):
        clock[0] += 50
        raise RuntimeError
    assert not waits.FILE.exists()


def test_progress_says_the_whole_wait_at_once(clock):
    take(clock, "sweep", 120)
    said = []

    def task(progress):
        progress("Encoding", 0, 9)
        clock[0] += 60
        return "result"

    assert waits.announced(task, "sweep", NUMBERS)(lambda *step: said.append(step)) == "result"
    assert said == [("Encoding (about 2 minutes in all)", 0, 9)]
    assert waits.expected("sweep", NUMBERS) == pytest.approx(60)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"figures": "soon"}'])
def test_damaged_timings_are_done_without(content, clock):
    waits.FILE.parent.mkdir()
    waits.FILE.write_text(content)
    assert waits.pace() == 1
    take(clock, "sweep", 60)
    assert waits.about("sweep", NUMBERS) == "about 60 seconds"
