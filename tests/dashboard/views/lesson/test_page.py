"""The page Lesson."""

import re
from string import Formatter
from urllib.parse import parse_qs

import pytest

from alignment.dictionary.prompts import EXAMPLES
from alignment.evaluation.baselines import MEAN_VECTOR, SHUFFLED
from alignment.evaluation.point_diagnosis import diagnose
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.study.lesson import FEW_SEEDS_MAPPING
from alignment.text.readable_sentences import MAX_PROMPT_CHARACTERS
from dashboard.state.sentence_box import TYPED_CHARACTERS
from dashboard.views.lesson.pupils_questions import QUESTIONS
from dashboard.views.lesson.step_texts import STEPS
from dashboard.views.lesson.where_it_fails import FAILURES
from dashboard.views.lesson.worksheet import ANSWERS_TITLE, TITLE, worksheet, worksheet_with_answers

FIGURES = dict.fromkeys(
    ("classes", "seeds", "text_dim", "class_dim", "class_name", "chance", "unicorn", "counted", "count_sentence"), "7"
)


def said(app):
    return " ".join(element.value for element in app.markdown)


def refusals(app):
    return [error.value.replace("\\", "") for error in app.error]


def picture_captions(app):
    return [caption for image in app.get("image") for caption in image.captions]


def test_the_question_about_the_chart_says_how_to_see_it_and_names_its_bars():
    texts = STEPS[6]
    assert texts.question.startswith("Guess, then show what was measured.")
    assert all(f"*{name}*" in texts.question for name in (SHUFFLED, MEAN_VECTOR))
    assert "finds none, fewer than blind picking" in texts.answer


def test_step_7_tells_shuffled_pairs_from_the_random_space_of_the_page_it_leads_to(study):
    texts = STEPS[6]
    assert "ridge that has learned from *shuffled pairs*" in texts.answer and "*random space*" in texts.answer
    assert "shuffled pairs is ridge too" in texts.labels["caption"]
    found = study.evaluations.compare([DEFAULT_MAPPING])[SHUFFLED].summary()["p_at_10"]
    assert found == pytest.approx(10 / len(study.classes), abs=0.01), "about as well as blind picking"


def measured(study, step):
    """What a step says of the study, "" where it is no figure of a mapping."""
    if step == 4:
        point = study.map_vectors(study.encode([EXAMPLES[0]]), "ridge")
        length = diagnose(point, study.class_vectors, study.classes.labels)["norm"][0]
        return f"is {length:.0%} as far from the middle"
    if step == 6:
        found = study.evaluations.evaluate_prompts().loc["all"]
        return f"for {found['hit_at_1'] * found['prompts']:.0f} of {found['prompts']:.0f} test sentences"
    return f"blindly finds {1000 / len(study.classes):.0f} of 100" if step == 7 else ""


@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
def test_every_step_has_a_text_a_question_and_a_way_on(visit, study, step):
    app = visit("lesson", step=str(step))
    assert not app.error and measured(study, step) in said(app)
    assert app.header[0].value == f"{step} · {STEPS[step - 1].title}"
    assert "{" not in said(app) and "**Question.**" in said(app)
    assert link_of(app, step).get("snap", ["0.0"]) == ["0.0"], "as the step draws it"
    shared = [name for name in link_of(app, step) if name in app.session_state]
    assert not shared, "a value that the lesson's widget holds would hide the link's"


@pytest.mark.parametrize("texts", STEPS, ids=lambda texts: texts.title)
def test_a_step_has_three_sentences(texts):
    assert len(re.findall(r"[.?!](?= [A-Z{]|$)", texts.text)) == 3


def test_the_lesson_uses_the_bundled_study_with_seeds_of_ones_own(visit, study, few_seeds):
    app = visit("lesson", step="3", seeds=few_seeds)
    assert f"{len(study.seeds):,} **seed sentences**" in said(app)
    assert any("always uses the bundled models" in caption.value for caption in app.caption)


def test_sentences_of_a_class_that_are_about_others_too_are_counted(visit):
    captions = [caption.value for caption in visit("lesson", step="3", pairs_of="red fox").caption]
    assert any(re.match(r"64 sentences, 34 of them about other classes too", caption) for caption in captions)


def test_next_and_back_change_the_step(visit):
    app = visit("lesson")
    assert app.button(key="step_back").disabled
    app.button(key="step_forward").click().run()
    assert app.header[0].value.startswith("2 ·")
    app.button(key="step_back").click().run()
    assert app.header[0].value.startswith("1 ·")


def test_more_seeds_change_what_is_said(visit):
    app = visit("lesson", step="5")
    few = said(app)
    assert "After 5 sentences about 5 classes" in few
    assert MAPPINGS[FEW_SEEDS_MAPPING].label in few
    assert any("<b>similarity " in html.value for html in app.get("html"))
    slider = app.select_slider(key="amount")
    slider.set_value(slider.options[-1]).run()
    assert not app.error and "After 5 sentences" not in said(app)


def test_the_link_of_step_5_names_the_section_and_the_heading_that_it_leads_to(visit, few_seeds):
    link, texts = {name: values[0] for name, values in link_of(visit("lesson", step="5"), 5).items()}, STEPS[4]
    assert texts.explore.startswith("Measure a learning curve") and link["section"] in texts.explore
    headings = [text.value for text in visit("mapping-error", seeds=few_seeds, **link).markdown]
    beginnings = [text.removeprefix("## ").split(":")[0] for text in headings if text.startswith("## ")]
    assert {"Layers and poolings", "Kinds of seeds", "Learning curve"} <= set(beginnings)


