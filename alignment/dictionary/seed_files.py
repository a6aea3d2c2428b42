"""Reading a user's seed sentences from CSV, JSON or Parquet, checked row by row."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from alignment.dictionary.class_headers import CLASS_HEADERS
from alignment.dictionary.class_names import MAX_KEY_CHARACTERS, ClassNames
from alignment.dictionary.class_numbers import checked_numbers
from alignment.dictionary.classes import imagenet_names
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SEED_KINDS, SeedDictionary
from alignment.errors import InputError
from alignment.files.columns import Column, listed_columns
from alignment.files.csv_cells import parse_list
from alignment.files.csv_records import Refusal
from alignment.files.table_files import read_table_file
from alignment.files.tables import Row, Table, in_brackets
from alignment.text.words import unprintable

MAX_SENTENCE_CHARACTERS = 500
OTHER_SEPARATORS = re.compile(r"[;,/+&]| and ")  # that people write between classes
SEED_COLUMNS = {
    "sentence": Column(("text", "caption", "prompt", "sentences", "comment"), sentence=True),
    "class": Column(CLASS_HEADERS, every=True, whole=True),
    "kind": Column(required=False),
    "term": Column(required=False),
    "template": Column(required=False),
}


class SeedFile(NamedTuple):
    """Seeds of a file: valid rows, refused rows with reasons, and notes."""

    seeds: SeedDictionary
    refused: list[Refusal]
    notes: list[str]


def read_seeds(source: Path | str | bytes, names: ClassNames | None = None, *, called: str = "") -> SeedFile:
    """Read seeds from a CSV, JSON or Parquet file with the columns ``sentence`` and ``class``.

    ``class`` is an index, a WordNet id or a name, as :meth:`ClassNames.find` takes it; several are separated by '|'.
    The columns ``kind``, ``term`` and ``template`` of :class:`SeedDictionary` are optional. A sentence in several rows
    with different classes names all of them.

    Parameters
    ----------
    source : Path, str or bytes
        A file, or the content of one that is not Parquet.
    names : ClassNames, default those of ImageNet
    called : str
        Name of the file in messages.

    Raises
    ------
    InputError
        When the file cannot be read, a column is missing, or no row is valid.
    """
    called, names = called or str(source), imagenet_names() if names is None else names
    known = replace(SEED_COLUMNS["class"], knows=lambda key: is_named(key, names))
    table = read_table_file(source, called, SEED_COLUMNS | {"class": known})
    seeds, refused = check_seeds(table.rows, names)
    refused = sorted([*table.refused, *refused])
    if not len(seeds):
        raise InputError(f"There is no usable row in {called}{in_brackets(refused)}.")
    return SeedFile(seeds, refused, seed_notes(table, names, called))


def seed_notes(table: Table, names: ClassNames, called: str) -> list[str]:
    """Notes on a table of seeds: unusual interpretations and ignored columns, one sentence each.

    Raises
    ------
    InputError
        For class numbers of another list: :func:`~alignment.dictionary.class_numbers.checked_numbers`.
    """
    shifted = checked_numbers((row.cells["class"] for row in table.rows), names, called)
    unread = [f"{called}: {listed_columns(table.unread)} passed over."] if table.unread else []
    return [*table.notes, *shifted, *_own_kinds(table, called), *unread]


def _own_kinds(table: Table, called: str) -> list[str]:
    """Note on unknown kinds: a user's column may be called ``kind`` by chance."""
    other = {kind: row.line for row in table.rows if (kind := row.cells.get("kind", "")) and kind not in SEED_KINDS}
    if not other:
        return []
    kind, line = next(iter(other.items()))
    known = ", ".join(SEED_KINDS)
    return [f"{called}: kinds such as {kind[:40]!r} (line {line}) are passed over; those known are {known}."]


