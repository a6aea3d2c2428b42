"""What a study says of the prompts it is asked about."""

import pytest

from alignment.dictionary.prompts import EXAMPLES
from alignment.errors import InputError
from alignment.study import Study
from alignment.study.prompt_reader import PromptReader
from alignment.text.readable_sentences import check_prompts


@pytest.mark.parametrize(
    "ask",
    [Study.encode, Study.map, Study.nearest, Study.generate, lambda study, prompts: study.confidence.of(prompts)],
    ids=["encode", "map", "nearest", "generate", "confidence"],
)
@pytest.mark.parametrize(
    ("prompts", "said"), [([], "There are no prompts; give at least one"), ("I have a cat", "Prompts are a list")]
)
def test_what_is_no_list_of_prompts_is_refused_by_every_question(study, ask, prompts, said):
    with pytest.raises(InputError, match=said):
        ask(study, prompts)


@pytest.mark.parametrize(
    ("prompts", "said"),
    [
        ((prompt for prompt in ["a cat"]), "Prompts are a list of sentences"),
        (["a cat", None], "Prompt 2 of 2 is None, and no sentence"),
        ([float("nan")], "Prompt 1 of 1 is nan"),
    ],
)
def test_what_is_no_sentence_is_named(prompts, said):
    with pytest.raises(InputError, match=said):
        check_prompts(prompts)


def test_names_of_classes_are_looked_for_only_where_nothing_else_can_be_read(study, monkeypatch):
    def reader():
        return PromptReader(study.encoder, study.classes, study.seed_reader)

    assert reader().check("a 7 up can") == "a 7 up can"
    monkeypatch.setattr(PromptReader, "_class_name", property(lambda self: pytest.fail("seconds for 20,000 names")))
    assert reader().check("a lemon") == "a lemon"


def test_why_a_prompt_is_refused_is_told_without_an_error(study):
    assert study.prompt_reader.fault("a cat") == ""
    with pytest.raises(InputError) as refused:
        study.prompt_reader.check("🙂")
    assert study.prompt_reader.fault("🙂") == str(refused.value)


def test_what_is_said_of_a_first_pages_sentence_waits_for_no_tokenizer():
    reader = PromptReader(None, None, None)  # any use of the encoder would fail
    assert reader.unread_parts([f" {EXAMPLES[0]} "]) == [[]] and reader.notices(EXAMPLES[:2]) == []
    assert reader.check(f" {EXAMPLES[0]} ") == EXAMPLES[0] and reader.unread_language(EXAMPLES[0]) is None
