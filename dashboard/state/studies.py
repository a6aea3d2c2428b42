"""Studies shared by all visitors: prepared once, in the background, and their answers kept.

Answers are keyed by the study's settings, and every store is bounded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait

import numpy as np
import pandas as pd
import streamlit as st

from alignment.errors import InputError
from alignment.mappings import DEFAULT_MAPPING
from alignment.progress import Progress
from alignment.study import Settings, Study
from dashboard.components.images import thumbnail
from dashboard.state import seed_edits as edits

BY_SETTINGS = {Study: lambda study: study.settings}


class Stopped(InputError):
    """Work that a visitor stopped."""


class Workplace:
    """Where one study is prepared and measured.

    Long work runs in a thread of its own, once, whoever asked for it first; pages only watch. So a visitor who goes on
    clicking does not set it back, and other visitors are served meanwhile.
    """

    def __init__(self, wanted: Settings):
        self.wanted = wanted
        self._works: dict[str, Future] = {}
        self._progress: dict[str, tuple[str, int, int]] = {}
        self._lock = threading.Lock()

    def has(self, mapping: str) -> bool:
        """Whether the study is ready to answer with this mapping."""
        future = self._works.get(mapping)
        return future is not None and future.done() and not future.exception()

    def study(self, mapping: str, show: Progress) -> Study:
        """The study, its sentences encoded and a mapping fitted."""
        study = self.watch("study", self._build, show)
        self.watch(mapping, lambda progress: study.mapping(mapping), show)
        return study

    def _build(self, progress: Progress) -> Study:
        study = Study(self.wanted)
        study.build(progress)
        return study

    def watch(self, work: str, task: Callable[[Progress], object], show: Progress):
        """The result of ``task(progress)``, which is started unless it runs or is done; ``show`` follows its progress.

        A task that failed is tried anew when it is next asked for.
        """
        with self._lock:
            future = self._works.get(work)
            if future is None or (future.done() and future.exception()):
                future = self._works[work] = Future()
                threading.Thread(target=self._do, args=(work, task, future), daemon=True).start()
        while not future.done():
            if work in self._progress:
                show(*self._progress[work])
            wait([future], timeout=0.1)
        return future.result()

    def begun(self, work: str) -> bool:
        """Whether this work runs or is done."""
        future = self._works.get(work)
        return future is not None and not (future.done() and future.exception())

    def done(self, work: str):
        """The result of this work, or None while there is none."""
        future = self._works.get(work)
        return future.result() if future is not None and future.done() and not future.exception() else None

    def stop(self, work: str) -> None:
        """Give up this work; it ends when it next reports its progress."""
        with self._lock:
            self._works.pop(work, None)
            self._progress.pop(work, None)

    def _do(self, work: str, task: Callable[[Progress], object], future: Future) -> None:
        def report(*progress) -> None:
            if self._works.get(work) is not future:
                raise Stopped("This was stopped.")
            self._progress[work] = progress

        try:
            future.set_result(task(report))
        except BaseException as error:  # whatever it is belongs to those who watch
            future.set_exception(error)


@st.cache_resource(max_entries=3, show_spinner=False)
def workplace(wanted: Settings) -> Workplace:
    """The one workplace of these settings."""
    return Workplace(wanted)


def figures(study: Study) -> dict[str, float]:
    """How the default mapping does on what it has not seen; progress is shown while that is measured.

    Returns
    -------
    dict
        As from ``EvaluationResult.summary`` for held-out classes, and ``prompts``, ``hit_at_1``, ``hit_at_5`` of the
        test prompts.
    """

    def measure(progress: Progress) -> dict[str, float]:
        judged = study.compare([DEFAULT_MAPPING], progress=progress)[DEFAULT_MAPPING].summary()
        return judged | study.evaluate_prompts().loc["all"].to_dict()

    return watched(study, "figures", measure)


def watched(study: Study, work: str, task: Callable[[Progress], object]):
    """The result of long work; a bar is shown in place until it is there."""
    place = st.empty()
    found = workplace(study.settings).watch(
        work, task, lambda stage, done, total: place.progress(done / total, f"Measuring: {stage}")
    )
    place.empty()
    return found


@st.cache_data(max_entries=1000, hash_funcs=BY_SETTINGS, show_spinner=False)
def encoded(study: Study, prompt: str) -> np.ndarray:
    """A prompt in text space, float32 array (1, d_text)."""
    return study.encode([prompt])


@st.cache_data(max_entries=1000, hash_funcs=BY_SETTINGS, show_spinner=False)
def mapped(study: Study, mapping: str, prompt: str) -> np.ndarray:
    """A prompt in class space, float32 array (1, d)."""
    return study.map([prompt], mapping)


def nearest(study: Study, mapping: str, prompt: str, top: int) -> pd.DataFrame:
    """:meth:`Study.nearest` of one prompt."""
    return study.nearest_to(mapped(study, mapping, prompt), [prompt], top=top)


@st.cache_data(max_entries=64, hash_funcs=BY_SETTINGS, show_spinner=False)
def pictures(
    study: Study, mapping: str, prompt: str, *, count: int, truncation: float, noise_seed: int, pull: float
) -> np.ndarray:
    """Pictures of one prompt, uint8 array (count, pixels, pixels, 3)."""
    vector = study.pulled(mapped(study, mapping, prompt), pull)
    return study.draw(vector, count=count, truncation=truncation, noise_seed=noise_seed)[0]


def thumbnails(study: Study, rows: Sequence[int]) -> list[str]:
    """Classes as the generator draws them, small, as data addresses."""
    known = _thumbnails(study)
    if missing := [row for row in rows if row not in known]:
        drawn = study.draw(study.class_vectors[missing])[:, 0]
        known.update(zip(missing, map(thumbnail, drawn), strict=True))
    return [known[row] for row in rows]


@st.cache_resource(max_entries=3, hash_funcs=BY_SETTINGS, show_spinner=False)
def _thumbnails(study: Study) -> dict[int, str]:
    """Thumbnails drawn so far: row of the class -> data address, at most one a class."""
    return {}


@st.cache_data(max_entries=6, hash_funcs=BY_SETTINGS, show_spinner=False)
def seed_table(study: Study) -> pd.DataFrame:
    """The seed dictionary as a table to read and edit."""
    return edits.as_table(study.seeds, study.classes)


@st.cache_data(max_entries=6, hash_funcs=BY_SETTINGS, show_spinner=False)
def seed_counts(study: Study) -> pd.DataFrame:
    """Sentences of each kind, a row a class: ``index``, ``name``, ``group``, the kinds, ``total``."""
    counts = study.seeds.counts(study.classes)
    names = pd.DataFrame({"index": study.classes.indices, "name": study.classes.names, "group": study.classes.groups})
    return pd.concat([names, counts.reset_index(drop=True)], axis=1)
