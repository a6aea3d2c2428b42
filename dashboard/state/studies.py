"""Studies shared by all visitors: prepared once in the background, with their jobs.

The cache key is the study's settings and the stamps of the files that it read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st

from alignment.images.checkpoints import GENERATORS
from alignment.progress import Progress
from alignment.study import Settings, Study
from alignment.study.shared_encoding import encode_for_every_pooling
from dashboard.components.progress import bar_in
from dashboard.state import durations, file_stamps, visitors
from dashboard.state.background_jobs import BackgroundJobs, JobCancelled, JobQueue, Task, run_in_queue
from dashboard.state.file_stamps import Stamps

MAX_STUDIES = 3  # kept for later visits; pages being drawn keep theirs as well

_queue = JobQueue()
_answers = JobQueue(workers=2, per_visitor=1, gives_way=False)  # short work: it does not wait for long jobs
_lock = threading.Lock()
_opened: WeakKeyDictionary[Study, tuple[Stamps, BackgroundJobs]] = WeakKeyDictionary()  # stamps: before it was read


def cache_key(study: Study) -> tuple[Settings, Stamps]:
    """Cache key of a study: its settings, and the stamps of its files when it read them.

    Use it for everything kept of a study, in a cache or in a visitor's session: the same settings give another study
    once a file has changed.
    """
    found = _opened.get(study)
    return study.settings, found[0] if found else file_stamps.of_settings(study.settings)


STUDY_HASH: dict[str | type, Callable[[Any], Any]] = {Study: cache_key}  # ``hash_funcs`` of Streamlit's caches


class SharedStudy:
    """The study of some settings, prepared once for all visitors, and its background jobs."""

    def __init__(self, settings: Settings, stamps: Stamps = ()):
        self.settings, self._stamps = settings, stamps
        self.jobs = BackgroundJobs(_queue)
        self._study: Study | None = None

    def is_ready(self, mapping: str | None) -> bool:
        """Whether the study is loaded and the mapping, if any, fitted."""
        return self._study is not None and (mapping is None or self._study.is_fitted(mapping))

    def study(self, mapping: str | None, show: Progress) -> Study:
        """Study with its sentences encoded and the mapping, if any, fitted; ``show`` receives the progress."""
        study = self._study or _wait(self.jobs, "study", self._build, show, keep=False)
        if mapping is not None:
            fit(study, mapping, show)
        return study

    def _build(self, progress: Progress) -> Study:
        if self._study is None:  # else another visitor's job ended just before this one began
            study = Study(self.settings, progress=progress)
            _opened[study] = self._stamps, self.jobs
            progress("Preparing the seed sentences", 0, 1)
            _encode(study, progress)
            study.encode_examples()
            self._study = study
        return self._study


def _encode(study: Study, progress: Progress) -> None:
    if study.sentence_vectors.has_seeds or study.settings.has_own_seeds:  # own seeds are mostly encoded already
        study.encode_seeds(progress)
        return

    def encode(progress: Progress) -> None:
        encode_for_every_pooling(study, progress)
        study.encode_seeds(progress)

    key = durations.encoding_key(study.settings.encoder)
    durations.announced(encode, [key], len(study.seeds), remember=key)(progress)


def _predicts_other_studies(settings: Settings) -> bool:
    """Whether its durations predict those of other studies: not if seeds, classes or class space are a visitor's."""
    return settings.class_space in GENERATORS and not (settings.has_own_seeds or settings.classes)


def _timed_numbers(study: Study) -> float:
    """Units of work for :mod:`.durations`: numbers of text space, scaled by the classes if they are a visitor's own."""
    return study.X.size * _relative_workload(study)


def _relative_workload(study: Study) -> float:
    return durations.relative_workload(len(study.seeds), len(study.classes)) if study.settings.classes else 1.0


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
    """Background jobs of a study, the same as long as a page has it."""
    found = _opened.get(study)
    return found[1] if found else shared(study.settings).jobs


def close(timeout: float) -> bool:
    """Cancel all background jobs when the server closes; return whether they ended within ``timeout`` seconds."""
    return all([queue.close(timeout) for queue in (_answers, _queue)])


def answer(compute: Callable[[], Any]) -> Any:
    """Run ``compute()``, which takes a few seconds at most, on the queue shared with other visitors."""
    with _stop_page_on_cancel():
        return run_in_queue(_answers, compute)


def fit(study: Study, mapping: str, show: Progress | None = None) -> None:
    """Fit a mapping of a study unless it is fitted; ``show`` is as in :func:`watched`."""
    if not study.is_fitted(mapping):
        key = f"fit {mapping}"
        units = study.X.size * _relative_workload(study) ** 0.5  # most of a fit does not grow with the classes
        watched(
            study,
            key,
            lambda progress: study.mapping(mapping, progress=progress),
            show=show,
            work=key,
            units=units,
            keep=False,
        )


def watched(
    study: Study,
    key: str,
    task: Task,
    *,
    show: Progress | None = None,
    work: str = "",
    parts: Sequence[str] = (),
    units: float | None = None,
    keep: bool = True,
):
    """Wait for a background job of the current visitor and return its result.

    Parameters
    ----------
    show : callable, optional
        Receives the progress; by default a bar that is shown here, and none without a visitor.
    work, parts, units
        As in :func:`announced`.
    keep : bool
        As in :class:`~dashboard.state.background_jobs.Job`.
    """
    task = announced(study, task, work, parts, units=units)
    if show is not None or not visitors.current():
        return _wait(jobs(study), key, task, show or (lambda *_: None), keep=keep)
    place = st.empty()
    result = _wait(jobs(study), key, task, bar_in(place), keep=keep)
    place.empty()
    return result


def announced(
    study: Study, task: Task, work: str = "", parts: Sequence[str] = (), *, units: float | None = None
) -> Task:
    """Task on a study whose progress text includes the expected total time.

    Parameters
    ----------
    work : str
        Key of its duration in :mod:`.durations`, remembered for later estimates; not of a visitor's own seeds or
        classes: a few of them predict little for many.
    parts : sequence of str
        Or the keys of its parts. Some may be in the cache, so that nothing is remembered.
    units : float, optional
        Amount of work; by default the numbers of its text space.
    """
    units = _timed_numbers(study) if units is None else units
    remember = work if _predicts_other_studies(study.settings) else ""
    return durations.announced(task, [work, *parts], units, remember=remember)


def announcement(study: Study, work: str = "", parts: Sequence[str] = (), *, units: float | None = None) -> str:
    """:func:`.durations.announcement` for work on a study; parameters are as in :func:`announced`."""
    return durations.announcement([work, *parts], _timed_numbers(study) if units is None else units)


def _wait(jobs: BackgroundJobs, key: str, task: Task, show: Progress, *, keep: bool):
    with _stop_page_on_cancel():
        who = visitors.current()
        return jobs.watch(key, task, show, visitor=who, check_in=visitors.check_in, keep=keep, for_page=True)


@contextmanager
def _stop_page_on_cancel() -> Iterator[None]:
    """Show a notice and stop the page if the job that it waits for is cancelled; without a visitor, raise the error."""
    try:
        yield
    except JobCancelled as stopped:
        if not visitors.current():
            raise
        st.info(str(stopped), icon=":material/stop:")
        st.stop()
