"""What the default study says of the confidence in real sentences, and of terms and spellings in them."""

from types import SimpleNamespace

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SeedDictionary
from alignment.evaluation.reliability import calibration_figures
from alignment.mappings import DEFAULT_MAPPING
from alignment.study.confidence.confidence import in_words
from alignment.study.confidence.dictionary_terms import DictionaryTerms
from alignment.text.readable_sentences import MAX_PROMPT_CHARACTERS


def test_a_class_named_in_passing_is_no_confident_answer(study):
    """Taken for a tabby cat and a baseball player with 0.94 and 0.95 before calibrations knew near misses."""
    found = study.confidence.of(["A cat burglar", "a crowd of people", "the Eiffel Tower", "a zebra"])["confidence"]
    assert (found[:3] < 0.7).all() and found[3] > 0.9, found.tolist()


def test_company_of_a_thing_that_no_class_is_makes_no_confident_answer(study):
    """Taken for a park bench and a washing machine with 0.85 and 0.92 before the weight of a name was evidence."""
    found = study.confidence.of(["a ghost sitting on a park bench", "my grandmother next to a washing machine"])
    alone = study.confidence.of(["an empty park bench", "a new washing machine"])
    assert (found["confidence"] < 0.8).all() and (alone["confidence"] > 0.9).all(), (found, alone)


def test_a_name_weighs_what_it_says_of_the_subject(study):
    sentences = ["A dog lies near the bookshelves", "On the sofa next to a lamp sleeps a cat", "The stock market fell"]
    names = [[range(2, 5)], [range(35, 38)], []]
    weights = study.confidence._evidence._weights_of_names(sentences, names)
    assert (weights[:2, 0] > weights[:2, 1]).all() and (weights[:2].sum(axis=1) <= 1 + 1e-6).all()
    assert_allclose(weights[2], 0)


def test_confidence_of_real_sentences(study):
    found = study.confidence.of(["I have a cat", "The stock market fell", "I saw an elefant"]).set_index("prompt")
    assert found.loc["I have a cat", "confidence"] > 0.7
    assert found.loc["I have a cat", "confidence_text"] == f"confidence {found.loc['I have a cat', 'confidence']:.2f}"
    assert found.loc["The stock market fell", "confidence"] < 0.1
    assert found.loc["The stock market fell", "confidence_text"].endswith(", most likely nothing that can be drawn")
    assert found.loc["The stock market fell", "answers"][0] == ""
    assert (found["language"] == "").all()
    assert study.confidence.terms.did_you_mean("I saw an elefant") == "I saw an elephant"
    assert study.confidence.terms.did_you_mean("I have a cat") == ""
    assert study.confidence.terms.did_you_mean("Don't wake the kittens") == ""


def test_of_equally_similar_spellings_the_most_likely_is_taken(study):
    """Each has two dictionary words at one edit: paint, hamper and cart too."""
    meant = study.confidence.terms.did_you_mean
    assert meant("The paino is out of tune") == "The piano is out of tune"
    assert meant("A hamer and some boards") == "A hammer and some boards"
    assert meant("I have a catt and a goldfsh") == "I have a cat and a goldfish"


def test_known_english_words_are_not_taken_for_misspelt_ones(study):
    """Each was offered as a dictionary word: monkeys, wig, french, gorilla."""
    english = ("Wild donkeys trotting along a dusty road", "Frost covers every twig of the birch", "Monkey wrench")
    for sentence in (*english, "a tortilla next to a burrito"):
        assert study.confidence.terms.did_you_mean(sentence) == "", sentence


def test_half_of_a_sentence_is_not_replaced_unless_by_one_name(study):
    meant = study.confidence.terms.did_you_mean
    assert meant("Mein Hund bellt") == meant("lemmon tigar") == ""
    assert meant("a goldan retreiver") == "a golden retriever" and meant("tigar") == "tiger"
    assert meant("a elefant and the tigar by the river") == "an elephant and the tiger by the river"


