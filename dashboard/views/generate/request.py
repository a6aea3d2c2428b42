"""Request of the page Generate, and the results its tabs share."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
import streamlit as st

from alignment.evaluation.point_diagnosis import diagnose
from alignment.images.drawing_settings import DrawingSettings
from alignment.study import Study
from dashboard.components.glossary import tooltip
from dashboard.components.markdown import plain
from dashboard.components.wording import capitalised
from dashboard.pages import CLASSES
from dashboard.state import cached_results, notices, page_links, studies

NEAREST_CLASSES = 5


@dataclass(frozen=True)
class Request:
    """A sentence, a mapping and drawing settings."""

    study: Study
    mapping: str
    prompt: str
    count: int
    drawing: DrawingSettings

    def settings(self, **more) -> dict:
        """Settings that determine the pictures, saved with them."""
        study = {key: value for key, value in asdict(self.study.settings).items() if value is not None}
        if "seeds" in study:
            study["seeds"] = "the visitor's own"
        return {
            "prompt": self.prompt,
            "mapping": self.mapping,
            "count": self.count,
            **asdict(self.drawing),
            **study,
            **more,
        }

    def point(self, mapping: str | None = None, prompt: str | None = None) -> np.ndarray:
        """Point that is drawn, float32 array (1, d): mapped, then snapped towards its nearest class."""
        vector = cached_results.mapped(self.study, mapping or self.mapping, self.prompt if prompt is None else prompt)
        return self.study.snap_to_nearest_class(vector, self.drawing.snap)


def warn_if_far(request: Request) -> bool:
    """Show a notice if the sentence is out of distribution, far from all seeds, and whether its confidence is low;
    return whether it is far."""
    studies.watched(request.study, "seed distances", lambda progress: request.study.distance_to_seeds, keep=False)
    notices.warn_of(request.study.prompt_reader.notices([request.prompt]))
    found = out_of_distribution(request.study, request.prompt).iloc[0]
    if found["far"]:
        guess = "picture" if request.study.space.generator else "nearest class"
        sure = cached_results.confidence(request.study, request.mapping, [request.prompt])
        if sure is None or sure["low"].iloc[0]:
            conclusion, show = f"so the {guess} is a guess", st.warning
        else:
            conclusion, show = f"but the confidence in the {guess} is not low", st.info
        show(
            f"Far from everything the mapping has learned from, {conclusion}. The nearest sentence it knows: "
            f"“{plain(found['sentence'])}”",
            icon=":material/explore_off:",
        )
    return bool(found["far"])


def show_confidence(request: Request) -> bool:
    """Show the confidence in the nearest class and a spelling suggestion; return whether the confidence is low."""
    found = cached_results.confidence(request.study, request.mapping, [request.prompt])
    if found is None:
        return False
    row = found.iloc[0]
    text = plain(capitalised(row["confidence_text"]))
    if not row["low"] or row["language"]:  # the language warning is shown already
        st.caption(text, help=tooltip("confidence"))
    else:
        st.warning(f"{text}.", icon=":material/help:")
    if row["corrected"]:
        st.button(
            f"Did you mean: {plain(row['corrected'])}",
            icon=":material/spellcheck:",
            key="did_you_mean",
            on_click=_take,
            args=(row["corrected"],),
        )
    return bool(row["low"])


def link_to_classes() -> None:
    """Show a link to the classes, for a sentence that cannot be drawn."""
    page_links.show(CLASSES, CLASSES.heading)


def _take(prompt: str) -> None:
    st.session_state["prompt"] = prompt


@st.cache_data(max_entries=500, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def out_of_distribution(study: Study, prompt: str) -> pd.DataFrame:
    """:meth:`Study.out_of_distribution` of one prompt."""
    vector = cached_results.encoded(study, prompt)
    return studies.answer(lambda: study.out_of_distribution(vector))


@st.cache_data(max_entries=500, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def diagnosis(study: Study, vectors: np.ndarray) -> pd.DataFrame:
    """Diagnosis of points, (m, d): where they lie, and why their pictures are good or bad if there are any."""
    return diagnose(vectors, study.class_vectors, study.classes.labels, drawn=bool(study.space.generator))
