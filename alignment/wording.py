"""Numbers and lists as messages put them."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN_ITEMS = 10  # that were left out of a file for one reason


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
