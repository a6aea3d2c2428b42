"""Compare: one sentence under several mappings, or several sentences under one, all with the same noise."""

from __future__ import annotations

import streamlit as st

from alignment.errors import InputError
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.study import Study
from dashboard.components import html
from dashboard.components.glossary import tooltip
from dashboard.components.images import picture_uri
from dashboard.components.wording import capitalised
from dashboard.state import cached_results, studies
from dashboard.state.drawing_controls import can_draw
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.state.sentence_box import TYPED_CHARACTERS
from dashboard.views.generate.request import Request, diagnosis

MAX_CARDS = 6
COMPARISONS = ("Mappings", "Sentences")
SHOWN_MAPPINGS = (DEFAULT_MAPPING, "prototypes", "ridge")  # mappings chosen by default
OF_PICTURES = (
    "All have the same noise. The small picture is the nearest class itself; the confidence is how probable it is that "
    "this class is right, however the picture looks."
)
GAUGES = "Both gauges start at the average of all classes, and their shaded part is the range of the classes"
BEYOND_THEM = (
    ": above it, the generator has not been trained; where the length, which is 1 for a typical class, is below it, "
    "pictures are washed out."
)
OTHER_SENTENCES = "A slice of pizza on a plate\nThe stock market fell"


def show(request: Request) -> None:
    comparison = bound(
        st.segmented_control,
        "Compare",
        COMPARISONS,
        default=COMPARISONS[0],
        required=True,
        key="compare",
        label_visibility="collapsed",
    )
    compared = mappings(request) if comparison == COMPARISONS[0] else sentences(request)
    if not compared:
        st.info("Choose one or more mappings above; each maps the sentence.", icon=":material/info:")
        return
    cards = []
    for title, mapping, prompt in compared:
        try:
            cards.append(card(request, title, mapping, prompt))
        except InputError as error:
            refuse(error)
    has_pictures = can_draw(request.study)
    st.html(html.comparison(cards))
    read = f"{OF_PICTURES} {GAUGES}{BEYOND_THEM}" if has_pictures else f"{GAUGES}; the length is 1 for a typical class."
    st.caption(read, help=tooltip("Mahalanobis distance"))


def mappings(request: Request) -> list[tuple[str, str, str]]:
    """(title, mapping, sentence) for each chosen mapping."""
    chosen = bound(
        st.multiselect,
        "Mappings",
        list(MAPPINGS),
        list(SHOWN_MAPPINGS),
        format_func=lambda key: MAPPINGS[key].label,
        max_selections=MAX_CARDS,
        key="against",
    )
    for key in chosen:
        studies.fit(request.study, key)
    return [(MAPPINGS[key].label, key, request.prompt) for key in chosen]


def sentences(request: Request) -> list[tuple[str, str, str]]:
    """(title, mapping, sentence) for the sentence and the others."""
    text = bound(
        st.text_area,
        "Other sentences, one per line",
        OTHER_SENTENCES,
        height=110,
        max_chars=MAX_CARDS * TYPED_CHARACTERS,
        key="others",
        help=f"The first {MAX_CARDS - 1} are drawn beside the sentence above.",
    )
    others = [line.strip() for line in text.splitlines() if line.strip()]
    return [(prompt, request.mapping, prompt) for prompt in [request.prompt, *others][:MAX_CARDS]]


def with_confidence(study: Study, mapping: str, prompt: str) -> str:
    """Confidence as a sentence, to precede the reason."""
    confidence = cached_results.confidence_text(study, mapping, prompt)
    return f"{capitalised(confidence)}. " if confidence else ""


def card(request: Request, title: str, mapping: str, prompt: str) -> html.Card:
    """Card of one point: its picture, its nearest class and that class's picture, and its diagnosis."""
    study = request.study
    study.prompt_reader.check(prompt)
    point = request.point(mapping, prompt)
    found = diagnosis(study, point).iloc[0]
    best = cached_results.nearest(study, mapping, prompt, 1).iloc[0]  # of the point before the snap, as on Picture
    nearest = int(best["class"])
    picture = nearest_picture = None
    if study.space.generator:
        picture = picture_uri(cached_results.picture_of_point(study, point, request.drawing))
        nearest_picture = picture_uri(
            cached_results.picture_of_point(study, study.class_vectors[[nearest]], request.drawing)
        )
    return html.Card(
        title=title,
        picture=picture,
        nearest_picture=nearest_picture,
        nearest=study.classes.labels[nearest],
        similarity=best["similarity"],
        gauges=(
            html.Gauge("Length", found["norm"], found["norm_low"], found["norm_high"]),
            html.Gauge("Mahalanobis distance", found["distance"], found["distance_low"], found["distance_high"]),
        ),
        reason=f"{with_confidence(study, mapping, prompt)}{found['reason']}",
    )
