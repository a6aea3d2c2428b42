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
from alignment.study.cache.keys import digest
from alignment.wording import counted
from dashboard.state import cached_results, durations, on_demand, studies, visitors

PROMPTS = ("a cat", "a fox", "a sports car", "a violin", "a lemon", "a castle")  # the first two by default
PATHS, GRID = "path ", "grid "  # how the keys of their jobs start
FOREGROUND_PICTURES = 30  # of the bundled generator, drawn without a progress bar


def check_prompts(study: Study, prompts: Sequence[str], labels: Sequence[str]) -> None:
    """Refuse a prompt that cannot be read; the message begins with the prompt's label."""
    for label, prompt in zip(labels, prompts, strict=False):
        try:
            study.prompt_reader.check(prompt)
        except InputError as error:
            raise InputError(f"{label}: {error}") from error


def paths(study: Study, settings: InterpolationSettings) -> Iterator[tuple[str, InterpolationPath | None]]:
    """Paths with equal settings in each space: text, class, and class with changing noise; None while one is drawn.

    Without a generator there is no third one.
    """
    key = _key(PATHS, study, settings)
    on_demand.forget(PATHS, but=key)
    for space in INTERPOLATION_SPACES if study.space.generator else INTERPOLATION_SPACES[:2]:
        in_space = replace(settings, space=space)
        yield space, _result(study, f"{key} {space}", study.interpolate, in_space, settings.pictures_drawn)


def grid(study: Study, settings: InterpolationSettings) -> InterpolationGrid | None:
    """Grid between four prompts; None while it is drawn."""
    key = _key(GRID, study, settings)
    on_demand.forget(GRID, but=key)
    return _result(study, key, study.interpolate_grid, settings, settings.steps**2)


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


def _key(start: str, study: Study, settings: InterpolationSettings) -> str:
    """Key of the job of an interpolation, or, where it has one for each space, the start of their keys."""
    return f"{start}{digest(repr((studies.cache_key(study), settings)))}"


def _result(
    study: Study, key: str, interpolate: Callable, settings: InterpolationSettings, pictures: int
) -> Any | None:
    """Interpolate: in the background, with progress and stop button, if it takes long; None until it is done."""
    compute = partial(_interpolate, study, interpolate, settings)
    is_quick = study.settings.generator == "bundled" and pictures <= FOREGROUND_PICTURES
    if is_quick or not study.space.generator:  # without a generator, nothing is drawn
        return _quick_result(study, key, compute)
    return on_demand.result_or_button(
        study,
        key,
        compute,
        f"Draw {counted(pictures, 'picture')}",
        work=durations.drawing_key(study.settings.generator),
        units=pictures,
        exclusive=f"interpolations of {visitors.current()}",  # the first film is not to wait for the grid below
        at_once=True,
    )


@st.cache_data(max_entries=64, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def _quick_result(study: Study, key: str, _compute: Callable) -> Any:
    return studies.answer(_compute)


def _interpolate(
    study: Study, interpolate: Callable, settings: InterpolationSettings, progress: Progress | None = None
) -> Any:
    """Interpolate between the prompts, with cached encodings."""
    texts = np.vstack([cached_results.encoded(study, prompt) for prompt in settings.prompts])
    return interpolate(settings, texts=texts, progress=progress)


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
        study, "principal axes", lambda progress: study.projections.principal_axes(), work="principal axes"
    )
    curves = {
        "text": {"text": paths["text"].text_curve},
        "class": {space: paths[space].curve for space in ("text", "class")},
    }
    return {
        space: (layout[space].points, {name: layout[space].place(curve) for name, curve in inside.items()})
        for space, inside in curves.items()
    }
