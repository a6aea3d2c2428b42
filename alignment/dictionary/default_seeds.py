"""Built-in seed sentences for ImageNet's classes: class words in templates, and descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import pandas as pd

from alignment.dictionary.classes import DATA, ClassTable
from alignment.dictionary.plurals import english
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SEED_KINDS, SeedDictionary

# Number of group-specific (None: all) and of general templates for a term of each kind.
TEMPLATES_PER_TERM = {"label": (None, 2), "synonym": (2, 0), "everyday": (4, 1), "hypernym": (12, 4)}


def default_seeds(classes: ClassTable) -> SeedDictionary:
    """Built-in seed dictionary for the classes of one space.

    Every class has its name, its synonyms and everyday words in sentences that fit its group, and eight descriptions of
    what it is and looks like. Words above the classes (cat, boat) come from ``hypernyms.csv``.
    """
    rows = [*_descriptions(classes), *_named(classes)]
    frame = pd.DataFrame(rows, columns=DICTIONARY_COLUMNS)
    order = frame["kind"].map(SEED_KINDS.index)  # a sentence under two kinds counts once, for the more specific one
    frame = frame.assign(order=order, key=frame["sentence"].str.casefold()).sort_values("order", kind="stable")
    return SeedDictionary(frame.drop_duplicates("key"))


def _descriptions(classes: ClassTable) -> Iterator[tuple]:
    further = pd.read_csv(DATA / "descriptions.csv").groupby("index")["description"].agg(list)
    for index, row in classes.frame.iterrows():
        for sentence in (row["description"], row["kind_of"], row["scene"], *further.get(index, ())):
            yield sentence, (int(index),), "description", "", sentence


def _named(classes: ClassTable) -> Iterator[tuple]:
    templates = pd.read_csv(DATA / "templates.csv").groupby("group", sort=False)["template"].agg(list)
    for number, (term, named, kind, group, grammar) in enumerate(class_terms(classes)):
        specific, general = TEMPLATES_PER_TERM[kind]
        chosen = rotated(templates[group], number, specific) + rotated(templates["any"], number, general)
        yield from sentences_of(Word(term, grammar), named, kind, chosen)


def sentences_of(word: Word, classes: tuple[int, ...], kind: str, templates: Sequence[str]) -> Iterator[tuple]:
    """Dictionary rows for a word alone, and in every template that it fits."""
    bare = word.fill("{a}.")
    yield bare, classes, kind, word.term, bare
    for template in templates:
        if sentence := word.fill(template):
            yield sentence, classes, "template" if kind == "label" else kind, word.shown_in(sentence), template


def rotated(templates: Sequence[str], start: int, count: int | None) -> list[str]:
    """Take ``count`` templates from number ``start``, cyclically, so that terms share the pool evenly."""
    count = len(templates) if count is None else min(count, len(templates))
    return [templates[(start + i) % len(templates)] for i in range(count)]


def class_terms(classes: ClassTable) -> Iterator[tuple[str, tuple[int, ...], str, str, str]]:
    """Yield (term, classes it names, kind, template group, grammatical number), each term of a kind once."""
    table = classes.frame
    for index, row in table.iterrows():
        yield row["name"], (int(index),), "label", row["group"], row["number"]
    above = pd.read_csv(DATA / "hypernyms.csv", keep_default_na=False)
    here = set(classes.indices)
    for row in above.itertuples():
        if named := tuple(i for i in map(int, row.classes.split("|")) if i in here):
            yield row.word, named, "hypernym", row.group, row.number
    taken = {name.casefold() for name in [*table["name"], *above["word"]]}
    for kind, column in (("synonym", "synonyms"), ("everyday", "everyday")):
        names = table[[column, "group", "number"]].explode(column).dropna(subset=[column])
        names = names[~names[column].str.casefold().isin(taken)]
        for term, rows in names.groupby(column, sort=False):
            yield term, tuple(map(int, rows.index)), kind, rows["group"].iloc[0], rows["number"].iloc[0]


class Word:
    """A class word with its grammatical forms, for templates.

    Parameters
    ----------
    term : str
        Singular for things that can be counted, plural for the numbers ``pair`` and ``plural``.
    number : {"count", "mass", "pair", "plural"}

    Examples
    --------
    >>> Word("orange", "count").fill("{a} {is} on the table.")
    'An orange is on the table.'
    >>> Word("sunglasses", "pair").fill("Where did you buy {this}?")
    'Where did you buy this pair of sunglasses?'
    >>> Word("guacamole", "mass").fill("I like {many}.") is None
    True
    """

    def __init__(self, term: str, number: str):
        engine = english()
        number, plural = _exceptions().get(term, (number, None))
        several = number == "plural"
        one = f"pair of {term}" if number == "pair" else term
        self.term = term
        self.slots = {
            "a": engine.a(one) if number in ("count", "pair") else f"some {one}",
            "one": one,
            "many": {"count": plural or engine.plural_noun(term), "mass": None}.get(number, term),
            "this": f"these {one}" if several else f"this {one}",
            "is": "are" if several else "is",
            "was": "were" if several else "was",
            "has": "have" if several else "has",
            "does": "do" if several else "does",
            "it": "they" if several else "it",
            "its": "their" if several else "its",
        }

    def fill(self, template: str) -> str | None:
        """Fill the slots of a template and capitalise it; None where the word does not have that form."""
        if "{many}" in template and self.slots["many"] is None:
            return None
        sentence = template.format(**self.slots)
        return sentence[:1].upper() + sentence[1:]

    def shown_in(self, sentence: str) -> str:
        """Form of the word in a filled template."""
        many = self.slots["many"]
        return many if many and many.casefold() in sentence.casefold() else self.term


@lru_cache(maxsize=1)
def _exceptions() -> dict[str, tuple[str, str | None]]:
    """Terms with a grammatical number other than their class's, or an irregular plural."""
    table = pd.read_csv(DATA / "grammar.csv", keep_default_na=False)
    return {row.term: (row.number or "count", row.plural or None) for row in table.itertuples()}