def check_seeds(rows: Iterable[Row], names: ClassNames | None = None) -> tuple[SeedDictionary, list[Refusal]]:
    """Seed dictionary of the valid rows of a table, and refusals of the others."""
    names = imagenet_names() if names is None else names
    kept: dict[str, tuple] = {}
    refused = []
    for row in rows:
        try:
            sentence, classes, *rest = _dictionary_row(row.cells, names)
            first = kept.get(sentence.casefold())
            if first and set(classes) <= set(first[1]):
                raise InputError("the sentence stands in the file already, with the same class.")
        except InputError as error:
            refused.append(Refusal(row.line, str(error)))
            continue
        known = first or (sentence, (), *rest)
        kept[sentence.casefold()] = (known[0], tuple(dict.fromkeys([*known[1], *classes])), *known[2:])
    return SeedDictionary(pd.DataFrame(list(kept.values()), columns=DICTIONARY_COLUMNS)), refused


def _dictionary_row(cells: dict[str, str], names: ClassNames) -> tuple:
    """Check one row of a seed file, and convert it to a row of the dictionary."""
    sentence = " ".join(cells["sentence"].split())
    if not sentence:
        raise InputError("the sentence is empty.")
    if len(sentence) > MAX_SENTENCE_CHARACTERS:
        raise InputError(f"the sentence has {len(sentence)} characters; the limit is {MAX_SENTENCE_CHARACTERS}.")
    if character := unprintable(sentence, ("Cc", "Cs")):
        raise InputError(f"the sentence contains the control character {character}; remove it.")
    kind, term = cells.get("kind", ""), cells.get("term", "")
    kind = kind if kind in SEED_KINDS else "own"  # a column of the user's own that has this name by chance
    term = term if term.casefold() in sentence.casefold() else ""
    classes = agreed_classes(cells, "class", SEED_COLUMNS, names)
    return sentence, classes, kind, term, cells.get("template") or sentence


def agreed_classes(cells: Mapping[str, str], key: str, columns: Container[str], names: ClassNames) -> tuple[int, ...]:
    """Classes named by the cell ``key`` of a row, checked against class names in cells outside ``columns``.

    Raises
    ------
    InputError
        As for :func:`named_classes`, and when another cell names another class.
    """
    classes = named_classes(cells[key], names)
    for header in [header for header in cells if header not in columns]:
        try:
            others = named_classes(cells[header], names)
        except InputError:
            continue  # a cell that names no class contradicts none
        if len(others) == 1 and others[0] not in classes:  # several: a category such as "food"
            raise InputError(
                f"the class is {cells[key][:40]!r}, but the column {header[:40]!r} says {cells[header][:40]!r}; "
                "keep one of these columns."
            )
    return classes


def named_classes(cell: str, names: ClassNames) -> tuple[int, ...]:
    """Indices of the classes named by a cell, several separated by '|', each once.

    Raises
    ------
    InputError
        When it is empty, or a name matches no class.
    """
    keys = parse_list(cell) or [key for key in cell.split("|") if key.strip()]
    if not keys:
        raise InputError("the class is empty.")
    found = dict.fromkeys(_found(key, names) for key in dict.fromkeys(keys))  # each once: a word may mean 400 classes
    return tuple(dict.fromkeys(index for classes in found for index in classes))


def _found(key: str, names: ClassNames) -> tuple[int, ...]:
    """Classes of a key; for several keys with another separator the error names '|'."""
    try:
        return names.find(key)
    except InputError as error:
        whole = len(key) <= MAX_KEY_CHARACTERS
        others = [part for part in OTHER_SEPARATORS.split(key) if part.strip()] if whole else []
        if len(others) > 1 and all(is_named(part, names) for part in others):
            wanted = "|".join(map(str.strip, others))
            raise InputError(f"{error} Several classes are separated by '|': {wanted}.") from None
        raise


def is_named(key: str, names: ClassNames) -> bool:
    """Whether a text names a class, or a word above some."""
    try:
        return bool(names.find(key))
    except InputError:
        return False
