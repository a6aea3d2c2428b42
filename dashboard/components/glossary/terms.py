"""Glossary terms, and the search for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A technical term.

    Attributes
    ----------
    definition : two sentences of plain text
    formula : LaTeX, "" where there is none
    symbols : meaning of the letters in the formula
    source : publication
    also : synonyms
    """

    name: str
    definition: str
    source: str
    formula: str = ""
    symbols: str = ""
    also: tuple[str, ...] = ()


def find(terms: Sequence[Term], text: str) -> list[Term]:
    """Terms whose name, synonyms or definition contain a text: first where it is a whole name, then part of one.

    Examples
    --------
    >>> terms = [Term("mapping", "From text to class space.", ""), Term("class space", "Where classes lie.", "")]
    >>> [term.name for term in find(terms, "Class ")]
    ['class space', 'mapping']
    """
    wanted = text.strip().casefold()
    names = {term: [name.casefold() for name in (term.name, *term.also)] for term in terms}
    called = [term for term in terms if wanted in names[term]]
    named = [term for term in terms if term not in called and any(wanted in name for name in names[term])]
    rest = [term for term in terms if term not in [*called, *named] and wanted in term.definition.casefold()]
    return [*called, *named, *rest]
