"""What is said of how long jobs take, and how it is learned."""

from types import SimpleNamespace

import numpy as np
import pytest

from alignment.evaluation.splits import SPLITS
from alignment.mappings import MAPPINGS
from alignment.study import Settings
from alignment.study.runs.estimates import TEXT_DIM, TIMED_SENTENCES, built_in_sentences
from dashboard.state import studies, waits

NUMBERS = TIMED_SENTENCES * TEXT_DIM


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that the test sets."""
    now = [0.0]
    monkeypatch.setattr(waits.time, "perf_counter", lambda: now[0])
    return now


class Study(SimpleNamespace):
    """What is known of a study here; each is one of its own."""

    __hash__ = object.__hash__


def take(clock, work, seconds, units=NUMBERS):
    with waits.remember_duration(work, units):
        clock[0] += seconds


def test_what_was_never_done_takes_as_long_as_stated():
    assert waits.expected("fit ridge", NUMBERS) == pytest.approx(MAPPINGS["ridge"].seconds / 4)
    assert waits.expected("anything else", NUMBERS) is None and waits.announcement("anything else", NUMBERS) == ""


def test_what_was_done_takes_as_long_again_in_proportion(clock):
    take(clock, "evaluate ridge classes", 30)
    assert waits.expected("evaluate ridge classes", NUMBERS / 3) == pytest.approx(10)
    assert waits.announcement("evaluate ridge classes", NUMBERS) == "about 30 seconds"
    assert waits.announcement("evaluate ridge classes", NUMBERS / 4) == ""


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


@pytest.mark.parametrize("key", MAPPINGS)
def test_jobs_that_pages_announce_have_a_time_on_a_fresh_machine(key):
    of_mapping = [f"{job} {key}" for job in ("figures", "fit", "seed kinds", "learning curve")]
    splits = [f"{job} {split}" for job in (f"evaluate {key}", "evaluate all") for split in SPLITS]
    for work in ("sweep", *of_mapping, *splits, *(f"random space {key} {split}" for split in SPLITS)):
        assert waits.expected(work, NUMBERS) > 0, work


def test_the_time_of_several_is_that_of_all(clock):
    take(clock, "evaluate ridge classes", 30)
    take(clock, "evaluate procrustes classes", 40)
    works = [f"evaluate {key} classes" for key in ("ridge", "procrustes")]
    assert waits.announcement(works, NUMBERS) == "about 70 seconds"
    assert waits.announcement(works[:1], NUMBERS) == "about 30 seconds"


def test_another_layer_is_read_and_the_mapping_fitted(clock):
    sentences = built_in_sentences("bundled")
    take(clock, waits.encoding_key("minilm"), 30, sentences)
    take(clock, "fit late-fusion", 10, sentences * TEXT_DIM)
    assert waits.layer_announcement("minilm", "subject", "bundled", "late-fusion").startswith(
        "Another layer takes about 40 seconds, once"
    )
    take(clock, waits.encoding_key("minilm"), 3, sentences)
    take(clock, "fit late-fusion", 1, sentences * TEXT_DIM)
    assert waits.layer_announcement("minilm", "subject", "bundled", "late-fusion") == ""
    assert waits.layer_announcement("distilbert-base-uncased", "mean", "bundled", "ridge").startswith("Another layer")
    assert waits.layer_announcement("never read", "mean", "bundled", "late-fusion") == ""


def test_what_was_in_the_cache_or_failed_says_nothing(clock):
    take(clock, "figures ridge", 0.4)
    with pytest.raises(RuntimeError), waits.remember_duration("figures ridge", NUMBERS):
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


@pytest.mark.parametrize("content", ["", "[]", "{", '{"figures ridge": "soon"}'])
def test_damaged_timings_are_done_without(content, clock):
    waits.FILE.parent.mkdir()
    waits.FILE.write_text(content)
    assert waits.pace() == 1
    take(clock, "sweep", 60)
    assert waits.announcement("sweep", NUMBERS) == "about 60 seconds"


def test_a_visitors_own_seeds_and_spaces_say_nothing_of_the_others(clock, monkeypatch):
    monkeypatch.setattr(studies, "_wait", lambda jobs, key, task, show, **rest: task(show))
    for own in ({}, {"seeds": "mine.csv"}, {"generator": "", "class_embeddings": "ten.npy"}, {"generator": "a folder"}):
        study = Study(settings=Settings(**own), X=np.empty((2, 3)))
        before = waits.expected("fit ridge", NUMBERS)
        studies.wait_for(study, "fit ridge", lambda progress: clock.append(clock.pop() + 5), lambda *step: None)
        assert (waits.expected("fit ridge", NUMBERS) == before) == bool(own)


def test_waits_with_classes_of_ones_own_grow_with_their_number_and_change_no_others(clock, monkeypatch):
    monkeypatch.setattr(studies, "_wait", lambda jobs, key, task, show, **rest: task(show))
    monkeypatch.setattr(studies, "jobs", lambda study: None)
    before = waits.expected("evaluate ridge classes", NUMBERS)
    said = []

    def evaluate(progress):
        progress("Ridge", 0, 1)
        clock[0] += 500

    for sentences, classes in ((40_400, 20_000), (400, 200)):
        settings = Settings(classes="mine.csv")
        X = np.empty((sentences, 1536), bool)
        study = Study(settings=settings, X=X, seeds=range(sentences), classes=range(classes))
        studies.wait_for(study, "evaluate ridge classes", evaluate, lambda stage, done, total: said.append(stage))
        assert waits.expected("evaluate ridge classes", NUMBERS) == before
    assert said == ["Ridge (about 2 minutes in all)", "Ridge"]


@pytest.mark.parametrize(
    ("work", "measured"),
    [("evaluate late-fusion classes", 482), ("random space late-fusion classes", 335)],
)
def test_waits_among_20_000_classes_are_as_the_benchmark_measures(work, measured):
    said = waits.expected(work, 40_400 * 1536 * waits.relative_workload(40_400, 20_000))
    assert measured / 1.5 < said < measured * 1.5
