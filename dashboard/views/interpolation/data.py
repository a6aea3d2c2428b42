"""Ways between prompts for a page: gone once, in the background, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from alignment.errors import InputError
from alignment.interpolation.grid import Square
from alignment.interpolation.paths import SPACES, Plan, Way, heaviest
from alignment.progress import Progress
from alignment.projection.layouts import LayoutSettings
from alignment.study import Study
from dashboard.state import studies

QUICK = 30  # pictures that the bundled generator draws before anyone waits


def check(study: Study, prompts: Sequence[str], labels: Sequence[str]) -> None:
    """Refuse a prompt that cannot be read, by its letter."""
    for label, prompt in zip(labels, prompts, strict=False):
        try:
            study.check_prompt(prompt)
        except InputError as error:
            raise InputError(f"{label}: {error}") from error


def rows(study: Study, plan: Plan) -> Iterator[tuple[str, Way]]:
    """A plan gone in each space, all else the same: text, class, and class with a changing noise.

    A class space that draws no pictures has no third row.
    """
    for space in SPACES if study.space.draws else SPACES[:2]:
        yield space, _asked(study, replace(plan, space=space), way, plan.drawn)


def grid(study: Study, plan: Plan) -> Square:
    """The grid between a plan's four prompts."""
    return _asked(study, plan, square, plan.steps**2)


@st.cache_data(max_entries=48, hash_funcs=studies.BY_SETTINGS, show_spinner=False)
def way(study: Study, plan: Plan, _progress: Progress | None = None) -> Way:
    """:meth:`Study.interpolate`."""
    return study.interpolate(plan, texts=_texts(study, plan), progress=_progress)


@st.cache_data(max_entries=16, hash_funcs=studies.BY_SETTINGS, show_spinner=False)
def square(study: Study, plan: Plan, _progress: Progress | None = None) -> Square:
    """:meth:`Study.square`."""
    return study.square(plan, texts=_texts(study, plan), progress=_progress)


def _texts(study: Study, plan: Plan) -> np.ndarray:
    """A plan's prompts in text space; only those not seen before are encoded."""
    return np.vstack([studies.encoded(study, prompt) for prompt in plan.prompts])


def named(study: Study, rows: Mapping[str, Way]) -> dict[int, str]:
    """The classes worth naming on these ways: row to name, as they come in turn."""
    return {row: study.classes.names[row] for row in heaviest(rows.values())}


def colours(study: Study, rows: Mapping[str, Way]) -> dict[str, str]:
    """A colour for each class that :func:`named` could name, by name; a row that is added changes none of them."""
    names = dict.fromkeys(study.classes.names[row] for way in rows.values() for row in heaviest([way]))
    return dict(zip(names, st.get_option("theme.chartCategoricalColors"), strict=False))


def among_classes(study: Study, rows: Mapping[str, Way]) -> dict[str, tuple[np.ndarray, dict[str, np.ndarray]]]:
    """The ways in the projections of both spaces: places of the classes, and of each way, by space.

    Text space holds the line between the sentences; class space that line mapped, and the line between the mapped
    sentences.
    """
    settings = LayoutSettings(method="pca")  # keeps what is straight straight
    drawn = studies.watched(
        study, "principal axes", lambda progress: study.layout(settings, held_out=False, progress=progress)
    )
    lines = {
        "text": {"text": rows["text"].text_line},
        "class": {space: rows[space].line for space in ("text", "class")},
    }
    return {
        space: (drawn[space].points, {name: drawn[space].place(line) for name, line in inside.items()})
        for space, inside in lines.items()
    }


def stopped(study: Study, plan: Plan) -> bool:
    """Whether this visitor has stopped the drawing of this plan; a button goes on with it."""
    if st.session_state.get("stopped_way") != (study.settings, plan):
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Stopped.")
        st.button("Draw", icon=":material/play_arrow:", key="draw_way", on_click=_stop, args=(None,))
    return True


def _stop(what: tuple | None) -> None:
    st.session_state["stopped_way"] = what


def _asked(study: Study, plan: Plan, answer: Callable, pictures: int):
    """``answer(study, plan)``; where that takes long, in the background, with a bar and a button that stops it."""
    if study.settings.generator == "bundled" and pictures <= QUICK:
        return answer(study, plan)
    place = st.empty()

    def show(stage: str, done: int, total: int) -> None:
        bar.progress(done / total, f"{stage}: {done} of {total} pictures")

    workplace, work = studies.workplace(study.settings), f"{answer.__name__} {plan}"
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, f"Drawing {pictures} pictures")
        key, what = f"stop_{answer.__name__}_{plan.space}", (study.settings, replace(plan, space="class"))
        st.button("Stop", icon=":material/stop:", key=key, on_click=_stop, args=(what,))
    try:
        found = workplace.watch(work, lambda progress: answer(study, plan, progress), show)
    finally:  # done, or left by the visitor: the answer is kept elsewhere, and nobody waits for an unfinished one
        workplace.stop(work)
    place.empty()
    return found
