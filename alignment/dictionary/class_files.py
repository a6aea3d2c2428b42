"""Reading class files: custom classes, for spaces whose rows are not ImageNet's classes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from alignment.dictionary.class_ids import CLASS_COLUMNS, class_indices, take_ids
from alignment.dictionary.class_lists import class_records
from alignment.dictionary.class_names import ClassNames
from alignment.dictionary.classes import FRAME_COLUMNS, LIST_COLUMNS, ClassTable
from alignment.dictionary.name_forms import JOINERS, folded, visible
from alignment.dictionary.readable_names import readable_names
from alignment.errors import InputError
from alignment.files.columns import LIST_OF_TEXTS
from alignment.files.csv_cells import parse_list
from alignment.files.csv_records import Refusal
from alignment.files.reading import read_file, unpacked
from alignment.files.tables import Row, Table, in_brackets, read_text_table
from alignment.text.words import unprintable
from alignment.wording import counted

MAX_NAME_CHARACTERS = 200
SEVERAL_NAMES, SEVERAL_LEMMAS = re.compile(r"[;|]"), re.compile(r"[;|,]")
OUTSIDE = "is the name of a class outside it too, so that it means neither"
NAME_PART = re.compile(r"[^\W\d][^./\\]+")  # of two characters or more, and no name of a file
OWN_CLASS, OWN_CLASSES = "class of your own", "classes of your own"


def read_classes(source: Path | str | bytes, *, called: str = "") -> tuple[ClassTable, list[str]]:
    """Read the classes of a space from a CSV with the column ``name``, or the lines of a ``.txt`` without a header.

    JSON, YAML and Python dictionaries are read as :mod:`.class_lists` says.
    There is one row, or line, for each row of the space. Optional columns: ``index`` (whole numbers that rise from row
    to row, or 0 to K - 1 in any order, each the row of the space), ``wordnet_id``, ``synonyms`` and ``everyday`` (names
    joined by '|'), ``group`` and ``description``. A group's name means all its classes, unless a class has that name.
    A name that is not words, such as ``001.Black_footed_Albatross``, is kept, and its readable form is an alternative
    name: the first of the class's ``lemmas``.

    Returns
    -------
    (ClassTable, list of str)
        Classes, and notes on unusual interpretations of the file, one sentence each.

    Raises
    ------
    InputError
        When the file or any of its rows cannot be read; leaving out a class would shift those after it.
    """
    called = called or str(source)
    content = source if isinstance(source, bytes) else unpacked(read_file(source, called), called)
    content, of_lists = class_records(content, called)
    table = read_text_table(content, called, CLASS_COLUMNS, others=True)
    refused = sorted([*table.refused, *_without_names(table.rows)])
    if refused:
        first, *others = refused
        raise InputError(f"{called}, {str(first).rstrip('.')}{in_brackets(others)}.")
    if len(table.rows) < 2:
        raise InputError(f"{called} names {counted(len(table.rows), 'class', 'classes')}; a space has at least 2.")
    of_ids = take_ids(table, called)  # before the notes of the table, of which it takes one back
    of_names = [*_join_lists(table, called), *_take_synonyms_from_names(table, called)]
    notes = [*of_lists, *table.notes, *of_ids, *of_names]
    spoken, of_slashes = _take_synonyms_behind_slashes(table.rows, called)
    frame = pd.DataFrame([_class(row) for row in table.rows], columns=FRAME_COLUMNS)
    frame["lemmas"], word_notes = _in_words(frame["name"].tolist(), spoken, called)
    frame.index = pd.Index(class_indices(table.rows, called), name="index")
    if frame.index.tolist() != list(range(len(frame))) and sorted(frame.index) == list(range(len(frame))):
        frame = frame.sort_index()
    ids = frame["wordnet_id"][frame["wordnet_id"] != ""]
    if ids.duplicated().any():
        raise InputError(f"{called} has the WordNet id {ids[ids.duplicated()].iloc[0]} more than once.")
    groups = frame.index.to_series().groupby(frame["group"]).agg(tuple).drop("", errors="ignore").to_dict()
    names = ClassNames(frame, groups, OWN_CLASS, OWN_CLASSES)
    notes += [*of_slashes, *word_notes, *_groups_called_like_classes(groups, names, called)]
    return ClassTable(frame.index.tolist(), names), notes


def _in_words(names: list[str], spoken: list[str], called: str) -> tuple[list[tuple[str, ...]], list[str]]:
    """Readable form of each class name where it differs from the name, and a note if there are any.

    ``spoken`` are the names without the synonyms in them.
    """
    readable = readable_names(spoken)
    other: list[tuple[str, ...]] = [
        (words,) if words != name else () for name, words in zip(names, readable, strict=True)
    ]
    shown = next(((name, words[0]) for name, words in zip(names, other, strict=True) if words), None)
    return other, [f"{called}: in sentences, {shown[0][:40]!r} is read as {shown[1][:40]!r}."] if shown else []


def _groups_called_like_classes(groups: Mapping[str, tuple[int, ...]], names: ClassNames, called: str) -> list[str]:
    """Notes on groups whose names do not mean all their classes, because a class has the same name."""
    notes = []
    for inside, what in ((True, "is a class too, which alone is meant by it"), (False, OUTSIDE)):
        taken = [
            group
            for group, classes in groups.items()
            if not set(classes) <= (meant := set(names.exact(group))) and bool(meant) == inside
        ]
        if taken:
            more = f" (and {len(taken) - 1} more)" if len(taken) > 1 else ""
            notes.append(f"{called}: the group {taken[0][:40]!r}{more} {what}; no sentence is made of its name.")
    if number := next(filter(str.isdecimal, groups), ""):
        notes.append(f"{called}: no sentence is made of groups that are called by a number, such as {number[:40]!r}.")
    return notes


def _join_lists(table: Table, called: str) -> list[str]:
    """Convert lists of names in other formats to '|'; return notes where cells are only likely to be lists."""
    notes = []
    for column in [column for column in ("synonyms", "everyday") if column in table.columns]:
        for row in table.rows:
            cell = row.cells[column]
            row.cells[column] = "" if cell == "[]" else "|".join(parse_list(cell)) or cell
            if LIST_OF_TEXTS.fullmatch(row.cells[column]):
                reason = f"the list {cell[:40]!r} cannot be read; join names by '|'."
                raise InputError(f"{called}, line {row.line}: {reason}")
        joined = "".join(row.cells[column] for row in table.rows)
        separator = next((mark for mark in ("|", ";", ",") if mark in joined), "|")
        if separator != "|":
            title = table.headers[column]
            notes.append(f"{called}: names in the column {title!r} are separated by {separator!r}; '|' is the usual.")
            for row in table.rows:
                row.cells[column] = row.cells[column].replace(separator, "|")
    return notes


def _take_synonyms_from_names(table: Table, called: str) -> list[str]:
    """Split names such as ``building;edifice`` into a name and its synonyms; return a note if there are any."""
    notes: list[str] = []
    of_wordnet = all(row.cells.get("wordnet_id") for row in table.rows)  # names in WordNet contain no comma
    marks = SEVERAL_LEMMAS if of_wordnet else SEVERAL_NAMES
    for row in table.rows:
        cell = row.cells["name"]
        name, *synonyms = [part.strip() for part in marks.split(cell) if part.strip()] or [cell]
        if synonyms:
            row.cells["name"] = name
            row.cells["synonyms"] = "|".join(filter(None, [*synonyms, row.cells.get("synonyms", "")]))
            notes = notes or [f"{called}: names such as {cell[:40]!r} are read as a name and its synonyms."]
    return notes


def _take_synonyms_behind_slashes(rows: list[Row], called: str) -> tuple[list[str], list[str]]:
    """Take synonyms from names such as ``airplane/aeroplane``; return the names without them, and a note if any has.

    Unlike names joined by ``;`` these are kept as they are, because a slash may belong to a name: the first part is
    what sentences say. In a list where every name has a slash it separates levels, and so where names begin alike. A
    part that another class has too is no synonym.
    """
    names = [_cell(row, "name") for row in rows]
    split = [_slashed(name) for name in names]
    if all("/" in name for name in names):
        return names, []
    count = Counter(part for parts in split for part in {*map(folded, parts)})
    spoken, notes = [], list[str]()
    for row, name, (first, *others) in zip(rows, names, split, strict=True):
        is_split = bool(others) and count[folded(first)] == 1
        spoken.append(first if is_split else name)
        own = [part for part in others if is_split and count[folded(part)] == 1 and folded(part) != folded(first)]
        row.cells["synonyms"] = "|".join(filter(None, [*own, row.cells.get("synonyms", "")]))
        if is_split:
            notes = notes or [f"{called}: names such as {name[:40]!r} are read as a name and its synonyms."]
    return spoken, notes


def _slashed(name: str) -> list[str]:
    """Parts of a name between slashes, if they are names: no path, "and/or", "km/h" or "AC/DC"."""
    parts = [part.strip() for part in name.split("/")]
    are_names = all(NAME_PART.fullmatch(part) for part in parts) and max(map(len, parts)) > 2
    return parts if are_names and not {"and", "or"}.intersection(map(str.casefold, parts)) else [name]


def _without_names(rows: list[Row]) -> list[Refusal]:
    """Refusals of rows without a valid name."""
    return [Refusal(row.line, fault) for row in rows if (fault := _name_fault(_cell(row, "name")))]


def _name_fault(name: str) -> str:
    if not name.translate(JOINERS) or len(name) > MAX_NAME_CHARACTERS:
        return f"a class needs a name of 1 to {MAX_NAME_CHARACTERS} characters."
    character = unprintable(name)
    return f"the name holds the character {character}, which cannot be printed; remove it." if character else ""


def _cell(row: Row, column: str) -> str:
    return " ".join(visible(row.cells.get(column, "")).split())


def _class(row: Row) -> dict:
    cells = {key: _cell(row, key) for key in FRAME_COLUMNS}
    lists = {key: tuple(part.strip() for part in cells[key].split("|") if part.strip()) for key in LIST_COLUMNS}
    return cells | lists
