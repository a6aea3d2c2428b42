"""Studies shared by all visitors: prepared once in the background, with their jobs.

The cache key is the study's settings and the stamps of the files that it read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st

from alignment.images.checkpoints import GENERATORS
from alignment.progress import Progress
from alignment.study import Settings, Study
from alignment.study.shared_encoding import encode_for_every_pooling
from dashboard.components.progress import bar_in
from dashboard.state import file_stamps, visitors, waits
from dashboard.state.background_jobs import BackgroundJobs, JobQueue, Task, run_in_queue
from dashboard.state.file_stamps import Stamps
from dashboard.state.stopped_work import stop_page_on_cancel

MAX_STUDIES = 3  # kept for later visits; pages being drawn keep theirs as well

_queue = JobQueue()
_answers = JobQueue(workers=2, per_visitor=1, gives_way=False)  # short work: it does not wait for long jobs
_lock = threading.Lock()
_read_from: WeakKeyDictionary[Study, Stamps] = WeakKeyDictionary()  # stamps taken before the study read its files


def cache_key(study: Study) -> tuple[Settings, Stamps]:
    """Cache key of a study: its settings, and the stamps of its files when it read them.

    Use it for everything kept of a study, in a cache or in a visitor's session: the same settings give another study
    once a file has changed.
    """
    found = _read_from.get(study)
    return study.settings, file_stamps.of_settings(study.settings) if found is None else found


STUDY_HASH: dict[str | type, Callable[[Any], Any]] = {Study: cache_key}  # ``hash_funcs`` of Streamlit's caches


class SharedStudy:
    """The study of some settings, prepared once for all visitors, and its background jobs."""

    def __init__(self, settings: Settings, stamps: Stamps = ()):
        self.settings, self._stamps = settings, stamps
        self.jobs = BackgroundJobs(_queue)
        self._study: Study | None = None
        self._fitted: set[str] = set()

    def is_ready(self, mapping: str | None) -> bool:
        """Whether the study is loaded and the mapping, if any, fitted."""
        return self._study is not None and (mapping is None or mapping in self._fitted)

    def study(self, mapping: str | None, show: Progress) -> Study:
        """Study with its sentences encoded and the mapping, if any, fitted; ``show`` receives the progress."""
        study = self._study or _wait(self.jobs, "study", self._build, show, keep=False)
        if mapping is not None and mapping not in self._fitted:
            key = f"fit {mapping}"
            fit = waits.announced(
                lambda progress: study.mapping(mapping, progress=progress),
                key,
                study.X.size * _relative_workload(study) ** 0.5,  # most of a fit does not grow with the classes
                remembered=_predicts_other_studies(self.settings),
            )
            _wait(self.jobs, key, fit, show, keep=False)
            self._fitted.add(mapping)
        return study

    def _build(self, progress: Progress) -> Study:
        if self._study is None:  # else another visitor's job ended just before this one began
            study = Study(self.settings, progress=progress)
            _read_from[study] = self._stamps
            progress("Preparing the seed sentences", 0, 1)
            self._encode(study, progress)
            study.encode_examples()
            self._study = study
        return self._study

    def _encode(self, study: Study, progress: Progress) -> None:
        if study.sentence_vectors.has_seeds or has_own_seeds(study.settings):  # own seeds are mostly encoded already
            study.encode_seeds(progress)
            return

        def encode(progress: Progress) -> None:
            encode_for_every_pooling(study, progress)
            study.encode_seeds(progress)

        waits.announced(encode, waits.encoding_key(study.settings.encoder), len(study.seeds))(progress)


def has_own_seeds(settings: Settings) -> bool:
    """Whether a study uses other seeds than the built-in ones."""
    return bool(settings.seeds or settings.added_seeds or settings.vectors)


def _predicts_other_studies(settings: Settings) -> bool:
    """Whether its durations predict those of other studies: not if seeds, classes or class space are a visitor's."""
    return settings.class_space in GENERATORS and not (has_own_seeds(settings) or settings.classes)


def _timed_numbers(study: Study) -> float:
    """Units of work for :mod:`.waits`: the numbers of text space, scaled by the classes if they are a visitor's own."""
    return study.X.size * _relative_workload(study)


def _relative_workload(study: Study) -> float:
    return waits.relative_workload(len(study.seeds), len(study.classes)) if study.settings.classes else 1.0


@lru_cache(maxsize=MAX_STUDIES)
def _shared(settings: Settings, stamps: Stamps) -> SharedStudy:
    return SharedStudy(settings, stamps)


def shared(settings: Settings) -> SharedStudy:
    """Shared study of these settings and of the current state of their files.

    The ``MAX_STUDIES`` most recently used are kept.
    """
    stamps = file_stamps.of_settings(settings)
    with _lock:
        return _shared(settings, stamps)


def jobs(study: Study) -> BackgroundJobs:
    """Background jobs of a study."""
    return jobs_of(cache_key(study))


def jobs_of(key: tuple[Settings, Stamps]) -> BackgroundJobs:
    """Background jobs of the study with this :func:`cache_key`."""
    with _lock:
        return _shared(*key).jobs


def forget() -> None:
    """Drop every study and every result."""
    with _lock:
        _shared.cache_clear()


def close(timeout: float) -> bool:
    """Cancel all background jobs when the server closes; return whether they ended within ``timeout`` seconds."""
    return all([queue.close(timeout) for queue in (_answers, _queue)])


def answer(compute: Callable[[], Any]) -> Any:
    """Run ``compute()``, which takes a few seconds at most, on the queue shared with other visitors."""
    with stop_page_on_cancel():
        return run_in_queue(_answers, compute)


def wait_for(
    study: Study,
    key: str,
    task: Task,
    show: Progress,
    *,
    work: str = "",
    units: float | None = None,
    remembered: bool = True,
    **rest,
):
    """Wait for a background job of the current visitor and return its result.

    ``work``, ``units`` and ``remembered`` are as in :func:`announced`, ``rest`` as in :meth:`BackgroundJobs.watch`.
    """
    task = announced(study, task, work or key, units=units, remembered=remembered)
    return _wait(jobs(study), key, task, show, **rest)


def announced(
    study: Study, task: Task, work: str | Sequence[str], *, units: float | None = None, remembered: bool = True
) -> Task:
    """:func:`.waits.announced` for work on a study; ``units`` are by default the numbers of its text space.

    Durations with a visitor's own seeds or classes are not remembered: a few of them predict little for many.
    """
    units = _timed_numbers(study) if units is None else units
    return waits.announced(task, work, units, remembered=remembered and _predicts_other_studies(study.settings))


def announcement(study: Study, work: str | Sequence[str]) -> str:
    """:func:`.waits.announcement` for work on a study."""
    return waits.announcement(work, _timed_numbers(study))


def _wait(jobs: BackgroundJobs, key: str, task: Task, show: Progress, **rest):
    with stop_page_on_cancel():
        return jobs.watch(key, task, show, visitor=visitors.current(), check_in=visitors.check_in, **rest)


def watched(study: Study, key: str, task: Task, **rest):
    """:func:`wait_for` with a progress bar; without a visitor there is no bar."""
    if not visitors.current():
        return wait_for(study, key, task, lambda *_: None, **rest)
    place = st.empty()
    result = wait_for(study, key, task, bar_in(place), **rest)
    place.empty()
    return result
