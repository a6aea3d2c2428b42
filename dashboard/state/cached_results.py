"""Results of studies that several pages show: points and pictures of prompts, confidence, pictures of classes, tables.

They are computed in the background and cached for all visitors; every cache is bounded.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from alignment.evaluation.calibration import Calibration
from alignment.images.drawing_settings import DEFAULT_DRAWING, DrawingSettings
from alignment.study import Study
from dashboard.components.images import data_uri, thumbnail
from dashboard.state import seed_edits, studies
from dashboard.state.studies import STUDY_HASH


def figures(study: Study, mapping: str) -> dict[str, float]:
    """:meth:`Evaluations.headline_figures` of a mapping; progress is shown while they are measured."""
    return studies.watched(
        study,
        f"figures {mapping}",
        lambda progress: study.evaluations.headline_figures(mapping, progress=progress),
        parts=[f"figures {mapping}"],
    )


@st.cache_data(max_entries=1000, hash_funcs=STUDY_HASH, show_spinner=False)
def encoded(study: Study, prompt: str) -> np.ndarray:
    """A prompt in text space, float32 array (1, d_text)."""
    return studies.answer(lambda: study.encode([prompt]))


@st.cache_data(max_entries=1000, hash_funcs=STUDY_HASH, show_spinner=False)
def mapped(study: Study, mapping: str, prompt: str) -> np.ndarray:
    """A prompt in class space, float32 array (1, d)."""
    vector = encoded(study, prompt)
    return studies.answer(lambda: study.map_vectors(vector, mapping))


def calibration(study: Study, mapping: str) -> Calibration | None:
    """:meth:`Confidence.calibration`; progress is shown while sentences with known answers are encoded."""
    return studies.watched(
        study,
        f"confidence {mapping}",
        lambda progress: study.confidence.calibration(mapping, progress=progress),
        keep=False,
    )


def confidence(study: Study, mapping: str, prompts: Sequence[str]) -> pd.DataFrame | None:
    """:meth:`Confidence.of`; progress is shown while the mapping's answers are calibrated."""
    if calibration(study, mapping) is None:
        return None
    return pd.concat([_confidence(study, mapping, prompt) for prompt in prompts], ignore_index=True)


@st.cache_data(max_entries=1000, hash_funcs=STUDY_HASH, show_spinner=False)
def _confidence(study: Study, mapping: str, prompt: str) -> pd.DataFrame:
    vector = encoded(study, prompt)
    return studies.answer(lambda: study.confidence.of_vectors(vector, [prompt], mapping))


def confidence_text(study: Study, mapping: str, prompt: str) -> str:
    """Confidence of a prompt's nearest class in words; "" if there is none."""
    found = confidence(study, mapping, [prompt])
    return "" if found is None else found["confidence_text"].iloc[0]


def nearest(study: Study, mapping: str, prompt: str, top: int) -> pd.DataFrame:
    """:meth:`Study.nearest` of one prompt."""
    return study.nearest_to(mapped(study, mapping, prompt), [prompt], top=top)


@st.cache_data(max_entries=64, hash_funcs=STUDY_HASH, show_spinner=False)
def pictures(
    study: Study, mapping: str, prompt: str, *, count: int, drawing: DrawingSettings = DEFAULT_DRAWING
) -> np.ndarray:
    """Pictures of one prompt, uint8 array (count, pixels, pixels, 3)."""
    vector = study.snap_to_nearest_class(mapped(study, mapping, prompt), drawing.snap)
    return studies.answer(lambda: study.pictures.draw(vector, count=count, drawing=drawing)[0])


@st.cache_data(max_entries=500, hash_funcs=STUDY_HASH, show_spinner=False)
def picture_of_point(study: Study, vector: np.ndarray, drawing: DrawingSettings = DEFAULT_DRAWING) -> np.ndarray:
    """One picture of a point of class space (1, d), without snap: uint8 array (pixels, pixels, 3)."""
    return studies.answer(lambda: study.pictures.draw(vector, drawing=drawing)[0, 0])


def class_pictures(study: Study) -> np.ndarray:
    """:meth:`Pictures.of_classes`; progress is shown while they are drawn."""
    studies.watched(study, "class pictures", lambda progress: study.pictures.of_classes(progress=progress), keep=False)
    return _class_pictures(study)


@st.cache_resource(max_entries=3, hash_funcs=STUDY_HASH, show_spinner=False)
def _class_pictures(study: Study) -> np.ndarray:
    """Pictures of all classes; the array is shared by all visitors, not copied: never modify it."""
    return study.pictures.of_classes()


def thumbnails(study: Study, rows: Sequence[int]) -> list[str]:
    """Small pictures of classes as data URIs, from the cached pictures of all classes if there are any."""
    known = _thumbnails(study)
    if missing := [row for row in rows if row not in known]:
        if study.pictures.are_kept_of_classes():
            small = map(data_uri, _class_pictures(study)[missing])
        else:
            small = map(thumbnail, studies.answer(lambda: study.pictures.draw(study.class_vectors[missing])[:, 0]))
        known.update(zip(missing, small, strict=True))
    return [known[row] for row in rows]


@st.cache_resource(max_entries=3, hash_funcs=STUDY_HASH, show_spinner=False)
def _thumbnails(study: Study) -> dict[int, str]:
    """Thumbnails drawn so far: row of the class -> data URI, at most one per class."""
    return {}


@st.cache_data(max_entries=6, hash_funcs=STUDY_HASH, show_spinner=False)
def seed_table(study: Study) -> pd.DataFrame:
    """The seed dictionary as a table, of :func:`.seed_edits.as_table`."""
    return seed_edits.as_table(study.seeds, study.classes)


def count_with_sentences(study: Study) -> int:
    """Number of classes with at least one seed sentence."""
    return int((seed_counts(study)["total"] > 0).sum())


@st.cache_data(max_entries=6, hash_funcs=STUDY_HASH, show_spinner=False)
def seed_counts(study: Study) -> pd.DataFrame:
    """Sentences of each kind, one row per class: ``index``, ``name`` (its label), ``group``, the kinds, ``total``.

    Without groups there is no ``group``.
    """
    counts, classes = study.seeds.counts(study.classes), study.classes
    names = pd.DataFrame({"index": classes.indices, "name": classes.labels})
    if classes.groups is not None:
        names["group"] = classes.group_labels
    return pd.concat([names, counts.reset_index(drop=True)], axis=1)
