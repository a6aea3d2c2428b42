"""Misspelt words and the words of the dictionary that they may have been meant as."""

import pandas as pd

from alignment.dictionary.classes import imagenet_classes
from alignment.dictionary.spelling import SPELLED_WORD, corrected, spellable_words
from alignment.evaluation.calibration import DATA


def test_most_development_typos_are_corrected():
    table = imagenet_classes()
    names = [*table["name"], *(name for column in ("synonyms", "everyday") for row in table[column] for name in row)]
    words, hits = spellable_words(names), 0
    typos = pd.read_csv(DATA / "typos.csv")
    for row in typos.itertuples():
        wrong = [word for word in SPELLED_WORD.findall(row.prompt) if word not in SPELLED_WORD.findall(row.correct)]
        hits += corrected(row.prompt, wrong, words).casefold() == row.correct.casefold()
    assert hits / len(typos) > 0.8


def test_short_words_known_words_and_words_like_no_other_stay():
    assert corrected("an oul", ["oul"], {"owls", "hoop"}) == ""
    assert corrected("a collie", ["collie"], {"collie"}) == ""
    assert corrected("xqzzzw", ["xqzzzw"], {"collie"}) == ""


def test_words_of_four_letters_and_three_of_four_equal_letters_are_enough():
    assert corrected("my catt", ["catt"], {"cat"}) == "my cat"
    assert corrected("a ct", ["ct"], {"cat"}) == corrected("a cot", ["cot"], {"coat"}) == ""
    assert corrected("a carr", ["carr"], {"cart"}) == "a cart"
    assert corrected("two melons", ["melons"], {"lemons"}) == ""  # two of six letters differ


def test_a_plural_of_a_word_stays():
    assert corrected("two kittens", ["kittens"], {"kitten"}) == ""


def test_capitals_and_the_rest_of_the_sentence_are_kept():
    assert corrected("Boreder  collie, my dog!", ["Boreder"], {"border"}) == "Border  collie, my dog!"


def test_an_article_before_a_replaced_word_fits_it():
    words = {"elephant", "horse", "lemon"}
    assert corrected("a elefant", ["elefant"], words) == "an elephant"
    assert corrected("A  Elefant and an hors", ["Elefant", "hors"], words) == "An  Elephant and a horse"
    assert corrected("an lemmon", ["lemmon"], words) == "a lemon"
    assert corrected("a owl and the lemmon", ["lemmon"], words) == "a owl and the lemon"  # not asked about
    assert corrected("Pia elefant", ["elefant"], words) == "Pia elephant"


def test_a_word_with_any_apostrophe_stays():
    for word in ("collie's", "collie\u2019s"):
        assert corrected(f"a {word} toy", [word], {"collies"}) == ""