def link_of(app, step):
    """The parameters of a step's link to another page."""
    links = [link.proto for link in app.get("page_link") if link.proto.label == STEPS[step - 1].explore]
    return parse_qs(links[0].query_string)


def test_mappings_that_bend_open_on_one_and_the_link_keeps_the_choice(visit):
    app = visit("lesson", step="6")
    assert f"{MAPPINGS[DEFAULT_MAPPING].label} finds a right class" in said(app)
    assert link_of(app, 6)["against"][0] == MAPPINGS[DEFAULT_MAPPING].label
    app = visit("lesson", step="6", bend="Ridge")
    assert link_of(app, 6)["against"][0] == "Ridge" and link_of(app, 6)["snap"] == ["0.0"]


@pytest.mark.parametrize(("kind", "doubted"), [("unknown", True), ("counting", False)])
def test_where_it_fails_the_confidence_is_as_the_text_says(visit, kind, doubted):
    app = visit("lesson", step="9", failure=STEPS[8].labels[kind])
    assert not app.error and FAILURES[kind] in link_of(app, 9)["prompt"]
    assert ("most likely nothing that can be drawn" in said(app)) == doubted and "Confidence 0" in said(app)


def test_a_number_or_a_not_moves_the_confidence_down_or_up_and_not_the_thing_as_step_9_says(study):
    sentences = ["A dog", "Not a dog", "I have a cat", "I have no cat", "Cats", "Two cats", "Lemons", "Seven lemons"]
    found = study.confidence.of(sentences)
    assert (found["confidence"].diff()[1::2] > 0).tolist() == [False, True, True, False]
    group = study.classes.frame["group"].to_numpy()[found["class"]]
    assert (group[::2] == group[1::2]).all() and group[1] == "dog"
    assert "may move it down or up" in STEPS[8].text


def test_a_sentence_of_ones_own_counts_until_another_is_chosen(visit):
    app = visit("lesson", step="9", own_sentence=" The *old* lighthouse ")
    assert link_of(app, 9)["prompt"] == ["The *old* lighthouse"] and not app.error
    assert picture_captions(app) == ["“The \\*old\\* lighthouse”"]
    app.button_group(key="failure").set_value("counting").run()
    assert link_of(app, 9)["prompt"] == [FAILURES["counting"]] and app.text_input(key="own_sentence").value == ""


def test_a_sentence_of_ones_own_that_cannot_be_read_is_refused_in_place(visit):
    app = visit("lesson", step="9", own_sentence="🙂")
    (error,) = refusals(app)
    assert "knows none of the words" in error and not picture_captions(app)
    assert app.header[0].value.startswith("9 ·") and "**Question.**" in said(app)


def test_the_default_mapping_is_given_the_hidden_classes_as_step_7_says():
    assert MAPPINGS[DEFAULT_MAPPING].knows_candidates and "given the numbers" in STEPS[6].labels["caption"]


def test_both_sentences_can_be_typed_and_go_along(visit):
    app = visit("lesson", step="1", first="A bird", second="A bird")
    assert app.metric[0].value == "1.00" and link_of(app, 1)["pins"] == ["A bird"]


@pytest.mark.parametrize(("sentence", "said_of_it"), [("🙂", "knows none of the words"), ("", "The sentence is empty")])
def test_a_sentence_that_cannot_be_read_is_refused_in_place(visit, sentence, said_of_it):
    app = visit("lesson", step="1", second=sentence)
    (error,) = refusals(app)
    assert error.startswith("Second sentence: ") and said_of_it in error
    assert app.header[0].value.startswith("1 ·")


@pytest.mark.parametrize(("step", "box"), [("1", "first"), ("1", "second"), ("9", "own_sentence")])
def test_a_sentence_that_is_too_long_is_refused_not_dropped(visit, step, box):
    app = visit("lesson", step=step, **{box: "a" * TYPED_CHARACTERS})
    assert f"{TYPED_CHARACTERS:,} characters; the limit is {MAX_PROMPT_CHARACTERS:,}" in refusals(app)[0]
    assert not app.warning and len(app.text_input(key=box).value) == TYPED_CHARACTERS


def test_the_worksheet_asks_every_question_with_where_to_look_and_answers_none():
    asked, answered = worksheet(FIGURES), worksheet_with_answers(FIGURES)
    for number, step in enumerate(STEPS, start=1):
        for sheet in (asked, answered):
            assert f"<h2>{number}. {step.title}</h2><p>In step {number} of the lesson, " in sheet
        answer = step.answer.split(".")[0].split("*")[0].format_map(FIGURES)
        assert answer in answered and answer not in asked
    assert not any(each.question.format_map(FIGURES) in asked for each in QUESTIONS)
    assert re.search('Name: <div class="line"></div> Date: <div class="line"></div>', asked)


def test_a_worksheet_is_a_file_of_its_own_and_shows_names_as_they_are():
    sheet = worksheet_with_answers(FIGURES | {"unicorn": "<b>ox\\-cart</b>"})
    assert "&lt;b&gt;ox-cart&lt;/b&gt;" in sheet and "<b>" not in sheet
    assert "**" not in sheet and "<script" not in sheet and "http" not in sheet


def test_pupils_and_teacher_get_a_file_each(visit):
    buttons = [button.proto.label for button in visit("lesson").get("download_button")]
    assert buttons == [TITLE, ANSWERS_TITLE]


def test_questions_and_answers_need_no_other_figures_than_the_worksheet_has():
    texts = [text for step in STEPS for text in (step.look, step.question, step.answer)]
    texts += [text for each in QUESTIONS for text in (each.question, each.answer)]
    named = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    assert named <= set(FIGURES)
    assert len(QUESTIONS) == 10
