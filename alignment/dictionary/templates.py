"""Class words in sentence templates: their grammatical forms, and the sentences of a seed dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import pandas as pd

from alignment.dictionary.classes import DATA
from alignment.dictionary.plurals import english


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
