"""Reading a user's seed sentences from CSV, JSON or Parquet, checked row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from alignment.dictionary.class_cells import CLASS_HEADERS, agreed_classes, class_number_notes, is_named
from alignment.dictionary.class_names import ClassNames
from alignment.dictionary.classes import imagenet_names
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SEED_KINDS, SeedDictionary
from alignment.errors import InputError
from alignment.files.columns import Column, listed_columns
from alignment.files.csv_records import Refusal
from alignment.files.table_files import read_table_file
from alignment.files.tables import Row, Table, in_brackets
from alignment.text.words import unprintable

MAX_SENTENCE_CHARACTERS = 500
NOT_ACCEPTED = {"reject", "ignore"}  # in the column "answer" of Prodigy: whether the sentence is about the class
ANSWERS = {"", "accept"} | NOT_ACCEPTED
SEED_COLUMNS = {
    "sentence": Column(("text", "caption", "prompt", "sentences", "comment"), sentence=True),
    "class": Column(CLASS_HEADERS, every=True, whole=True),
    "answer": Column(required=False),
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
    The columns ``kind``, ``term`` and ``template`` of :class:`SeedDictionary` are optional, and so is ``answer`` of
    Prodigy: what was rejected or ignored there is refused. A sentence in several rows with different classes names all
    of them.

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
        For class numbers of another list: :func:`~alignment.dictionary.class_cells.class_number_notes`.
    """
    shifted = class_number_notes((row.cells["class"] for row in table.rows), names, called)
    passed = [*table.unread, *([] if _are_answers_of_prodigy(table.rows) else [table.headers["answer"]])]
    unread = [f"{called}: {listed_columns(passed)} passed over."] if passed else []
    return [*table.notes, *shifted, *_own_kinds(table, called), *unread]


def _are_answers_of_prodigy(rows: Iterable[Row]) -> bool:
    """Whether ``answer`` says what was accepted; with any other value it is a column of the user's own."""
    return ANSWERS.issuperset(row.cells.get("answer", "") for row in rows)


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
    names, rows = imagenet_names() if names is None else names, [*rows]
    unwanted = NOT_ACCEPTED if _are_answers_of_prodigy(rows) else set[str]()
    kept: dict[str, tuple] = {}
    refused = []
    for row in rows:
        try:
            if (answer := row.cells.get("answer", "")) in unwanted:
                raise InputError(f"its answer is {answer!r}; only what was accepted is learned from.")
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
