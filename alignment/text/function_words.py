"""Articles, possessives and pronouns of other languages, and expressions of theirs that are said in English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from alignment.text.data_files import data_rows
from alignment.text.words import WORD

INDEFINITE_ARTICLE = "indefinite article"
LONGEST_SENTENCE = 5  # most words of a sentence whose first word says much of its language
WITH_CAPITAL_NOUNS = "de"


class FunctionWord(NamedTuple):
    """An article, possessive or pronoun of other languages."""

    languages: tuple[str, ...]
    """Codes (ISO 639-1) of the languages that have it."""

    kind: str

    is_name: bool
    """Whether with a capital letter it is also an English name: Les, Mia, Su."""

    is_english: bool
    """Whether it is an English word too: die, o, ma."""


@lru_cache(maxsize=1)
def function_words() -> dict[str, FunctionWord]:
    """The known ones, in lower case."""
    return {
        row["word"]: FunctionWord(
            tuple(row["languages"].split("|")), row["kind"], row["name"] == "yes", row["english"] == "yes"
        )
        for row in data_rows("function_words.csv")
    }


def first_function_word(words: Sequence[str]) -> FunctionWord | None:
    """The function word that a short sentence of at least two words begins with.

    None where it is an English name before one word ("Les giggles"), and all in capitals ("LA skyline").

    Examples
    --------
    >>> first_function_word(["mi", "gato"]).languages
    ('es',)
    """
    first = words[0]
    found = function_words().get(first.lower()) if first.islower() or first.istitle() else None
    if found is None or len(words) > LONGEST_SENTENCE:
        return None
    return None if found.is_name and first.istitle() and len(words) == 2 else found


def is_name(words: Sequence[str]) -> bool:
    """Whether words of a short sentence have the capital letters of a name.

    The second begins with one after a function word of a language whose nouns have none, or all do, and the first is no
    function word ("Die Katze").

    Examples
    --------
    >>> is_name(["La", "Rochelle", "harbour"]), is_name(["Mein", "Hund", "bellt"]), is_name(["El", "gato"])
    (True, False, False)
    """
    if len(words) > LONGEST_SENTENCE or all(word.isupper() for word in words):
        return False
    found = function_words().get(words[0].lower())
    if found and WITH_CAPITAL_NOUNS not in found.languages:
        return words[1][:1].isupper()
    return found is None and all(word[:1].isupper() for word in words)


def without_borrowed(text: str) -> list[str]:
    """Words of a text outside expressions that are said in English, such as "je ne sais quoi".

    Examples
    --------
    >>> without_borrowed("a crème brûlée")
    ['a']
    """
    return WORD.findall(_borrowed().sub(" ", text))


@lru_cache(maxsize=1)
def _borrowed() -> re.Pattern[str]:
    """Pattern of the expressions as whole words; the longest wins."""
    expressions = sorted((row["expression"] for row in data_rows("borrowed.csv")), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, expressions))})(?!\w)", re.IGNORECASE)
