"""Steps 8 and 9: interpolation between two sentences, and failures of the mapping."""

from __future__ import annotations

import streamlit as st

from alignment.errors import InputError
from alignment.images.drawing_settings import DEFAULT_DRAWING
from alignment.interpolation.paths import InterpolationPath, InterpolationSettings
from alignment.mappings import DEFAULT_MAPPING
from alignment.study import Study
from dashboard.components import html
from dashboard.components.glossary import tooltip
from dashboard.components.images import enlarged, picture_uri
from dashboard.components.markdown import plain
from dashboard.components.wording import capitalised
from dashboard.pages import GENERATE, INTERPOLATION
from dashboard.state import cached_results, studies
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.state.sentence_box import sentence_box
from dashboard.views.lesson.step import StepResult, picture_of
from dashboard.views.lesson.step_texts import StepTexts

FIRST, LAST = "a cat", "a fox"
STEPS = 11  # both ends included
FAILURES = {
    "negation": "Not a dog",
    "counting": "Seven lemons",
    "two_things": "A dog on a bicycle",
    "language": "Une pomme",
    "unknown": "A unicorn",
    "feeling": "I am happy",
}  # each kind is the key of a label in the step's texts
NEAREST_CLASSES = 3


def between_sentences(study: Study, texts: StepTexts) -> StepResult:
    """Step 8: one point between two sentences, in text space and in class space."""
    label = texts.labels["control"].format(first=FIRST, last=LAST)
    position = bound(st.slider, label, 0.0, 1.0, 0.5, 1 / (STEPS - 1), key="between")
    step = round(position * (STEPS - 1))
    cards = []
    for space in ("text", "class"):
        with st.spinner(texts.labels["wait"]):
            path = interpolated(study, space)
        assert path.pictures is not None, "the bundled class space has a generator"
        name = study.classes.labels[int(path.nearest[step])]
        similarity = study.nearest_to(path.points[[step]], [0], top=1).loc[0, "similarity"]
        picture = picture_uri(enlarged(path.pictures[step]))
        cards.append(html.Card(texts.labels[space], picture, nearest=name, similarity=similarity))
    st.html(html.comparison(cards, small=True))
    return StepResult(INTERPOLATION, {"prompt_1": FIRST, "prompt_2": LAST, "steps": str(STEPS)})


@st.cache_resource(max_entries=4, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def interpolated(study: Study, space: str) -> InterpolationPath:
    """Path in one space, with its pictures; shared by all visitors: never modify it."""
    settings = InterpolationSettings((FIRST, LAST), DEFAULT_MAPPING, STEPS, space)
    return studies.answer(lambda: study.interpolate(settings))


def failures(study: Study, texts: StepTexts) -> StepResult:
    """Step 9: a sentence that goes wrong, one of the step's or the visitor's own, and what becomes of it."""
    kind = bound(
        st.pills,
        texts.labels["control"],
        list(FAILURES),
        default="negation",
        format_func=texts.labels.__getitem__,
        required=True,
        wrap=True,
        key="failure",
        on_change=_clear_own_sentence,
    )
    sentence = sentence_box(st.text_input, texts.labels["own"], key="own_sentence") or FAILURES[kind]
    figures = {"classes": f"{len(study.classes):,}"}
    shown = StepResult(GENERATE, {"prompt": sentence, "tab": "Word by word"}, figures)
    try:
        study.prompt_reader.check(sentence)
    except InputError as error:
        refuse(error)
        return shown
    show_outcome(study, texts, sentence)
    return shown


def _clear_own_sentence() -> None:
    """The sentence that was chosen last counts."""
    st.session_state["own_sentence"] = ""


def show_outcome(study: Study, texts: StepTexts, sentence: str) -> None:
    """Show the picture, nearest classes and confidence of a sentence, and the seed sentence that is nearest to it."""
    vector = cached_results.mapped(study, DEFAULT_MAPPING, sentence)
    nearest = cached_results.nearest(study, DEFAULT_MAPPING, sentence, NEAREST_CLASSES)
    point = study.snap_to_nearest_class(vector, DEFAULT_DRAWING.snap)
    left, right = st.columns(2, vertical_alignment="center")
    caption = texts.labels["sentence"].format(sentence=sentence)
    left.image(picture_of(study, point), width="stretch", caption=plain(caption), alt=caption)
    with right:
        st.html(html.nearest_list(nearest, cached_results.thumbnails(study, nearest["class"].tolist())))
        if confidence := cached_results.confidence_text(study, DEFAULT_MAPPING, sentence):
            st.markdown(plain(f"{capitalised(confidence)}."), help=tooltip("confidence"))
        seed = study.out_of_distribution(cached_results.encoded(study, sentence)).loc[0, "sentence"]
        st.caption(texts.labels["far"].format(sentence=plain(seed)))
