"""Conversion of class names in files to words for sentences: without numbers, ids, underscores and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence

BETWEEN_LETTERS = re.compile(r"(?<=[^\W_]|[)])_+(?=[^\W_]|[(]|$)|^_+(?=[^\W_])")  # not those of "^_^"
PLACE = re.compile(r"/(\w)/(\1\w*)(?:/(\w+))?", re.IGNORECASE)  # of Places365 and SUN397: "/b/balcony/exterior"
SYNSET = re.compile(r"(.+)\.[nvars]\.\d\d", re.DOTALL)  # of WordNet in NLTK: "dog.n.01"
LETTER = re.compile(r"[^\W\d]")  # or an underscore
INNER_CAPITAL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # "TennisBall"
ONE_WORD = re.compile(r"[A-Z][A-Za-z\d]*")
ID_BEFORE = re.compile(r"(?P<id>n\d{8}|\d+)(?P<mark>[._\-:)\s]\s*)(?=.*[^\W\d_])(?P<name>.+)", re.DOTALL)
ID_BEHIND = re.compile(r"(?P<name>.*[^\W\d_].*?)(?P<mark>[_\-#\s]\s*)(?P<id>\d+)", re.DOTALL)


def readable_names(names: Sequence[str]) -> list[str]:
    """Convert the names of a class list to words for sentences; names that are words already are unchanged.

    Numbers before or after every name are removed where they only number the classes: all differ, names are unique
    without them, and they are 0 to K - 1 or 1 to K, have leading zeros or a full stop after them, or are WordNet ids.
    Capitals within words split these where the list has only single words.

    Examples
    --------
    >>> readable_names(["001.Black_footed_Albatross", "002.Laysan_Albatross"])
    ['Black footed Albatross', 'Laysan Albatross']
    >>> readable_names(["TennisBall", "Frisbee"]), readable_names(["/b/balcony/exterior", "dog.n.01"])
    (['Tennis Ball', 'Frisbee'], ['exterior balcony', 'dog'])
    """
    plain = _without_ids(list(names))
    if all(map(ONE_WORD.fullmatch, plain)) and any(map(INNER_CAPITAL.search, plain)):
        plain = [INNER_CAPITAL.sub(" ", name) for name in plain]
    return [in_words(name) for name in plain]


def in_words(name: str) -> str:
    """Convert one name to words, by rules independent of the rest of its list."""
    if place := PLACE.fullmatch(name):
        name = f"{place[3]} {place[2]}" if place[3] else place[2]
    elif (synset := SYNSET.fullmatch(name)) and LETTER.search(synset[1]):
        name = synset[1]
    return " ".join(BETWEEN_LETTERS.sub(" ", name).split())


def _without_ids(names: list[str]) -> list[str]:
    """Remove numbers and ids of classes from names; there may be two: "1 001.Albatross"."""
    for pattern in (ID_BEFORE, ID_BEFORE, ID_BEHIND):
        found = [match for name in names if (match := pattern.fullmatch(name))]
        without = [match["name"] for match in found]
        if len(found) < len(names) or len(set(without)) < len(set(names)):
            continue
        if _are_ids([match["id"] for match in found], [match["mark"] for match in found]):
            names = without
    return names


def _are_ids(numbers: Sequence[str], marks: Sequence[str]) -> bool:
    if len(set(numbers)) < len(numbers):
        return False
    if not all(map(str.isdecimal, numbers)):
        return not any(map(str.isdecimal, numbers))  # WordNet ids, all of them
    padded = len({*map(len, numbers)}) == 1 < len(numbers[0]) and any(one.startswith("0") for one in numbers)
    return counts_from_0_or_1(numbers) or padded or set(marks) == {"."}


def counts_from_0_or_1(numbers: Sequence[str]) -> bool:
    """Whether whole numbers are 0 to K - 1 or 1 to K, each once, in any order."""
    values = sorted(map(int, numbers))
    return values in (list(range(len(values))), list(range(1, len(values) + 1)))
