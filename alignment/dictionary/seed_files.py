"""Seed sentences of one's own, read from a CSV and checked row by row."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from alignment.dictionary.classes import find_class
from alignment.dictionary.seeds import COLUMNS, KINDS, SeedDictionary
from alignment.errors import InputError

MAX_SENTENCE_CHARACTERS = 500


@dataclass(frozen=True)
class Refusal:
    """A row of a user's CSV that was left out."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def read_seeds(path: str | Path) -> tuple[SeedDictionary, list[Refusal]]:
    """Read seeds from a CSV with the columns ``sentence`` and ``class``.

    ``class`` is an ImageNet index, a WordNet id or a class name; several are separated by '|'. The columns ``kind``,
    ``term`` and ``template`` of :class:`SeedDictionary` may stand beside them.

    Returns
    -------
    (SeedDictionary, list of Refusal)
        The good rows, and why each of the others was left out.

    Raises
    ------
    InputError
        When the file cannot be read, lacks a column, or has no good row.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            seeds, refused = parse_seeds(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"Cannot read the seed file {path}; give a CSV in UTF-8.") from error
    if not len(seeds):
        raise InputError(f"The seed file {path} has no usable row{f' ({refused[0]})' if refused else ''}.")
    return seeds, refused


def parse_seeds(lines) -> tuple[SeedDictionary, list[Refusal]]:
    """:func:`read_seeds` for an open file or any iterable of CSV lines; there may be no good row among them."""
    reader = csv.DictReader(lines)
    if not {"sentence", "class"} <= set(reader.fieldnames or ()):
        raise InputError("A seed file needs a first line that names the columns 'sentence' and 'class'.")
    rows, refused, seen = [], [], set()
    for record in reader:
        try:
            row = _checked(record)
            if row[0].casefold() in seen:
                raise InputError("the sentence stands in the file already.")
        except InputError as error:
            refused.append(Refusal(reader.line_num, str(error)))
            continue
        seen.add(row[0].casefold())
        rows.append(row)
    return SeedDictionary(pd.DataFrame(rows, columns=COLUMNS)), refused


def _checked(record: dict) -> tuple:
    """One row of a seed file as a row of the dictionary."""
    sentence = " ".join((record["sentence"] or "").split())
    if not sentence:
        raise InputError("the sentence is empty.")
    if len(sentence) > MAX_SENTENCE_CHARACTERS:
        raise InputError(f"the sentence has {len(sentence)} characters; the limit is {MAX_SENTENCE_CHARACTERS}.")
    if not sentence.isprintable():
        raise InputError("the sentence contains control characters.")
    keys = [key for key in (record["class"] or "").split("|") if key.strip()]
    if not keys:
        raise InputError("the class is empty.")
    kind, term = record.get("kind") or "own", record.get("term") or ""
    if kind not in KINDS:
        raise InputError(f"the kind {kind[:40]!r} is not one of {', '.join(KINDS)}.")
    if term.casefold() not in sentence.casefold():
        raise InputError(f"the term {term[:40]!r} is not in the sentence.")
    classes = tuple(dict.fromkeys(find_class(key) for key in keys))
    return sentence, classes, kind, term, record.get("template") or sentence