def test_another_spelling_is_offered_for_a_doubtful_answer_or_a_surer_other_one(study):
    prompts = ["I have a catt", "Teh teapott broke", "A chiuaua shivering in the cold", "My golfish died last week"]
    found = study.confidence.of(prompts)
    assert found["name"].tolist() == ["tabby cat", "teapot", "chimpanzee", "golf ball"]
    assert found["low"].tolist() == [True, False, True, True]
    meant = ["I have a cat", "", "A chihuahua shivering in the cold", "My goldfish died last week"]
    assert found["corrected"].tolist() == meant


@pytest.mark.parametrize("name", ["Mia", "Les", "Elle", "O look,"])
def test_an_english_sentence_that_begins_with_a_word_of_another_language_is_corrected(study, name):
    corrected = study.confidence.terms.did_you_mean(f"{name} fed the elefant")
    assert corrected == f"{name} fed the elephant"


def test_a_spelling_that_is_too_long_to_read_is_not_offered(study):
    misspelt = "I see a lemn"
    assert len(study.confidence.terms.did_you_mean(misspelt)) > len(misspelt)
    prompt = (misspelt + " and it is very nice" * 200)[: MAX_PROMPT_CHARACTERS - 1] + "."
    assert len(prompt) == MAX_PROMPT_CHARACTERS
    assert study.confidence.of([prompt])["corrected"].tolist() == [""]


def test_a_relative_of_what_is_named_is_no_confident_answer(study):
    """Neither has a class here; both were once taken for their nearest relative, throne and great white shark."""
    assert "tiger shark" not in study.classes.names
    found = study.confidence.of(["the king's crown", "a photo of a tiger shark", "a photo of a great white shark"])
    assert (found["confidence"][:2] < 0.8).all() and found["confidence"][2] > 0.9


def test_terms_within_the_name_of_a_class_that_the_space_lacks_name_nothing(study):
    terms = study.confidence.terms
    assert terms.names_missing_class("A tiger shark!") and not terms.names_in("A tiger shark!")
    assert not terms.names_missing_class("a tiger and a shark")
    assert study.classes.row("tiger") in terms.names_in("a tiger and a tiger shark")
    assert not terms.names_missing_class("a cat"), "which also names cats that the space has"
    assert terms.names_in("a potter’s wheel") == terms.names_in("a potter's wheel")  # noqa: RUF001
    assert terms.known_share("The king's crown") == 1.0


def test_terms_of_ones_own_seeds_are_found_whatever_apostrophe_they_have(study):
    row = ("A carpenter’s plane.", (study.classes.indices[0],), "own", "carpenter’s plane", "")  # noqa: RUF001
    seeds = SeedDictionary(pd.DataFrame([row], columns=DICTIONARY_COLUMNS))
    terms = DictionaryTerms(SimpleNamespace(seeds=seeds, classes=study.classes))
    for prompt in ("My carpenter's plane is here", "My Carpenter’s plane is here"):  # noqa: RUF001
        assert terms.names_in(prompt).keys() == {0}


def test_a_plural_names_what_its_singular_names(study):
    """ "Two dogs" had a confidence of 0.10, as the dictionary had no sentence with that plural."""
    terms = study.confidence.terms
    for plural, one in (("two dogs", "dog"), ("grand pianos", "grand piano"), ("geese", "goose"), ("Wolves!", "wolf")):
        assert terms.names_in(plural).keys() == terms.names_in(one).keys() != set(), plural
    assert terms.names_missing_class("tiger sharks") and not terms.names_in("tiger sharks")
    found = study.confidence.of(["two dogs", "penguins", "violins"])
    assert (found["confidence"] > 0.6).all(), found


