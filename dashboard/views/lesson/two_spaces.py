"""Steps 1 to 3: vector of a sentence, vector of a class, and the pairs that connect them."""

from __future__ import annotations

import streamlit as st

from alignment.dictionary.prompts import EXAMPLES
from alignment.errors import InputError
from alignment.evaluation.metrics import METRICS
from alignment.study import Study
from alignment.study.lesson import cosine, most_variable_number, with_one_number_moved
from dashboard.components import html
from dashboard.pages import GENERATE, LATENT_SPACES, SEED_PAIRS
from dashboard.state import cached_results
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.state.sentence_box import sentence_box
from dashboard.views.lesson import charts
from dashboard.views.lesson.step import StepResult, chart, picture_of
from dashboard.views.lesson.step_texts import StepTexts

FIRST_SENTENCE, SECOND_SENTENCE = EXAMPLES[0], "My dog is barking at the door"
CLASS = "red fox"
MAX_CHANGE = 8.0  # standard deviations
SHOWN_SENTENCES = 6


def sentence_to_numbers(study: Study, texts: StepTexts) -> StepResult:
    """Step 1: two sentences, their vectors and the cosine between them."""
    first, second = (
        sentence_box(st.text_input, texts.labels[key], default, key=key)
        for key, default in (("first", FIRST_SENTENCE), ("second", SECOND_SENTENCE))
    )
    figures = {"text_dim": study.encoder.dim}
    shown = StepResult(LATENT_SPACES, {"pins": list(dict.fromkeys([first, second]))}, figures)
    try:
        for key, sentence in (("first", first), ("second", second)):
            box = texts.labels[key]
            study.prompt_reader.check(sentence)
    except InputError as error:
        refuse(InputError(f"{box}: {error}"))
        return shown
    a, b = (cached_results.encoded(study, sentence)[0] for sentence in (first, second))
    st.metric(texts.labels["cosine"], METRICS["cosine"].shown(cosine(a, b), 2))
    rows = {texts.labels["first"]: a, texts.labels["second"]: b}
    chart(charts.number_rows(rows, texts.labels["number"]), "lesson_numbers", texts.title)
    st.caption(texts.labels["rows"])
    return shown


def numbers_to_picture(study: Study, texts: StepTexts) -> StepResult:
    """Step 2: a class, drawn with one of its numbers changed."""
    vectors, row = study.class_vectors, study.classes.row(CLASS)
    number = most_variable_number(vectors)
    amount = bound(st.slider, texts.labels["control"], -MAX_CHANGE, MAX_CHANGE, 0.0, 0.5, key="change")
    moved = with_one_number_moved(vectors, row, number, amount)
    st.image(picture_of(study, moved), width=280, alt=CLASS)
    limit = MAX_CHANGE * float(vectors[:, number].std()) + abs(float(vectors[row, number]))
    chart(charts.number_bars(moved[0], number, limit, texts.labels["bar"]), "lesson_class_numbers", texts.title)
    st.caption(texts.labels["number"].format(number=number + 1, class_name=CLASS))
    figures = {"classes": f"{len(study.classes):,}", "class_dim": vectors.shape[1], "class_name": CLASS}
    return StepResult(GENERATE, {"tab": "Steer", "start": "A mix of classes", "mix": [CLASS]}, figures)


def pairs(study: Study, texts: StepTexts) -> StepResult:
    """Step 3: some sentences of a class, and its picture."""
    names = sorted(study.classes.labels, key=str.casefold)
    name = bound(st.selectbox, texts.labels["control"], names, index=names.index(CLASS), key="pairs_of")
    row = study.classes.labels.index(name)
    about_it = study.membership[:, [row]].toarray()[:, 0]
    shared = (study.membership[about_it].sum(axis=1) > 1).sum()
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        st.caption(texts.labels["sentences"].format(count=f"{about_it.sum():,}", shared=f"{shared:,}"))
        st.html(html.quotes(study.seeds.examples(study.classes.indices[row], SHOWN_SENTENCES)))
    with right:
        st.caption(texts.labels["picture"])
        st.image(picture_of(study, study.class_vectors[[row]]), width=220, alt=name)
    return StepResult(SEED_PAIRS, {"class": name}, {"seeds": f"{len(study.seeds):,}"})
