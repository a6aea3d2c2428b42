"""Studies shared by all visitors: prepared once in the background, with cached results.

The cache key is the study's settings and the stamps of the files that it read; every cache is bounded.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import streamlit as st

from alignment.evaluation.confidence import Calibration
from alignment.images.checkpoints import GENERATORS
from alignment.images.drawing_settings import DEFAULT_DRAWING, DrawingSettings
from alignment.progress import Progress
from alignment.study import Settings, Study
from alignment.study.shared_encoding import encode_for_every_pooling
from dashboard.components.images import THUMBNAIL_PIXELS, data_uri, thumbnail
from dashboard.state import file_stamps, seed_edits, visitors, waits
from dashboard.state.background_jobs import BackgroundJobs, JobQueue, Task, run_in_queue
from dashboard.state.file_stamps import Stamps
from dashboard.state.stopped_work import stop_page_on_cancel

BY_SETTINGS: dict[str | type, Callable[[Any], Any]] = {Study: lambda study: state_of(study)}
MAX_STUDIES = 3  # kept for later visits; pages being drawn keep theirs as well

_queue = JobQueue()
_answers = JobQueue(workers=2, per_visitor=1, gives_way=False)  # short work: it does not wait for long jobs
_lock = threading.Lock()
_read_from: WeakKeyDictionary[Study, Stamps] = WeakKeyDictionary()  # stamps taken before the study read its files


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


def state_of(study: Study) -> tuple[Settings, Stamps]:
    """Cache key of a study: its settings, and the stamps of its files when it read them.

    Use it for everything kept of a study, in a cache or in a visitor's session: the same settings give another study
    once a file has changed.
    """
    found = _read_from.get(study)
    return study.settings, file_stamps.of_settings(study.settings) if found is None else found


def shared(settings: Settings) -> SharedStudy:
    """Shared study of these settings and of the current state of their files.

    The ``MAX_STUDIES`` most recently used are kept.
    """
    stamps = file_stamps.of_settings(settings)
    with _lock:
        return _shared(settings, stamps)


def jobs(study: Study) -> BackgroundJobs:
    """Background jobs of a study."""
    return jobs_of(state_of(study))


def jobs_of(state: tuple[Settings, Stamps]) -> BackgroundJobs:
    """Background jobs of the study with this :func:`state_of`."""
    with _lock:
        return _shared(*state).jobs


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


def figures(study: Study, mapping: str) -> dict[str, float]:
    """:meth:`Evaluations.headline_figures` of a mapping; progress is shown while they are measured."""
    return watched(
        study,
        f"figures {mapping}",
        lambda progress: study.evaluations.headline_figures(mapping, progress=progress),
        remembered=False,
    )


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
    bar = st.empty()

    def show(stage: str, done: int, total: int) -> None:
        bar.progress(done / total, f"Measuring: {stage}")

    result = wait_for(study, key, task, show, **rest)
    bar.empty()
    return result


@st.cache_data(max_entries=1000, hash_funcs=BY_SETTINGS, show_spinner=False)
def encoded(study: Study, prompt: str) -> np.ndarray:
    """A prompt in text space, float32 array (1, d_text)."""
    return answer(lambda: study.encode([prompt]))


@st.cache_data(max_entries=1000, hash_funcs=BY_SETTINGS, show_spinner=False)
def mapped(study: Study, mapping: str, prompt: str) -> np.ndarray:
    """A prompt in class space, float32 array (1, d)."""
    vector = encoded(study, prompt)
    return answer(lambda: study.map_vectors(vector, mapping))


def calibration(study: Study, mapping: str) -> Calibration | None:
    """:meth:`Confidence.calibration`; progress is shown while sentences with known answers are encoded."""
    return watched(
        study,
        f"confidence {mapping}",
        lambda progress: study.confidence.calibration(mapping),
        keep=False,
        remembered=False,
    )


def confidence(study: Study, mapping: str, prompts: Sequence[str]) -> pd.DataFrame | None:
    """:meth:`Confidence.of`; progress is shown while the mapping's answers are calibrated."""
    if calibration(study, mapping) is None:
        return None
    return pd.concat([_confidence(study, mapping, prompt) for prompt in prompts], ignore_index=True)


@st.cache_data(max_entries=1000, hash_funcs=BY_SETTINGS, show_spinner=False)
def _confidence(study: Study, mapping: str, prompt: str) -> pd.DataFrame:
    vector = encoded(study, prompt)
    return answer(lambda: study.confidence.of_vectors(vector, [prompt], mapping))


