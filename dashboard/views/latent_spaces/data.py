"""Cached data of the page Latent spaces: positions and nearest neighbours of classes and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from alignment.errors import InputError
from alignment.evaluation.result import EvaluationResult
from alignment.images.picture_files import grid
from alignment.projection.axes import project_on_axes
from alignment.projection.layouts import LayoutSettings, Projection
from alignment.projection.neighbourhoods import neighbourhood_table, similar_classes
from alignment.study import Study
from alignment.vectors.class_means import first_classes
from alignment.vectors.similarity import nearest_classes
from alignment.vectors.word_sums import is_sum, read_sum, vector_sum
from dashboard.components.images import jpeg_uri
from dashboard.components.linked_scatter import Neighbours, Sentences, Thumbnails
from dashboard.state import evaluations
from dashboard.state.cached_results import class_pictures
from dashboard.state.studies import STUDY_HASH, answer, watched

HOVER_PIXELS = 64
MAX_PINS = 100
NAMED_NEIGHBOURS = 5  # neighbours named in tables and cards
CARD_PICTURES = 4
CARD_SENTENCES = 6


@dataclass(frozen=True)
class LayoutRequest:
    """What to draw: the layout, the mapping, and whether classes are held out from it.

    ``axes``, names of the ends of custom axes, replace the layout's method.
    """

    layout: LayoutSettings
    mapping: str
    held_out: bool
    axes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pinned:
    """A pinned sentence: ``places`` from pane to coordinates, and the names of its nearest classes."""

    sentence: str
    places: dict[str, np.ndarray]
    near_text: tuple[str, ...]
    lands_on: tuple[str, ...]


def projections(study: Study, request: LayoutRequest) -> dict[str, Projection]:
    """Projections of the three spaces; progress is shown while they are fitted."""
    if not request.axes:
        work = f"layout {request.layout.method} {request.layout.dimensions}"
        watched(study, f"layout {request}", lambda progress: _prepare(study, request, progress), work=work)
    return _projections(study, request)


def _prepare(study: Study, request: LayoutRequest, progress) -> None:
    study.projections.layout(request.layout, request.mapping, held_out=request.held_out, progress=progress)


def _cached(entries: int):
    """Cache shared by all visitors, without copies: never modify its values."""
    return st.cache_resource(max_entries=entries, hash_funcs=STUDY_HASH, show_spinner=False)


@_cached(8)
def _projections(study: Study, request: LayoutRequest) -> dict[str, Projection]:
    if not request.axes:
        return study.projections.layout(request.layout, request.mapping, held_out=request.held_out)
    x, z = vectors_of(study, request.mapping, request.axes)

    def project() -> dict[str, Projection]:
        spaces = study.projections.class_positions(request.mapping, held_out=request.held_out)
        return project_on_axes(spaces, {"text": x, "class": z}, request.layout)

    return answer(project)


@_cached(200)
def vectors_of(study: Study, mapping: str, words: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of classes (by name) or sentences in text space and class space; sentences are encoded and mapped.

    A class without seed sentences has no mean in text space: its name is encoded instead.

    Raises
    ------
    InputError
        When the encoder can read none of a sentence's words.
    """
    x = answer(lambda: study.encode([study.prompt_reader.check(word) for word in words]))
    z = answer(lambda: study.map_vectors(x, mapping))
    x, z = x.copy(), np.array(z, dtype=np.float32)
    rows = {label: row for row, label in enumerate(study.classes.labels)}
    for i, word in enumerate(words):
        if (row := rows.get(word)) is None:
            continue
        z[i] = study.class_vectors[row]
        if np.isfinite(study.text_means[row]).all():
            x[i] = study.text_means[row]
    return x, z


def facts(study: Study, mapping: str, *, held_out: bool) -> pd.DataFrame:
    """One row per class: ``index``, ``name``, ``group``, ``rank`` and the columns of ``neighbourhood_table``.

    ``rank`` is that of the right class under a mapping that has not learned from it; NaN if it was not evaluated.
    """
    return _facts(study, mapping, evaluations.evaluate(study, mapping), held_out=held_out)


@_cached(6)
def _facts(study: Study, mapping: str, _result: EvaluationResult, *, held_out: bool) -> pd.DataFrame:
    known = study.classes
    table = pd.DataFrame({"index": known.indices, "name": known.labels, "group": known.group_labels or ""})
    table["rank"] = _result.values("median_rank").reindex(range(len(known))).to_numpy()
    positions = study.projections.class_positions(mapping, held_out=held_out)
    return table.join(neighbourhood_table(positions, known.labels))


