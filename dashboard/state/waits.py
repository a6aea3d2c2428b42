"""How long jobs take: as the same took here before, so that a wait can be said before it begins."""

from __future__ import annotations

import contextlib
import json
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache

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
MAX_JOBS = 1000  # that are remembered
LEAST_SECONDS = 1.0  # of a job that is remembered: one that is over sooner has found its result in the cache
ANNOUNCED_SECONDS = 10.0  # a wait that is longer is said before
LONG = ("encode ", "evaluate ", "random space ")  # jobs by which machines are compared
BATCH_PICTURE_SECONDS = 0.12  # of the bundled generator
_lock = threading.Lock()


def encoding_key(encoder: str) -> str:
    """What the encoding of seed sentences is called here; its unit is a sentence."""
    return f"encode {encoder}"


def drawing_key(generator: str) -> str:
    """What the drawing of single pictures is called here; its unit is a picture."""
    return f"draw {generator}"


def expected(work: str, units: float) -> float | None:
    """Seconds that work will take, None where nothing is known of it.

    As long as it took here the last time; if it never did, as long as on the two cores on which :func:`_reference` was
    measured, times :func:`pace`.

    Parameters
    ----------
    work : str
        The key of a job, such as "evaluate ridge classes".
    units : float
        What it grows with: for most, the numbers of text space.
    """
    known, reference = _known(), _reference()
    if work in known:
        return units * known[work]
    return units * reference[work] * _pace(known) if work in reference else None


def relative_workload(sentences: int, classes: int) -> float:
    """How many times as long the evaluation of a sentence takes among so many as among those of :func:`_reference`.

    What takes longest compares it with the other sentences and, in both spaces and for each correction for hubs, with
    the classes. At least 1. A class weighs as much as three sentences, fitted to what ``python -m benchmarks classes``
    took.
    """
    return max(1.0, (sentences + 3 * classes) / (TIMED_SENTENCES + 3 * TIMED_CLASSES))


def pace() -> float:
    """How many times as long as stated jobs take here: the median over those that were done; 1 while there are none."""
    return _pace(_known())


def announcement(work: str | Sequence[str], units: float) -> str:
    """``"about 2 minutes"`` where the work, or all of several, takes so long that it should be said before, else ""."""
    works = [work] if isinstance(work, str) else work
    return _long_wait(sum(expected(each, units) or 0.0 for each in works))


def of_another_layer(encoder: str, pooling: str, generator: str, mapping: str) -> str:
    """How long it takes to read another layer of an encoder and to fit the mapping, as a sentence; "" where that is
    soon done, or where nothing is known of the encoder."""
    sentences = built_in_sentences(generator)
    if (reading := expected(encoding_key(encoder), sentences)) is None:
        return ""
    wait = _long_wait(reading + (expected(f"fit {mapping}", sentences * text_dim(encoder, pooling)) or 0.0))
    return f"Another layer takes {wait}, once; its other poolings are then read too." if wait else ""


def _long_wait(seconds: float) -> str:
    """A wait in words, "" where it is too short to be said."""
    return f"about {duration(seconds)}" if seconds > ANNOUNCED_SECONDS else ""


def announced(task: Task, work: str | Sequence[str], units: float, *, remembered: bool = True) -> Task:
    """A task whose progress says how long all of it takes.

    ``remembered``: whether that counts for the next time. Not for several works, nor for one of several parts, some of
    which may be in the cache.
    """
    is_noted = remembered and isinstance(work, str)

    def run(progress: Progress):
        wait = announcement(work, units)
        in_all = f" ({wait} in all)" if wait else ""
        with remember_duration(str(work), units) if is_noted else contextlib.nullcontext():
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
    """Seconds per unit, by work, as it took here the last time."""
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
    """Seconds per unit, by work, with the bundled pair on two cores."""
    numbers, baselines = TIMED_SENTENCES * TEXT_DIM, MAPPINGS["ridge"].seconds
    seconds: dict[str, float] = {"sweep": 60.0 * (1 + TIMED_SENTENCES // 12_000)}
    for key, mapping in MAPPINGS.items():
        for split in ("classes", "sentences", "kinds"):
            seconds[f"evaluate {key} {split}"] = mapping.seconds + baselines
            seconds[f"random space {key} {split}"] = mapping.seconds
        seconds[f"figures {key}"] = 2 * mapping.seconds + baselines
        seconds[f"fit {key}"] = mapping.seconds / 4
        seconds[f"seed kinds {key}"] = 10 * mapping.seconds
        seconds[f"learning curve {key}"] = 8 * mapping.seconds
    for split in ("classes", "sentences", "kinds"):
        seconds[f"evaluate all {split}"] = sum(mapping.seconds for mapping in MAPPINGS.values()) + baselines
    return {work: taken / numbers for work, taken in seconds.items()} | {
        **{encoding_key(name): sentence_seconds(name) for name in ENCODERS},
        drawing_key("bundled"): BATCH_PICTURE_SECONDS,
    }
