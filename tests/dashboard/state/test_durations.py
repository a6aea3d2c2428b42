"""What is said of how long jobs take, and how it is learned."""

from types import SimpleNamespace

import numpy as np
import pytest

from alignment.evaluation.splits import SPLITS
from alignment.mappings import MAPPINGS
from alignment.study import Settings
from alignment.study.runs.estimates import TEXT_DIM, TIMED_SENTENCES, built_in_sentences
from dashboard.state import durations, studies

NUMBERS = TIMED_SENTENCES * TEXT_DIM


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that the test sets."""
    now = [0.0]
    monkeypatch.setattr(durations.time, "perf_counter", lambda: now[0])
    return now


class Study(SimpleNamespace):
    """What is known of a study here; each is one of its own."""

    __hash__ = object.__hash__


def take(clock, work, seconds, units=NUMBERS):
    with durations.remember_duration(work, units):
        clock[0] += seconds


def test_what_was_never_done_takes_as_long_as_stated():
    assert durations.expected("fit ridge", NUMBERS) == pytest.approx(MAPPINGS["ridge"].seconds / 4)
    assert durations.expected("anything else", NUMBERS) is None
    assert durations.announcement(["anything else"], NUMBERS) == ""


def test_what_was_done_takes_as_long_again_in_proportion(clock):
    take(clock, "evaluate ridge classes", 30)
    assert durations.expected("evaluate ridge classes", NUMBERS / 3) == pytest.approx(10)
    assert durations.announcement(["evaluate ridge classes"], NUMBERS) == "about 30 seconds"
    assert durations.announcement(["evaluate ridge classes"], NUMBERS / 4) == ""


def test_on_a_slow_machine_the_rest_takes_longer_too(clock):
    before = durations.expected("evaluate prototypes classes", NUMBERS)
    for mapping in ("ridge", "procrustes", "late-fusion"):
        work = f"random space {mapping} classes"
        take(clock, work, 3 * durations.expected(work, NUMBERS) / durations.pace())
    assert durations.pace() == pytest.approx(3)
    assert durations.expected("evaluate prototypes classes", NUMBERS) == pytest.approx(3 * before)


def test_figures_of_which_a_part_is_in_the_cache_make_no_machine_fast(clock):
    for mapping in ("ridge", "procrustes", "late-fusion"):
        take(clock, f"figures {mapping}", MAPPINGS[mapping].seconds)
    assert durations.pace() == 1


@pytest.mark.parametrize("key", MAPPINGS)
def test_jobs_that_pages_announce_have_a_time_on_a_fresh_machine(key):
    of_mapping = [f"{job} {key}" for job in ("figures", "fit", "seed kinds", "learning curve")]
    splits = [f"{job} {split}" for job in (f"evaluate {key}", "evaluate all", "baselines") for split in SPLITS]
    for work in ("sweep", *of_mapping, *splits, *(f"random space {key} {split}" for split in SPLITS)):
        assert durations.expected(work, NUMBERS) > 0, work


@pytest.mark.parametrize("work", [durations.drawing_key("bundled"), durations.searching_key("bundled")])
def test_work_of_the_bundled_generator_has_a_time_on_a_fresh_machine(work):
    assert durations.expected(work, 1) > 0


def test_the_time_of_several_is_that_of_all(clock):
    take(clock, "evaluate ridge classes", 30)
    take(clock, "evaluate procrustes classes", 40)
    works = [f"evaluate {key} classes" for key in ("ridge", "procrustes")]
    assert durations.announcement(works, NUMBERS) == "about 70 seconds"
    assert durations.announcement(works[:1], NUMBERS) == "about 30 seconds"


def test_another_layer_is_read_and_the_mapping_fitted(clock):
    sentences = built_in_sentences("bundled")
    take(clock, durations.encoding_key("minilm"), 30, sentences)
    take(clock, "fit late-fusion", 10, sentences * TEXT_DIM)
    assert durations.layer_announcement("minilm", "subject", "bundled", "late-fusion").startswith(
        "Another layer takes about 40 seconds, once"
    )
    take(clock, durations.encoding_key("minilm"), 3, sentences)
    take(clock, "fit late-fusion", 1, sentences * TEXT_DIM)
    assert durations.layer_announcement("minilm", "subject", "bundled", "late-fusion") == ""
    assert durations.layer_announcement("distilbert-base-uncased", "mean", "bundled", "ridge").startswith(
        "Another layer"
    )
    assert durations.layer_announcement("never read", "mean", "bundled", "late-fusion") == ""


def test_what_was_in_the_cache_or_failed_says_nothing(clock):
    take(clock, "figures ridge", 0.4)
    with pytest.raises(RuntimeError), durations.remember_duration("figures ridge", NUMBERS):
        clock[0] += 50
        raise RuntimeError
    assert not durations.FILE.exists()


def test_progress_says_the_whole_wait_at_once(clock):
    take(clock, "sweep", 120)
    said = []

    def task(progress):
        progress("Encoding", 0, 9)
        clock[0] += 60
        return "result"

    assert durations.announced(task, ["sweep"], NUMBERS, remember="sweep")(lambda *step: said.append(step)) == "result"
    assert said == [("Encoding (about 2 minutes in all)", 0, 9)]
    assert durations.expected("sweep", NUMBERS) == pytest.approx(60)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"figures ridge": "soon"}'])
def test_damaged_timings_are_done_without(content, clock):
    durations.FILE.parent.mkdir()
    durations.FILE.write_text(content)
    assert durations.pace() == 1
    take(clock, "sweep", 60)
    assert durations.announcement(["sweep"], NUMBERS) == "about 60 seconds"


def test_a_visitors_own_seeds_and_spaces_say_nothing_of_the_others(clock, monkeypatch):
    monkeypatch.setattr(studies, "_wait", lambda jobs, key, task, show, **rest: task(show))
    for own in ({}, {"seeds": "mine.csv"}, {"generator": "", "class_embeddings": "ten.npy"}, {"generator": "a folder"}):
        study = Study(settings=Settings(**own), X=np.empty((2, 3)))
        before = durations.expected("fit ridge", NUMBERS)
        studies.watched(study, "", lambda progress: clock.append(clock.pop() + 5), work="fit ridge")
        assert (durations.expected("fit ridge", NUMBERS) == before) == bool(own)


def test_waits_with_classes_of_ones_own_grow_with_their_number_and_change_no_others(clock, monkeypatch):
    monkeypatch.setattr(studies, "_wait", lambda jobs, key, task, show, **rest: task(show))
    monkeypatch.setattr(studies, "jobs", lambda study: None)
    before = durations.expected("evaluate ridge classes", NUMBERS)
    said = []

    def evaluate(progress):
        progress("Ridge", 0, 1)
        clock[0] += 500

    for sentences, classes in ((40_400, 20_000), (400, 200)):
        settings = Settings(classes="mine.csv")
        X = np.empty((sentences, 1536), bool)
        study = Study(settings=settings, X=X, seeds=range(sentences), classes=range(classes))
        show, work = (lambda stage, done, total: said.append(stage)), "evaluate ridge classes"
        studies.watched(study, work, evaluate, show=show, work=work)
        assert durations.expected("evaluate ridge classes", NUMBERS) == before
    assert said == ["Ridge (about 70 seconds in all)", "Ridge"]


def test_work_of_which_parts_may_be_in_the_cache_is_announced_and_not_remembered(clock, monkeypatch):
    monkeypatch.setattr(studies, "_wait", lambda jobs, key, task, show, **rest: task(show))
    monkeypatch.setattr(studies, "jobs", lambda study: None)
    study, said = Study(settings=Settings(), X=np.empty((TIMED_SENTENCES, TEXT_DIM), bool)), []

    def evaluate(progress):
        progress("Ridge", 0, 2)
        clock[0] += 5

    parts = ["evaluate late-fusion classes", "evaluate procrustes classes"]
    studies.watched(study, "both", evaluate, show=lambda stage, *step: said.append(stage), parts=parts)
    assert said == [f"Ridge ({durations.announcement(parts, NUMBERS)} in all)"] and "about" in said[0]
    assert not durations.FILE.exists()


@pytest.mark.parametrize(
    ("work", "measured"),
    [("evaluate late-fusion classes", 365), ("baselines classes", 153)],
)
def test_waits_among_20_000_classes_are_as_the_benchmark_measures(work, measured):
    said = durations.expected(work, 40_400 * 1536 * durations.relative_workload(40_400, 20_000))
    assert measured / 1.5 < said < measured * 1.5
