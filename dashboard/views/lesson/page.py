"""Lesson: nine steps, each with a picture, one control, a question and its answer."""

from __future__ import annotations

from functools import partial

import streamlit as st

from alignment.mappings import DEFAULT_MAPPING
from alignment.study import Study
from dashboard.components.markdown import plain
from dashboard.components.save_button import save_button
from dashboard.pages import CLASSES, GLOSSARY, LESSON
from dashboard.state import cached_results, page_links, prepared_study, sidebar
from dashboard.state.query_params import bound
from dashboard.views.lesson import learning, pupils_questions, two_spaces, where_it_fails
from dashboard.views.lesson.step import StepFunction
from dashboard.views.lesson.step_texts import STEPS
from dashboard.views.lesson.worksheet import ANSWERS_TITLE, TITLE, worksheet, worksheet_with_answers

STEP_FUNCTIONS: tuple[StepFunction, ...] = (
    two_spaces.sentence_to_numbers,
    two_spaces.numbers_to_picture,
    two_spaces.pairs,
    learning.linear,
    learning.learning_from_ever_more,
    learning.bending,
    learning.held_out_guess,
    where_it_fails.between_sentences,
    where_it_fails.failures,
)
COUNTED = "Seven lemons"
UNICORN = "A unicorn"


def main() -> None:
    st.title(LESSON.heading)
    st.caption("From a sentence to a picture in nine steps: one class period, no formula needed.")
    lesson()


@st.fragment
def lesson() -> None:
    """Show the page below the title, as a fragment."""
    study = prepared_study.bundled()
    if not sidebar.is_bundled():
        st.caption(
            "The lesson always uses the bundled models and the project's own seed sentences, whatever the sidebar says."
        )
    number = navigation()
    show_step(study, number)
    st.divider()
    figures = general_figures(study)
    questions(figures)
    with st.container(horizontal=True):
        for title, file, name in (
            (TITLE, worksheet, "worksheet.html"),
            (ANSWERS_TITLE, worksheet_with_answers, "worksheet_with_answers.html"),
        ):
            save_button(title, partial(file, figures), name, "text/html", icon=":material/print:")


def navigation() -> int:
    """Controls of the step: chosen directly, or previous and next by buttons and arrow keys; its number."""
    count = len(STEP_FUNCTIONS)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = bound(st.segmented_control, "Step", range(1, count + 1), default=1, required=True, key="step")
        with st.container(horizontal=True, width="content"):  # side by side even in a narrow window
            st.button(
                "Back",
                icon=":material/arrow_back:",
                shortcut="Left",
                disabled=number == 1,
                key="step_back",
                on_click=_go_to_step,
                args=(number - 1,),
            )
            st.button(
                "Next",
                icon=":material/arrow_forward:",
                shortcut="Right",
                disabled=number == count,
                key="step_forward",
                on_click=_go_to_step,
                args=(number + 1,),
            )
    return number


def _go_to_step(number: int) -> None:
    st.session_state["step"] = number


def show_step(study: Study, number: int) -> None:
    """Show the text, picture, question and onward link of one step."""
    texts = STEPS[number - 1]
    st.header(f"{number} · {texts.title}")
    left, right = st.columns([2, 3], gap="large")
    with right:
        shown = STEP_FUNCTIONS[number - 1](study, texts)
    with left:
        st.markdown(texts.text.format_map(shown.figures))
        with st.container(border=True):
            st.markdown(f"**Question.** {texts.question.format_map(shown.figures)}")
            with st.expander("Show the answer", key=f"answer_{number}"):
                st.markdown(texts.answer.format_map(shown.figures))
        page_links.show(shown.page, texts.explore, shown.link, icon=":material/travel_explore:")


def general_figures(study: Study) -> dict[str, str]:
    """Values of the placeholders in the pupils' questions and the worksheet."""
    unicorn, counted = (
        cached_results.nearest(study, DEFAULT_MAPPING, sentence, 1).loc[0, "name"] for sentence in (UNICORN, COUNTED)
    )
    return {
        "classes": f"{len(study.classes):,}",
        "seeds": f"{len(study.seeds):,}",
        "text_dim": str(study.encoder.dim),
        "class_dim": str(study.class_vectors.shape[1]),
        "class_name": two_spaces.CLASS,
        "chance": f"{100 * learning.NEAREST / len(study.classes):.0f}",
        "unicorn": plain(unicorn),
        "counted": plain(counted),
        "count_sentence": COUNTED,
    }


def questions(figures: dict[str, str]) -> None:
    """Show the pupils' questions, each with its answer in an expander."""
    st.markdown(f"## {pupils_questions.HEADING}")
    for number, asked in enumerate(pupils_questions.QUESTIONS):
        with st.expander(asked.question.format_map(figures), key=f"pupils_{number}"):
            st.markdown(asked.answer.format_map(figures))
    for page in (CLASSES, GLOSSARY):
        page_links.show(page, page.heading)


main()
