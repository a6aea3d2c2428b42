import re

import pytest

from alignment.errors import InputError
from alignment.text.readable_sentences import read_sentences


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("a" * 100_000, "100,000 characters; the limit is 2,000"),
        ("a cat\x07", "control character U\\+0007"),
        ("\x00", "control character U\\+0000"),
        ("\ud800", "U\\+D800"),
        ("a caf\udce9", r"^The sentence is not in UTF-8; write it in that encoding\.$"),
        ("🐱", "knows none of the words"),
        ("Я вижу кошку", "knows none"),
        ("我有一只猫", "knows none"),
        ("?!", "knows none"),
        ("I", "'I' names nothing to draw"),
        ("x y", "names nothing to draw"),
    ],
)
def test_a_prompt_it_cannot_read_is_one_sentence(encoder, prompt, message):
    with pytest.raises(InputError, match=message) as caught:
        encoder.check_prompt(prompt)
    assert len(str(caught.value)) < 250
    assert not re.search("prompt|picture", str(caught.value)), "pages and commands that draw nothing say it too"


def test_which_sentences_are_read_and_which_are_cut(encoder):
    sentences = ["A cat", "🐠", "猫が好き", "我有", "Zug", "cat " * 600, "!!!"]
    readable, cut = encoder.read_sentences(sentences)
    assert readable.tolist() == [True, False, False, True, True, True, False]
    assert cut.tolist() == [False] * 5 + [True, False]
    assert encoder.read_sentences([])[0].shape == (0,)


def test_a_sentence_that_just_fits_is_not_cut(encoder):
    words = encoder._longest - 2  # beside [CLS] and [SEP]
    assert encoder.read_sentences(["cat " * words, "cat " * (words + 1)])[1].tolist() == [False, True]


def test_the_term_of_a_sentence_decides_not_the_words_around_it(encoder):
    terms = ["🐱", "🐱 one", "🐶 one", "🐱 two", "5", "cat", "卡车", "", ""]
    sentences = [f"I see a {term}" for term in terms[:-1]] + ["🐱"]
    known = [False, False, False, True, True, True, False, True, False]
    assert encoder.read_sentences(sentences, terms)[0].tolist() == known
    assert encoder.read_sentences(sentences, [""] * len(terms))[0].tolist() == [True] * 8 + [False]


def test_the_parts_that_are_not_read(encoder):
    sentences = ["🚗 on the road", "a photo of a 猫", "a cat🐱 and a 猫鮨, a 猫鮨", "👨\u200d👩\u200d👧 at home"]
    assert encoder.unread_parts(sentences) == [["🚗"], ["猫"], ["cat🐱", "猫鮨"], ["👨\u200d👩\u200d👧"]]
    assert encoder.unread_parts([]) == []
    newer = "\U0001fabf"  # a goose of Unicode 15, which Python 3.11 does not know
    assert encoder.unread_parts([f"a {newer} in the field"]) == [[newer]]


@pytest.mark.parametrize(
    "sentence",
    [
        "“A cat” — ‘dog’ … „Hund“ «chat» ‹x› ¡hola! (it's)",  # noqa: RUF001
        "naïve café Łódź smørrebrød straße Ångström œuvre",
        "3 × 4 ÷ 2 ± 5° © ® ™ € £ ½ ² → ★ ♥",  # noqa: RUF001
        "a cat\u200b and\u00a0a\tdog; e\u0301te\u0301 ¯\\_/¯",
    ],
)
def test_no_false_alarm_of_what_is_not_read(encoder, sentence):
    assert encoder.unread_parts([sentence]) == [[]]


def test_an_encoder_that_knows_the_characters_reads_chinese():
    from transformers import BertTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"我有一只猫"]
    tokenizer = BertTokenizerFast(vocab={word: place for place, word in enumerate(words)})
    readable, _ = read_sentences(tokenizer, ["我有一只猫", "我有一只狗狗", "猫"])
    assert readable.tolist() == [True, False, True]


@pytest.mark.parametrize(
    "prompt", ["  I have a cat ", "<b>a cat</b>", "my cat 🐱", "naïve café\nwith a dog", "two cats, 3 dogs"]
)
def test_a_prompt_it_can_read(encoder, prompt):
    assert encoder.check_prompt(prompt) == prompt.strip()


def test_the_name_of_a_class_can_be_read_where_its_pieces_are_known(encoder):
    assert encoder.check_prompt(" 7 ", lambda: ["7"]) == "7"
    assert encoder.check_prompt("a 7", lambda: ["a", "7"]) == "a 7"
    for prompt, names in (("7", []), ("🐱", ["🐱"])):
        with pytest.raises(InputError, match="knows none of the words"):
            encoder.check_prompt(prompt, lambda names=names: names)


def test_names_that_become_the_same_tokens_are_read_alike(encoder):
    names = ["China", "dog", "china", "résumé", "oak", "resume", "🐶", "dogs"]
    assert encoder.read_alike(names).tolist() == [True, False, True, True, False, True, False, False]
