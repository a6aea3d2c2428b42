"""Forms of names by which they are compared, of less or more exactness, and classes by these forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

NORMALISED = 256  # names whose forms are kept: a lookup asks for those of a name again and again
TYPED_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´`", "'"))  # noqa: RUF001 - what people type for an apostrophe
UNSEEN = dict.fromkeys([0xAD, 0x61C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])
JOINERS = dict.fromkeys([0x200C, 0x200D])  # within words of Persian and other languages, and within emoji
BETWEEN_WORDS = re.compile(r"[\s_\-‐‑‒–—]+")  # noqa: RUF001 - with no-break spaces and every kind of hyphen
ACCENTS = re.compile(r"[\u0300-\u036f]")


def casefolded(text: str) -> str:
    """Text in lower case with plain apostrophes, to look up words and terms as people type them."""
    return text.translate(TYPED_APOSTROPHES).casefold()


@lru_cache(maxsize=NORMALISED)
def folded(name: str) -> str:
    """Normalise a name for lookup: case, accents, underscores, hyphens, kinds of apostrophes.

    Examples
    --------
    >>> folded("Carpenter\\u2019s_Plane "), folded("black-and-tan\\u00a0coonhound")
    ("carpenter's plane", 'black and tan coonhound')
    """
    plain = unicodedata.normalize("NFKD", visible(name).translate(TYPED_APOSTROPHES | JOINERS))
    return BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFC", ACCENTS.sub("", plain)).casefold()).strip()


@lru_cache(maxsize=NORMALISED)
def spelled(name: str) -> str:
    """Normalise a name like :func:`folded`, but keep accents and the joiners between its letters."""
    plain = unicodedata.normalize("NFKC", visible(name).translate(TYPED_APOSTROPHES))
    return BETWEEN_WORDS.sub(" ", plain.casefold()).strip()


@lru_cache(maxsize=NORMALISED)
def as_displayed(name: str) -> str:
    """Normalise only Unicode composition and blanks of a name; case and marks stay."""
    return unicodedata.normalize("NFC", " ".join(visible(name).split()))


def visible(text: str) -> str:
    """Remove soft hyphens, direction marks and zero-width blanks from a text; joiners between letters stay."""
    return text.translate(UNSEEN)


def classes_by_name(
    rows: Iterable[tuple[int, Iterable[str]]], fold: Callable[[str], str]
) -> dict[str, tuple[int, ...]]:
    """Classes by name normalised with ``fold``, ascending."""
    found: dict[str, set[int]] = {}
    for index, names in rows:
        for name in names:
            found.setdefault(fold(name), set()).add(index)
    found.pop("", None)
    return {name: tuple(sorted(classes)) for name, classes in found.items()}


class SpelledNames:
    """Index from names to classes, ascending: exact accents first, else the folded name.

    Attributes
    ----------
    folded : dict from folded name to classes
    """

    def __init__(self, rows: Iterable[tuple[int, Iterable[str]]]):
        rows = [(index, tuple(names)) for index, names in rows]
        self.folded, self._spelled = classes_by_name(rows, folded), classes_by_name(rows, spelled)

    def find(self, name: str) -> tuple[int, ...]:
        """Classes of a name; empty if it is unknown."""
        return self._spelled.get(spelled(name)) or self.folded.get(folded(name), ())

    def in_other_accents(self, name: str) -> set[int]:
        """Classes whose names differ from a name only in accents, where another has exactly that name."""
        return set(self.folded.get(folded(name), ())) - set(self.find(name))
