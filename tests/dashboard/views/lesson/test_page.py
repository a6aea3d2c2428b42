"""The page Lesson."""

import re
from string import Formatter
from urllib.parse import parse_qs

import pytest

from dashboard.views.lesson.texts.english import TEXTS
from dashboard.views.lesson.worksheet import worksheet

STEPS = range(1, len(TEXTS.steps) + 1)
FIGURES = dict.fromkeys(
    ("classes", "seeds", "text_dim", "class_dim", "class_name", "chance", "unicorn", "counted", "count_sentence"), "7"
)


def said(app):
    return " ".join(element.value for element in app.markdown)


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_a_text_a_question_and_a_way_on(visit, step):
    app = visit("lesson", step=str(step))
    assert not app.error
    assert app.subheader[0].value == f"{step} · {TEXTS.steps[step - 1].title}"
    assert "{" not in said(app) and TEXTS.question in said(app)
    way_on = next(link.proto for link in app.get("page_link") if link.proto.label == TEXTS.steps[step - 1].explore)
    shared = [name for name in parse_qs(way_on.query_string) if name in app.session_state]
    assert not shared, "a value that the lesson's widget holds would hide the link's"


@pytest.mark.parametrize("texts", TEXTS.steps, ids=lambda texts: texts.title)
def test_a_step_has_three_sentences(texts):
    assert len(re.findall(r"[.?!](?= [A-Z{]|$)", texts.text)) == 3


def test_the_lesson_uses_the_bundled_study_with_seeds_of_ones_own(visit, study, few_seeds):
    app = visit("lesson", step="3", seeds=few_seeds)
    assert f"{len(study.seeds):,} **seed sentences**" in said(app)
    assert TEXTS.always_bundled in [caption.value for caption in app.caption]


def test_next_and_back_change_the_step(visit):
    app = visit("lesson")
    assert app.button(key="step_back").disabled
    app.button(key="step_forward").click().run()
    assert app.subheader[0].value.startswith("2 ·")
    app.button(key="step_back").click().run()
    assert app.subheader[0].value.startswith("1 ·")


def test_more_seeds_change_what_is_said(visit):
    app = visit("lesson", step="5")
    few = said(app)
    assert "After 5 sentences about 5 classes" in few
    slider = app.select_slider(key="amount")
    slider.set_value(slider.options[-1]).run()
    assert not app.error and "After 5 sentences" not in said(app)


def test_a_sentence_that_cannot_be_read_is_refused_in_place(visit):
    app = visit("lesson", step="1", second="🙂")
    assert len(app.error) == 1 and app.subheader[0].value.startswith("1 ·")


def test_the_worksheet_asks_every_question_and_answers_it_on_another_sheet():
    page = worksheet(TEXTS, FIGURES | {"unicorn": "<b>ox\\-cart</b>"})
    asked, answered = page.split('<div class="answers">')
    for number, step in enumerate(TEXTS.steps, start=1):
        assert f"<h2>{number}. {step.title}</h2>" in asked and f"<h2>{number}. " in answered
    assert "&lt;b&gt;ox-cart&lt;/b&gt;" in answered and "<b>" not in page
    assert "**" not in page and "<script" not in page and "http" not in page


def test_questions_and_answers_need_no_other_figures_than_the_worksheet_has():
    texts = [text for step in TEXTS.steps for text in (step.question, step.answer)]
    texts += [text for one in TEXTS.pupils_questions for text in (one.question, one.answer)]
    named = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    assert named <= set(FIGURES)
    assert len(TEXTS.pupils_questions) == 10