def test_what_is_most_likely_is_said_by_whether_a_class_is_named(study):
    found = study.confidence.of(["a cat on a bike", "a cat and a dog", "The stock market fell"])
    assert found["named"].tolist() == [True, True, False]
    ends = [text.partition(", ")[2] for text in found["confidence_text"]]
    assert ends == ["most likely about more than can be drawn"] * 2 + ["most likely nothing that can be drawn"]


def test_a_doubtful_answer_has_others_in_its_words():
    row = {"confidence": 0.4, "nothing": 0.2, "name": "tabby cat", "answers": ("tabby cat", "lynx", ""), "named": True}
    found = SimpleNamespace(**row, language="", not_read=[])
    assert in_words(found) == "confidence 0.40, could also be lynx or nothing that can be drawn"


def test_no_english_spelling_is_offered_for_another_language_even_one_that_is_read(study, monkeypatch):
    prompts = ["Mein Hund bellt", "Ein elefant im Zoo"]
    assert study.confidence.of(prompts)["corrected"].tolist() == ["", ""]
    monkeypatch.setitem(vars(study.encoder), "languages", frozenset({"en", "de"}))
    found = study.confidence.of(prompts)
    assert found["language"].tolist() == found["corrected"].tolist() == ["", ""]


def test_a_sentence_in_another_language_is_said_wherever_its_class_is_named(study):
    found = study.confidence.of(["Une photo d'un chien"]).iloc[0]
    assert found["language"] == "French" and found["confidence_text"].endswith("; this looks like French, not English")
    assert found["corrected"] == ""
    prompts = ["Une photo d'un chien", "a photo of a dog", "我有一只猫"]  # the last is refused
    (notice,) = study.prompt_reader.notices(prompts)
    said = '"Une photo d\'un chien" looks like French, which the text encoder was not trained on, so that the answer '
    assert notice.startswith(said) and notice.endswith(
        "is sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2."
    )


def test_what_of_a_sentence_is_not_read_is_said_wherever_its_class_is_named(study):
    found = study.confidence.of(["🚗 on the road", "a road"])
    assert found["not_read"].tolist() == [["🚗"], []]
    assert found["confidence_text"].str.endswith("; '🚗' is not read").tolist() == [True, False]
    assert study.prompt_reader.notices(["a road", "🚗 and 🚀 on the road", "🚗"]) == [  # the last is refused
        "'🚗', '🚀' are not read in '🚗 and 🚀 on the road', because the text encoder does not know them."
    ]


def test_nothing_is_said_of_languages_that_the_encoder_was_trained_on(study, monkeypatch):
    monkeypatch.setitem(vars(study.encoder), "languages", frozenset({"en", "fr"}))
    assert study.confidence.of(["Une photo d'un chien"])["language"].tolist() == [""]
    assert study.prompt_reader.notices(["Une photo d'un chien"]) == []
    assert study.prompt_reader.unread_language("Das ist ein Hund").name == "German"


def test_confidence_of_the_default_study_is_calibrated(study):
    figures = calibration_figures(study.confidence.calibration().sentences)
    assert figures["ece"] <= 0.05
    assert figures["auroc"] >= 0.93
    assert 0.88 <= figures["coverage"] <= 0.92
    assert figures["median_size"] <= 3


def test_another_mapping_has_a_calibration_of_its_own(study):
    ridge, default = study.confidence.calibration("ridge"), study.confidence.calibration()
    assert ridge.sentences["right"].mean() < default.sentences["right"].mean()
    assert calibration_figures(ridge.sentences)["ece"] <= 0.06


def test_a_random_space_is_found_by_seeds_but_not_by_alignment(study):
    chance = 10 / len(study.classes)
    aligned = study.evaluations.evaluate(DEFAULT_MAPPING).summary()
    assert study.evaluations.random_space_result().summary()["p_at_10"] < 3 * chance < aligned["p_at_10"]
    by_chance = study.evaluations.random_space_prompts().loc["all", "hit_at_1"]
    assert by_chance > 0.7  # so that this figure says little of alignment