def confidence_text(study: Study, mapping: str, prompt: str) -> str:
    """Confidence of a prompt's nearest class in words; "" if there is none."""
    found = confidence(study, mapping, [prompt])
    return "" if found is None else found["said"].iloc[0]


def nearest(study: Study, mapping: str, prompt: str, top: int) -> pd.DataFrame:
    """:meth:`Study.nearest` of one prompt."""
    return study.nearest_to(mapped(study, mapping, prompt), [prompt], top=top)


@st.cache_data(max_entries=64, hash_funcs=BY_SETTINGS, show_spinner=False)
def pictures(
    study: Study, mapping: str, prompt: str, *, count: int, drawing: DrawingSettings = DEFAULT_DRAWING
) -> np.ndarray:
    """Pictures of one prompt, uint8 array (count, pixels, pixels, 3)."""
    vector = study.snap_to_nearest_class(mapped(study, mapping, prompt), drawing.snap)
    return answer(lambda: study.pictures.draw(vector, count=count, drawing=drawing)[0])


@st.cache_data(max_entries=500, hash_funcs=BY_SETTINGS, show_spinner=False)
def picture_of_point(study: Study, vector: np.ndarray, drawing: DrawingSettings = DEFAULT_DRAWING) -> np.ndarray:
    """One picture of a point of class space (1, d), without snap: uint8 array (pixels, pixels, 3)."""
    return answer(lambda: study.pictures.draw(vector, drawing=drawing)[0, 0])


def class_pictures(study: Study) -> np.ndarray:
    """One picture of every class, uint8 array (K, THUMBNAIL_PIXELS, THUMBNAIL_PIXELS, 3).

    Progress is shown while they are drawn.
    """
    watched(study, "class pictures", lambda progress: _draw_classes(study, progress), keep=False)
    return _class_pictures(study)


def _draw_classes(study: Study, progress: Progress) -> None:
    study.pictures.of_classes(THUMBNAIL_PIXELS, progress=progress)


@st.cache_resource(max_entries=3, hash_funcs=BY_SETTINGS, show_spinner=False)
def _class_pictures(study: Study) -> np.ndarray:
    """Pictures of all classes; the array is shared by all visitors, not copied: never modify it."""
    return study.pictures.of_classes(THUMBNAIL_PIXELS)


def thumbnails(study: Study, rows: Sequence[int]) -> list[str]:
    """Small pictures of classes as data URIs, from the cached pictures of all classes if there are any."""
    known = _thumbnails(study)
    if missing := [row for row in rows if row not in known]:
        if study.pictures.are_kept_of_classes(THUMBNAIL_PIXELS):
            small = map(data_uri, _class_pictures(study)[missing])
        else:
            small = map(thumbnail, answer(lambda: study.pictures.draw(study.class_vectors[missing])[:, 0]))
        known.update(zip(missing, small, strict=True))
    return [known[row] for row in rows]


@st.cache_resource(max_entries=3, hash_funcs=BY_SETTINGS, show_spinner=False)
def _thumbnails(study: Study) -> dict[int, str]:
    """Thumbnails drawn so far: row of the class -> data URI, at most one per class."""
    return {}


@st.cache_data(max_entries=6, hash_funcs=BY_SETTINGS, show_spinner=False)
def seed_table(study: Study) -> pd.DataFrame:
    """The seed dictionary as a table, of :func:`.seed_edits.as_table`."""
    return seed_edits.as_table(study.seeds, study.classes)


@st.cache_resource(max_entries=6, hash_funcs=BY_SETTINGS, show_spinner=False)
def class_labels(study: Study) -> list[str]:
    """Label of every class in lists, in row order: its name, or the longer label of a name that several share."""
    classes, shared = study.classes, Counter(study.classes.names)
    return [
        name if shared[name] == 1 else classes.known.label(index)
        for index, name in zip(classes.indices, classes.names, strict=True)
    ]


@st.cache_data(max_entries=6, hash_funcs=BY_SETTINGS, show_spinner=False)
def seed_counts(study: Study) -> pd.DataFrame:
    """Sentences of each kind, one row per class: ``index``, ``name`` (of :func:`class_labels`), ``called`` (as in
    :func:`seed_table`), ``group``, the kinds, ``total``."""
    counts = study.seeds.counts(study.classes)
    known, labels = study.classes, [study.classes.known.label(index) for index in study.classes.indices]
    names = pd.DataFrame({"index": known.indices, "name": class_labels(study), "called": labels, "group": known.groups})
    return pd.concat([names, counts.reset_index(drop=True)], axis=1)
