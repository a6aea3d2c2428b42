"""The seed dictionary: terms found in prompts, classes of sentences, and sentences counted by class."""

import pandas as pd
import pytest

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SEED_KINDS, SeedDictionary

ROWS = [
    ("A tabby.", (281,), "synonym", "tabby", "{a}."),
    ("A tabby cat.", (281,), "label", "tabby cat", "{a}."),
    ("A cat.", (281, 282), "hypernym", "cat", "{a}."),
    ("A lemon on a plate.", (951,), "template", "lemon", "{a} on a plate."),
    ("Yellow and sour.", (951,), "description", "", "Yellow and sour."),
]


@pytest.fixture
def seeds():
    return SeedDictionary(pd.DataFrame(ROWS, columns=DICTIONARY_COLUMNS))


@pytest.mark.parametrize(
    "prompt, term",
    [
        ("My Tabby Cat sleeps", "Tabby Cat"),  # and not the tabby alone
        ("here sleeps a tabby cat", "tabby cat"),
        ("a cat and a lemon", "cat"),
        ("lemon", "lemon"),
        ("tabby-cats", ""),
        ("nothing of these", ""),
    ],
)
def test_the_longest_term_of_a_prompt_is_found_wherever_it_stands(seeds, prompt, term):
    assert seeds.named_term(prompt) == term


def test_classes_of_a_sentence_are_found_in_any_case(seeds):
    assert seeds.classes_of("A CAT.") == (281, 282) and seeds.classes_of("A dog.") == ()


def test_sentences_are_counted_by_class_and_kind_in_the_order_of_the_space(seeds):
    counts = seeds.counts(ClassTable([951, 207, 281]))
    assert counts.index.tolist() == [951, 207, 281] and counts.columns.tolist() == [*SEED_KINDS, "total"]
    assert counts["total"].tolist() == [2, 0, 3] and counts["hypernym"].tolist() == [0, 0, 1]
    assert not counts["own"].any() and {dtype.kind for dtype in counts.dtypes} == {"i"}


def test_classes_are_written_by_the_key_that_is_given(seeds):
    lines = seeds.to_csv(lambda index: f"class {index}").splitlines()
    assert lines[3] == "A cat.,class 281|class 282,hypernym,cat,{a}."


def test_of_a_smaller_space_only_its_classes_are_named(seeds):
    here = seeds.restricted(ClassTable([282, 951]))
    assert here.sentences == ["A cat.", "A lemon on a plate.", "Yellow and sour."]
    assert here.classes_of("A cat.") == (282,)


def test_examples_of_a_class_are_of_as_many_kinds_as_there_are():
    rows = [("a", "everyday"), ("b", "everyday"), ("c", "caption"), ("d", "everyday"), ("e", "synonym")]
    frame = pd.DataFrame({"sentence": ["other"], "kind": ["everyday"], "classes": [(7,)]})
    named = pd.DataFrame(rows, columns=["sentence", "kind"]).assign(classes=[(3, 7), (3,), (3,), (3,), (3,)])
    seeds = SeedDictionary(pd.concat([frame, named]).reindex(columns=DICTIONARY_COLUMNS))
    assert seeds.examples(3, 4) == ["a", "c", "e", "b"]
    assert seeds.examples(7, 4) == ["other", "a"] and seeds.examples(8, 4) == []


def test_no_run_of_words_is_looked_up_that_is_longer_than_any_term(seeds):
    class Terms(set):
        asked = 0

        def __contains__(self, text):
            self.asked += 1
            return super().__contains__(text)

    seeds._casefolded_terms = Terms(["cat", "tabby cat"])
    assert seeds.named_term("a " * 500) == "" and seeds._casefolded_terms.asked == 500 + 499
