"""Seed sentences of one's own, read from a CSV and checked row by row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from alignment.dictionary.class_names import ClassNames
from alignment.dictionary.class_numbers import shifted_numbers
from alignment.dictionary.classes import imagenet_names
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SEED_KINDS, SeedDictionary
from alignment.errors import InputError
from alignment.files.columns import Column, listed_columns
from alignment.files.csv_cells import listed
from alignment.files.shards import read_table_file
from alignment.files.tables import Refusal, Row, Table, in_brackets

MAX_SENTENCE_CHARACTERS = 500
OTHER_SEPARATORS = re.compile(r"[;,/+&]| and ")  # that people write between classes, none of which stands in "281"
CLASS_HEADERS = (
    "classes",
    "wordnet id",
    "wnid",
    "class name",
    "label name",
    "label text",
    "class text",
    "category name",
    "category text",
    "text label",
    "display name",
    "label",
    "labels",
    "class index",
    "class id",
    "category",
)
SEED_COLUMNS = {
    "sentence": Column(("text", "caption", "prompt", "sentences", "comment"), sentence=True),
    "class": Column(CLASS_HEADERS, every=True, whole=True),
    "kind": Column(required=False),
    "term": Column(required=False),
    "template": Column(required=False),
}


class SeedFile(NamedTuple):
    """Seeds of one's own: the good rows, why each of the others was left out, and what the file was taken for."""

    seeds: SeedDictionary
    refused: list[Refusal]
    notes: list[str]


def read_seeds(source: Path | str | bytes, names: ClassNames | None = None, *, called: str = "") -> SeedFile:
    """Read seeds from a CSV or a Parquet file with the columns ``sentence`` and ``class``.

    ``class`` is an index, a WordNet id or a name, as :meth:`ClassNames.find` takes it; several are separated by '|'.
    The columns ``kind``, ``term`` and ``template`` of :class:`SeedDictionary` may stand beside them. A sentence that
    stands in several rows with different classes names all of them.

    Parameters
    ----------
    source : Path, str or bytes
        A file, or the content of a CSV.
    names : ClassNames, default those of ImageNet
    called : str
        What messages call the file.

    Raises
    ------
    InputError
        When the file cannot be read, lacks a column, or has no good row.
    """
    called, names = called or str(source), imagenet_names() if names is None else names
    table = read_table_file(source, called, SEED_COLUMNS)
    seeds, refused = check_seeds(table.rows, names)
    refused = sorted([*table.refused, *refused], key=lambda one: one.line)
    if not len(seeds):
        raise InputError(f"There is no usable row in {called}{in_brackets(refused)}.")
    return SeedFile(seeds, refused, seed_notes(table, names, called))


def seed_notes(table: Table, names: ClassNames, called: str) -> list[str]:
    """What a table of seeds was taken for, and which of its columns are passed over, one sentence each."""
    shifted = shifted_numbers((row.cells["class"] for row in table.rows), names, called)
    unread = [f"{called}: {listed_columns(table.unread)} passed over."] if table.unread else []
    return [*table.notes, *shifted, *_own_kinds(table, called), *unread]


def _own_kinds(table: Table, called: str) -> list[str]:
    """A note where a column of the user's own has the name of one of a dictionary's by chance."""
    other = {kind: row.line for row in table.rows if (kind := row.cells.get("kind", "")) and kind not in SEED_KINDS}
    if not other:
        return []
    kind, line = next(iter(other.items()))
    known = ", ".join(SEED_KINDS)
    return [f"{called}: kinds such as {kind[:40]!r} (line {line}) are passed over; those known are {known}."]


def check_seeds(rows: Iterable[Row], names: ClassNames | None = None) -> tuple[SeedDictionary, list[Refusal]]:
    """Rows of a table as a dictionary, and why each of the others was left out."""
    names = imagenet_names() if names is None else names
    kept: dict[str, tuple] = {}
    refused = []
    for row in rows:
        try:
            sentence, classes, *rest = _checked(row.cells, names)
            first = kept.get(sentence.casefold())
            if first and set(classes) <= set(first[1]):
                raise InputError("the sentence stands in the file already, with the same class.")
        except InputError as error:
            refused.append(Refusal(row.line, str(error)))
            continue
        known = first or (sentence, (), *rest)
        kept[sentence.casefold()] = (known[0], tuple(dict.fromkeys([*known[1], *classes])), *known[2:])
    return SeedDictionary(pd.DataFrame(list(kept.values()), columns=DICTIONARY_COLUMNS)), refused


def _checked(cells: dict[str, str], names: ClassNames) -> tuple:
    """One row of a seed file as a row of the dictionary."""
    sentence = " ".join(cells["sentence"].split())
    if not sentence:
        raise InputError("the sentence is empty.")
    if len(sentence) > MAX_SENTENCE_CHARACTERS:
        raise InputError(f"the sentence has {len(sentence)} characters; the limit is {MAX_SENTENCE_CHARACTERS}.")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in sentence):
        raise InputError("the sentence contains control characters.")
    kind, term = cells.get("kind", ""), cells.get("term", "")
    kind = kind if kind in SEED_KINDS else "own"  # a column of the user's own that has this name by chance
    term = term if term.casefold() in sentence.casefold() else ""
    classes = agreed_classes(cells, "class", SEED_COLUMNS, names)
    return sentence, classes, kind, term, cells.get("template") or sentence


def agreed_classes(cells: Mapping[str, str], key: str, columns: Container[str], names: ClassNames) -> tuple[int, ...]:
    """The classes that the cell ``key`` of a row names, where no cell beyond ``columns`` that names one contradicts.

    Raises
    ------
    InputError
        As for :func:`named_classes`, and when a cell contradicts.
    """
    classes = named_classes(cells[key], names)
    for header in [header for header in cells if header not in columns]:
        try:
            others = named_classes(cells[header], names)
        except InputError:
            continue  # what names no class says nothing against one
        if len(others) == 1 and others[0] not in classes:  # several: a category such as "food"
            raise InputError(
                f"the class is {cells[key][:40]!r}, but the column {header[:40]!r} says {cells[header][:40]!r}; "
                "keep one of these columns."
            )
    return classes


def named_classes(cell: str, names: ClassNames) -> tuple[int, ...]:
    """Indices of the classes that a cell names, several separated by '|', each once.

    Raises
    ------
    InputError
        When it names none, or one that no class answers to.
    """
    keys = listed(cell) or [key for key in cell.split("|") if key.strip()]
    if not keys:
        raise InputError("the class is empty.")
    return tuple(dict.fromkeys(index for key in keys for index in _found(key, names)))


def _found(key: str, names: ClassNames) -> tuple[int, ...]:
    """The classes that a key means; where it is several keys with another separator, the one to use is named."""
    try:
        return names.find(key)
    except InputError as error:
        others = [part for part in OTHER_SEPARATORS.split(key) if part.strip()]
        if len(others) > 1 and all(_is_found(part, names) for part in others):
            wanted = "|".join(map(str.strip, others))
            raise InputError(f"{error} Several classes are separated by '|': {wanted}.") from None
        raise


def _is_found(key: str, names: ClassNames) -> bool:
    try:
        return bool(names.find(key))
    except InputError:
        return False
