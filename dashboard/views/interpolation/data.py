"""Cached interpolations of the page, computed in the background if that takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from alignment.errors import InputError
from alignment.interpolation.grid import InterpolationGrid
from alignment.interpolation.paths import INTERPOLATION_SPACES, InterpolationPath, InterpolationSettings, top_classes
from alignment.progress import Progress
from alignment.study import Study
from alignment.wording import counted
from dashboard.components.progress import bar_in
from dashboard.state import cached_results, durations, studies

PROMPTS = ("a cat", "a fox", "a sports car", "a violin", "a lemon", "a castle")  # the first two by default
FOREGROUND_PICTURES = 30  # of the bundled generator, drawn without a progress bar


def check_prompts(study: Study, prompts: Sequence[str], labels: Sequence[str]) -> None:
    """Refuse a prompt that cannot be read; the message begins with the prompt's label."""
    for label, prompt in zip(labels, prompts, strict=False):
        try:
            study.prompt_reader.check(prompt)
        except InputError as error:
            raise InputError(f"{label}: {error}") from error


def paths(study: Study, settings: InterpolationSettings) -> Iterator[tuple[str, InterpolationPath]]:
    """Paths with equal settings in each space: text, class, and class with changing noise.

    Without a generator there is no third one.
    """
    for space in INTERPOLATION_SPACES if study.space.generator else INTERPOLATION_SPACES[:2]:
        yield space, _compute(study, replace(settings, space=space), interpolation_path, settings.pictures_drawn)


def grid(study: Study, settings: InterpolationSettings) -> InterpolationGrid:
    """Grid between four prompts."""
    return _compute(study, settings, interpolation_grid, settings.steps**2)


def steps_that_show_all(waypoints: int, steps: int, most: int) -> int | None:
    """Number of equal steps, nearest to ``steps`` and at most ``most``, that has a step at every waypoint; None if
    ``steps`` does, or if there is no such number.

    Examples
    --------
    >>> [steps_that_show_all(4, 9, 25), steps_that_show_all(6, 25, 25), steps_that_show_all(3, 9, 25)]
    [10, 21, None]
    """
    legs = waypoints - 1
    if (steps - 1) % legs == 0:
        return None
    return min(range(waypoints, most + 1, legs), key=lambda number: abs(number - steps), default=None)


@st.cache_data(max_entries=48, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def interpolation_path(
    study: Study, settings: InterpolationSettings, _progress: Progress | None = None
) -> InterpolationPath:
    """:meth:`Study.interpolate`."""
    return _interpolate(study, study.interpolate, settings, _progress)


@st.cache_data(max_entries=16, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def interpolation_grid(
    study: Study, settings: InterpolationSettings, _progress: Progress | None = None
) -> InterpolationGrid:
    """:meth:`Study.interpolate_grid`."""
    return _interpolate(study, study.interpolate_grid, settings, _progress)


def _interpolate(
    study: Study, interpolate: Callable, settings: InterpolationSettings, progress: Progress | None
) -> Any:
    """Interpolate between the prompts, with cached encodings; without ``progress``, on the queue of short work."""
    texts = np.vstack([cached_results.encoded(study, prompt) for prompt in settings.prompts])
    draw = partial(interpolate, settings, texts=texts, progress=progress)
    return draw() if progress else studies.answer(draw)


@st.cache_data(max_entries=6, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def classes_with_sentences(study: Study) -> list[str]:
    """Unambiguous names of the classes with seed sentences, in alphabetical order."""
    known = np.flatnonzero(np.isfinite(study.text_means).all(axis=1))
    return sorted((study.classes.labels[row] for row in known), key=str.casefold)


def named_here(study: Study, asked: Sequence[str], names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Resolve classes, given by index, WordNet id or any name, to ``names``; also return those that are missing."""
    found: dict[str, None] = {}
    missing = []
    for key in asked:
        try:
            name = study.classes.labels[study.classes.row(key)]
        except InputError:
            name = ""
        if name in names:
            found[name] = None
        else:
            missing.append(key)
    return list(found), missing


def named_classes(study: Study, paths: Mapping[str, InterpolationPath]) -> dict[int, str]:
    """Classes named in the charts: row -> label, ordered along the paths."""
    return {row: study.classes.labels[row] for row in top_classes(paths.values())}


def class_colours(study: Study, paths: Mapping[str, InterpolationPath]) -> dict[str, str]:
    """Label of a class -> colour, for all of :func:`named_classes`; the same whichever paths are shown."""
    names = dict.fromkeys(study.classes.labels[row] for path in paths.values() for row in top_classes([path]))
    return dict(zip(names, st.get_option("theme.chartCategoricalColors"), strict=False))


def curves_among_classes(
    study: Study, paths: Mapping[str, InterpolationPath]
) -> dict[str, tuple[np.ndarray, dict[str, np.ndarray]]]:
    """Principal components of the classes and of the curves, by space: (classes (K, 2), curve name to (101, 2)).

    Text space holds the curve between the sentences; class space holds that curve mapped, and the curve between the
    mapped sentences.
    """
    # A linear projection keeps straight lines straight.
    layout = studies.watched(
        study, "principal axes", lambda progress: study.evaluations.principal_axes(), work="principal axes"
    )
    curves = {
        "text": {"text": paths["text"].text_curve},
        "class": {space: paths[space].curve for space in ("text", "class")},
    }
    return {
        space: (layout[space].points, {name: layout[space].place(curve) for name, curve in inside.items()})
        for space, inside in curves.items()
    }


def say_if_stopped(study: Study, settings: InterpolationSettings) -> bool:
    """Show a notice with a resume button if this visitor has stopped this interpolation; return whether they have."""
    if st.session_state.get("stopped_interpolation") != (studies.cache_key(study), settings):
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Stopped.")
        st.button("Draw", icon=":material/play_arrow:", key="resume_interpolation", on_click=_stop, args=(None,))
    return True


def _stop(what: tuple | None) -> None:
    st.session_state["stopped_interpolation"] = what


def _compute(study: Study, settings: InterpolationSettings, compute: Callable, pictures: int):
    """Run ``compute(study, settings)``: in the background, with progress bar and stop button, if it takes long."""
    is_quick = study.settings.generator == "bundled" and pictures <= FOREGROUND_PICTURES
    if is_quick or not study.space.generator:  # without a generator, nothing is drawn
        return compute(study, settings)
    box, work = st.empty(), durations.drawing_key(study.settings.generator)
    about = durations.announcement([work], pictures)
    with box.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, f"Drawing {counted(pictures, 'picture')}{about and f' ({about})'}")
        key = f"stop_{compute.__name__}_{settings.space}"
        what = studies.cache_key(study), replace(settings, space="class")
        st.button("Stop", icon=":material/stop:", key=key, on_click=_stop, args=(what,))
    job = f"{compute.__name__} {settings}"
    task = partial(compute, study, settings)
    result = studies.watched(study, job, task, show=bar_in(bar), work=work, units=pictures, keep=False)
    box.empty()
    return result
