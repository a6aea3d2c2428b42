"""Expected durations of jobs, from how long the same work took before on this machine; announced before a wait."""

from __future__ import annotations

import contextlib
import json
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache

from alignment.evaluation.splits import SPLITS
from alignment.files.writing import replace_file
from alignment.mappings import MAPPINGS
from alignment.progress import Progress
from alignment.study import CACHE
from alignment.study.runs.estimates import (
    TEXT_DIM,
    TIMED_CLASSES,
    TIMED_SENTENCES,
    built_in_sentences,
    duration,
    sentence_seconds,
    text_dim,
)
from alignment.text.checkpoints import ENCODERS
from dashboard.state.background_jobs import Task

FILE = CACHE / "timings.json"
MAX_JOBS = 1000  # remembered
LEAST_SECONDS = 1.0  # of a remembered job: a shorter one has found its result in the cache
ANNOUNCED_SECONDS = 10.0  # longer waits are announced
LONG = ("encode ", "random space ")  # jobs by which machines are compared: others find a part in the cache
BATCH_PICTURE_SECONDS, SEARCH_STEP_SECONDS = 0.12, 0.06  # of the bundled generator
_lock = threading.Lock()


def encoding_key(encoder: str) -> str:
    """Timing key of encoding seed sentences; its unit is a sentence."""
    return f"encode {encoder}"


def drawing_key(generator: str) -> str:
    """Timing key of drawing single pictures; its unit is a picture."""
    return f"draw {generator}"


def searching_key(generator: str) -> str:
    """Timing key of inverting a picture; its unit is a step of the search."""
    return f"search {generator}"


def baselines_key(split: str) -> str:
    """Timing key of evaluating the baselines on a split."""
    return f"baselines {split}"


def expected(work: str, units: float) -> float | None:
    """Expected seconds of some work, None if unknown.

    Per unit as long as the last time on this machine; if there was none, as on the two cores on which
    :func:`_reference` was measured, times :func:`pace`.

    Parameters
    ----------
    work : str
        The key of a job, such as "evaluate ridge classes".
    units : float
        Amount of work, to which the time is proportional: for most, the numbers of text space.
    """
    known, reference = _known(), _reference()
    if work in known:
        return units * known[work]
    return units * reference[work] * _pace(known) if work in reference else None


def relative_workload(sentences: int, classes: int) -> float:
    """Time to evaluate one sentence among so many sentences and classes, relative to :func:`_reference`; at least 1.

    Most time goes into its similarities to the other sentences and, in both spaces and for each hubness correction, to
    the classes. A class counts as three sentences, fitted to the times of ``python -m benchmarks classes``.
    """
    return max(1.0, (sentences + 3 * classes) / (TIMED_SENTENCES + 3 * TIMED_CLASSES))


def pace() -> float:
    """Duration of jobs here relative to :func:`_reference`: median over the jobs done; 1 if there are none."""
    return _pace(_known())


def announcement(works: Sequence[str], units: float) -> str:
    """``"about 2 minutes"`` if some works together take long enough to be announced, else ""."""
    return _long_wait(sum(expected(each, units) or 0.0 for each in works))


def layer_announcement(encoder: str, pooling: str, generator: str, mapping: str) -> str:
    """Sentence on how long another layer takes (encoding and fitting the mapping); "" if short, or if the encoder is
    unknown."""
    sentences = built_in_sentences(generator)
    if (reading := expected(encoding_key(encoder), sentences)) is None:
        return ""
    wait = _long_wait(reading + (expected(f"fit {mapping}", sentences * text_dim(encoder, pooling)) or 0.0))
    return f"Another layer takes {wait}, once; its other poolings are then read too." if wait else ""


def _long_wait(seconds: float) -> str:
    """A wait in words, "" if too short to be announced."""
    return f"about {duration(seconds)}" if seconds > ANNOUNCED_SECONDS else ""


def announced(task: Task, works: Sequence[str], units: float, *, remember: str = "") -> Task:
    """Task whose progress text includes the expected total time of some works together.

    ``remember`` is the key under which its duration is kept for later estimates, "" for none.
    """

    def run(progress: Progress):
        wait = announcement(works, units)
        in_all = f" ({wait} in all)" if wait else ""
        with remember_duration(remember, units) if remember else contextlib.nullcontext():
            return task(lambda stage, done, total: progress(f"{stage}{in_all}", done, total))

    return run


@contextlib.contextmanager
def remember_duration(work: str, units: float) -> Iterator[None]:
    """Remember how long the block took, unless it raises."""
    begun = time.perf_counter()
    yield
    seconds = time.perf_counter() - begun
    if seconds < LEAST_SECONDS or units <= 0:
        return
    with _lock:
        known = _known()
        known.pop(work, None)
        known[work] = seconds / units  # the latest is last
        content = json.dumps(dict(list(known.items())[-MAX_JOBS:])).encode()
        with contextlib.suppress(OSError):  # the cache warns where its folder cannot be written
            FILE.parent.mkdir(parents=True, exist_ok=True)
            replace_file(FILE, content)


def _known() -> dict[str, float]:
    """Seconds per unit, by work, of the last time on this machine."""
    try:
        return {str(work): float(seconds) for work, seconds in json.loads(FILE.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):  # none yet, or damaged
        return {}


def _pace(known: dict[str, float]) -> float:
    reference = _reference()
    ratios = [
        seconds / reference[work] for work, seconds in known.items() if work in reference and work.startswith(LONG)
    ]
    return statistics.median(ratios) if ratios else 1.0


@lru_cache(maxsize=1)
def _reference() -> dict[str, float]:
    """Seconds per unit, by work, for the bundled pair on two cores."""
    numbers = TIMED_SENTENCES * TEXT_DIM
    baselines = 1.5 * MAPPINGS["ridge"].seconds  # ridge, and the figures of two more
    seconds: dict[str, float] = {"sweep": 60.0 * (1 + TIMED_SENTENCES // 12_000)}
    for key, mapping in MAPPINGS.items():
        for split in SPLITS:
            seconds[f"evaluate {key} {split}"] = seconds[f"random space {key} {split}"] = mapping.seconds
        seconds[f"figures {key}"] = 2 * mapping.seconds
        seconds[f"fit {key}"] = mapping.seconds / 4
        seconds[f"seed kinds {key}"] = 10 * mapping.seconds
        seconds[f"learning curve {key}"] = 8 * mapping.seconds
    for split in SPLITS:
        seconds[baselines_key(split)] = baselines
        seconds[f"evaluate all {split}"] = sum(mapping.seconds for mapping in MAPPINGS.values()) + baselines
    return {work: taken / numbers for work, taken in seconds.items()} | {
        **{encoding_key(name): sentence_seconds(name) for name in ENCODERS},
        drawing_key("bundled"): BATCH_PICTURE_SECONDS,
        searching_key("bundled"): SEARCH_STEP_SECONDS,
    }