@_cached(6)
def neighbours(study: Study, mapping: str, *, held_out: bool) -> dict[str, Neighbours]:
    """The :data:`NAMED_NEIGHBOURS` classes most similar to each in every space, with their similarities there."""
    found = similar_classes(study.projections.class_positions(mapping, held_out=held_out), NAMED_NEIGHBOURS)
    return {name: Neighbours(near, similarities) for name, (near, similarities) in found.items()}


@_cached(3)
def sentences(study: Study, request: LayoutRequest) -> Sentences:
    """Positions of all seed sentences: in text space, and mapped."""
    rows, mapped = study.projections.mapped_seeds(request.mapping, held_out=request.held_out)
    drawn, texts = _projections(study, request), study.seeds.sentences
    return Sentences(
        rows=first_classes(study.membership, rows),
        texts=[texts[row] for row in rows],
        positions={"text": drawn["text"].place(study.X[rows]), "mapped": drawn["mapped"].place(mapped)},
    )


def hover_pictures(study: Study, rows: np.ndarray) -> Thumbnails:
    """Sprite sheet of pictures of the classes in ``rows``; progress is shown while all classes are drawn."""
    class_pictures(study)
    return _hover_pictures(study, rows)


@_cached(3)
def _hover_pictures(study: Study, rows: np.ndarray) -> Thumbnails:
    from PIL import Image

    columns, size = 32, (HOVER_PIXELS, HOVER_PIXELS)
    pictures = class_pictures(study)[rows]
    small = np.stack([np.asarray(Image.fromarray(picture).resize(size)) for picture in pictures])
    return Thumbnails(jpeg_uri(grid(small, columns=columns, gap=0), quality=75), columns, HOVER_PIXELS)


def pinned(
    study: Study, request: LayoutRequest, typed: Sequence[str], sent: Sequence[str]
) -> tuple[list[Pinned], list[InputError]]:
    """Pins of sentences, those ``typed`` one by one, those ``sent`` in one batch; and the errors of those refused.

    A text such as ``= cat - dog + puppy`` is a sum of words.
    """
    good: dict[str, list[str]] = {"typed": [], "sent": []}
    problems = []
    for source, sentence in [*(("typed", sentence) for sentence in typed), *(("sent", sentence) for sentence in sent)]:
        try:
            words = [word for _, word in read_sum(sentence)] if is_sum(sentence) else [sentence]
            checked = [study.prompt_reader.check(word) for word in words]
            good["typed" if is_sum(sentence) else source].append(sentence.strip() if is_sum(sentence) else checked[0])
        except InputError as error:
            problems.append(error)
    batches = [(sentence,) for sentence in good["typed"]] + ([tuple(good["sent"])] if good["sent"] else [])
    return [pin for batch in batches for pin in _pinned(study, request, batch)], problems


@_cached(200)
def _pinned(study: Study, request: LayoutRequest, sentences: tuple[str, ...]) -> list[Pinned]:
    if is_sum(sentences[0]):
        x, z = _word_sum(study, request.mapping, sentences[0])
    else:
        x = answer(lambda: study.encode(sentences))
        z = answer(lambda: study.map_vectors(x, request.mapping))
    drawn = _projections(study, request)
    places = {name: drawn[name].place(x if name == "text" else z) for name in drawn}
    near = study.nearest_in_text(x, top=NAMED_NEIGHBOURS)
    nearest = nearest_classes(z, study.class_vectors, NAMED_NEIGHBOURS)[0]
    lands_on = [tuple(study.classes.labels[row] for row in rows) for rows in nearest]
    return [
        Pinned(sentence, {name: place[i] for name, place in places.items()}, near[i], lands_on[i])
        for i, sentence in enumerate(sentences)
    ]


def _word_sum(study: Study, mapping: str, text: str) -> tuple[np.ndarray, np.ndarray]:
    """Sum of words in text space, (1, d_text), and in class space, (1, d)."""
    signs, words = zip(*read_sum(text), strict=True)
    x, z = vectors_of(study, mapping, words)
    text, target = np.nanmean(study.text_means, axis=0), study.class_vectors.mean(axis=0)
    return vector_sum(x, signs, text)[None], vector_sum(z, signs, target)[None]


@st.cache_data(max_entries=64, hash_funcs=STUDY_HASH, show_spinner=False)
def card_pictures(study: Study, row: int) -> np.ndarray:
    """Pictures of a class with different noise: uint8 array (4, pixels, pixels, 3)."""
    return answer(lambda: study.pictures.draw(study.class_vectors[[row]], count=CARD_PICTURES)[0])


@st.cache_data(max_entries=256, hash_funcs=STUDY_HASH, show_spinner=False)
def card_sentences(study: Study, row: int) -> list[str]:
    """Some seed sentences of a class, from as many kinds as possible."""
    return study.seeds.examples(study.classes.indices[row], CARD_SENTENCES)
