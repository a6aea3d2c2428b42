"""Numbers, lists and characters as messages put them."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Container, Iterable, Sequence

SHOWN_ITEMS = 10  # that were left out of a file for one reason
MIN_LIKENESS = 0.7  # of a misspelled name; that of "gpu" and "cpu" is less
MAX_NAME_LENGTH = 100  # characters of a misspelled name that are compared with those known


def counted(number: int, one: str, several: str = "") -> str:
    """Count with its noun, for messages; ``several`` is for a plural that is not formed with "s".

    Examples
    --------
    >>> counted(1, "sentence"), counted(2000, "sentence"), counted(0, "class", "classes")
    ('1 sentence', '2,000 sentences', '0 classes')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def first_items(items: Sequence[str], most: int = SHOWN_ITEMS) -> list[str]:
    """The first items of a list, with how many more there are as the last.

    Examples
    --------
    >>> first_items(["a", "b", "c"], 2)
    ['a', 'b', 'and 1 more']
    """
    more = len(items) - most
    return [*items[:most], *([f"and {more:,} more"] if more > 0 else [])]


def first_of(texts: Sequence[str], most: int) -> str:
    """:func:`first_items` as one text.

    Examples
    --------
    >>> first_of(["a", "b", "c"], 2), first_of(["a", "b"], 2)
    ('a, b and 1 more', 'a, b')
    """
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more:,} more" if more > 0 else "")


def closest_name(text: str, names: Iterable[str]) -> str:
    """Name that a misspelled one is most like, whatever its case; "" if it is like none.

    Examples
    --------
    >>> closest_name("Rigde", ["procrustes", "ridge"]), closest_name("magic", ["ridge"])
    ('ridge', '')
    """
    by_lower = {name.lower(): name for name in names}
    found = difflib.get_close_matches(text[:MAX_NAME_LENGTH].lower(), by_lower, n=1, cutoff=MIN_LIKENESS)
    return by_lower[found[0]] if found else ""


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """:func:`closest_name` as the end of a sentence; "" without one.

    Examples
    --------
    >>> "There is no mapping 'rigde'" + did_you_mean("rigde", ["procrustes", "ridge"])
    "There is no mapping 'rigde'; did you mean ridge?"
    """
    found = closest_name(text, names)
    return f"; did you mean {found}?" if found else ""


def no_such_name(what: str, text: object, names: Iterable[str]) -> str:
    """Sentence that refuses what is none of the names, with the nearest of them first.

    Examples
    --------
    >>> no_such_name("mapping", "Ridge", ["procrustes", "ridge"])
    "There is no mapping 'Ridge'; did you mean ridge? Choose one of procrustes, ridge."
    >>> no_such_name("mapping", "magic", ["procrustes", "ridge"])
    "There is no mapping 'magic'; choose one of procrustes, ridge."
    """
    names = list(names)
    meant = did_you_mean(str(text), names)
    return f"There is no {what} {text!r:.80}{f'{meant} C' if meant else '; c'}hoose one of {', '.join(names)}."


def name_in_any_case(text: str, names: Iterable[str]) -> str:
    """The name that differs from a text in case alone, if exactly one does; otherwise the text.

    Examples
    --------
    >>> name_in_any_case("Ridge", ["ridge", "procrustes"]), name_in_any_case("COS", ["cos", "Cos"])
    ('ridge', 'COS')
    """
    names = list(names)
    alike = [name for name in names if name.lower() == text.lower()]
    return alike[0] if text not in names and len(alike) == 1 else text


def unprintable(text: str, categories: Container[str] = ("Cc", "Cs", "Co")) -> str:
    """First control (Cc), surrogate (Cs) or private-use (Co) character of a text, as ``U+0007``; "" without any.

    These categories never change, so that every version of Python finds the same; to ``str.isprintable`` an emoji newer
    than Python's tables is none. Blanks are not counted.

    Examples
    --------
    >>> unprintable("a\\x07cat"), unprintable("a cat\\n")
    ('U+0007', '')
    """
    found = (c for c in text if unicodedata.category(c) in categories and not c.isspace())
    return next((f"U+{ord(character):04X}" for character in found), "")
