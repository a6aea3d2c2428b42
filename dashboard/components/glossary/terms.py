"""A term of the glossary, and looking terms up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word of the field.

    Attributes
    ----------
    definition : two sentences of plain text
    formula : LaTeX, "" where there is none
    symbols : what the letters of the formula stand for
    source : publication
    also : other words for it
    """

    name: str
    definition: str
    source: str
    formula: str = ""
    symbols: str = ""
    also: tuple[str, ...] = ()


def find(terms: Sequence[Term], text: str) -> list[Term]:
    """Terms whose name, other words or definition hold a text; those whose name does come first.

    Examples
    --------
    >>> terms = [Term("mapping", "From text to class space.", ""), Term("class space", "Where classes lie.", "")]
    >>> [term.name for term in find(terms, "Class ")]
    ['class space', 'mapping']
    """
    wanted = text.strip().casefold()
    named = [term for term in terms if any(wanted in name.casefold() for name in (term.name, *term.also))]
    return named + [term for term in terms if term not in named and wanted in term.definition.casefold()]
