"""Matrices of numbers as pandas, Excel, R and NumPy write them as text: with or without a header and an index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from alignment.errors import InputError
from alignment.files.csv_cells import number_in
from alignment.files.encodings import decode
from alignment.files.tables import SEPARATOR_LINE, Record, Refusal, records, split_lines

MISSING = {"", "#n/a", "na", "n/a", "null", "none", "-"}  # in lower case
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
INDEX_TITLES = ("index", "id", "idx", "class", "class_id", "class_index", "label", "unnamed: 0", "row")
MIN_COUNTED = 3  # numbers 0, 1, 2, ... in a row that are no accident


class NumberTable(NamedTuple):
    """A matrix and what stands beside it.

    Attributes
    ----------
    numbers : array (n, d), float64 where they are from a text
    notes : what was passed over, one sentence each
    row_names : columns of words, by what messages call them
    titles : what the header calls the columns of numbers, "" for those that have no name
    """

    numbers: np.ndarray
    notes: list[str]
    row_names: dict[str, list[str]]
    titles: list[str]


def read_numbers(content: bytes, name: str, count: int | None = None) -> NumberTable:
    """The numbers of a text file, one row per line.

    Cells are separated by commas, semicolons, tabs or blanks. A header, an index and columns of words are left out.

    Parameters
    ----------
    content : bytes
    name : str
        What messages call the file.
    count : int, optional
        Number of rows, where that is known: it settles whether a first row 0, 1, 2, ... is a header.

    Raises
    ------
    InputError
        When a cell is no number, a row has another number of cells, or what it is cannot be told.
    """
    text, notes = decode(content, name)
    rows = _rows(split_lines(text), name)
    if rows and all(not row.cells[-1] for row in rows):  # a separator at the end of every line
        rows = [Record(row.line, row.last, row.cells[:-1]) for row in rows]
    header, rows = _header(rows, name, count)
    if header:
        notes.append(f"{name}: line {header.line} is passed over as a header.")
    if not rows:
        return NumberTable(np.empty((0, 0)), notes, {}, [])
    width = len(rows[0].cells)
    for row in rows:
        if len(row.cells) != width:
            problem = f"the row has {len(row.cells)} numbers, those above {width}"
            raise InputError(f"{name}, line {row.line}: {problem}.")
    titles = header.cells if header else []
    if header and len(titles) > width:
        raise InputError(f"{name}, line {header.line}: the header names {len(titles)} columns, the rows have {width}.")
    titles = [""] * (width - len(titles)) + titles  # R names no column of row names
    passed = _passed_over(rows, titles, name)
    called = {at: f"column {titles[at]!r}" if titles[at] else f"column {at + 1}" for at in passed}
    if len(passed) == width:
        shown = repr(rows[-1].cells[0][:40])
        raise InputError(f"{name} holds no numbers but for an index: line {rows[-1].line} begins with {shown}.")
    shown = ", ".join(f"{at + 1} ({titles[at]!r})" if titles[at] else str(at + 1) for at in passed)
    if passed:
        notes.append(f"{name}: left out as an index or as names: column {shown}.")
    kept = [at for at in range(width) if at not in passed]
    numbers = np.array([[_number(row.cells[at], row.line, name) for at in kept] for row in rows])
    row_names = {called[at]: [row.cells[at] for row in rows] for at in passed if _is_word(rows[0].cells[at])}
    return NumberTable(numbers, notes, row_names, [titles[at] for at in kept])


def _rows(lines: list[str], name: str) -> list[Record]:
    """All rows that hold anything; decimal commas become points where cells are not separated by commas."""
    lines = ["" if line.startswith("# ") else line.strip(" ") for line in lines]
    start, separator = 0, next((mark for mark in ("\t", ";", ",") if any(mark in line for line in lines[:9])), " ")
    if named := SEPARATOR_LINE.fullmatch(lines[0]):
        start, separator = 1, named[1]
    refused: list[Refusal] = []
    rows = [row for row in records(lines, start, separator, refused) if any(row.cells)]
    if refused:
        raise InputError(f"{name}, {refused[0]}")
    if separator != "," and not any(re.fullmatch(r"-?\d*\.\d+", cell) for row in rows[1:9] for cell in row.cells):
        return [
            Record(row.line, row.last, [c.replace(",", ".") if DECIMAL_COMMA.fullmatch(c) else c for c in row.cells])
            for row in rows
        ]
    return rows


def _header(rows: list[Record], name: str, count: int | None) -> tuple[Record | None, list[Record]]:
    """The first row where it names columns, and the others."""
    if not rows:
        return None, rows
    first, body = rows[0], rows[1:]
    words = [cell for cell in first.cells if _is_word(cell)]
    below = body[0].cells if body else []
    if words and (not body or len(below) != len(first.cells) or _names_columns(first.cells, below)):
        trailing = len(first.cells) - len(below)
        if body and trailing > 0 and not any(first.cells[len(below) :]):
            first = Record(first.line, first.last, first.cells[: len(below)])
        return first, body
    named = first.cells[1:] if first.cells[0] == "" else first.cells
    if words or not _counts(named) or not body:
        return None, rows
    if first.cells[0] == "" or (count is not None and len(body) == count):
        return first, body
    if count == len(rows):
        return None, rows
    whole = all(_is_whole(cell) for row in body for cell in row.cells)
    if whole and len(named) < MIN_COUNTED:
        return None, rows
    if whole or len(named) < MIN_COUNTED:
        raise InputError(
            f"{name}, line {first.line}: {', '.join(named[:4])} may name the columns or be a class; give the columns "
            "names such as d0, or leave the line out."
        )
    return first, body


def _names_columns(first: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row has words where the next has numbers, or counts beside its words."""
    words = [_is_word(cell) for cell in first]
    numbered = [cell for cell, word in zip(first, words, strict=True) if not word]
    return _counts(numbered) or any(word and _is_number(cell) for word, cell in zip(words, below, strict=True))


def _passed_over(rows: Sequence[Record], titles: Sequence[str], name: str) -> list[int]:
    """Columns of names, and an index that counts the rows."""
    passed = []
    for at, title in enumerate(titles):
        cells = [row.cells[at] for row in rows]
        words = all(map(_is_word, cells))
        indexes = title.casefold() in INDEX_TITLES or (at == 0 and not title and any(titles[1:]))
        if indexes:
            cells = [re.sub(r"\.0+$", "", cell) for cell in cells]
        if words and len(titles) > 1:
            passed.append(at)
        elif (at == 0 or indexes) and _counts(cells) and (indexes or len(cells) >= MIN_COUNTED) and len(titles) > 1:
            if not indexes and all(_is_whole(cell) for row in rows for cell in row.cells):
                raise InputError(
                    f"{name}: the first column may be an index or part of the vectors; call it 'index' or leave it out."
                )
            passed.append(at)
        elif indexes and all(_is_whole(cell) for cell in cells):
            raise InputError(
                f"{name}: the column {title!r} does not count the rows from 0 or 1; put the rows into the order of the "
                "classes, and leave it out."
            )
    return passed


def _counts(cells: Sequence[str]) -> bool:
    """Whether cells are 0, 1, 2, ... or 1, 2, 3, ..."""
    if len(cells) < 2 or cells[0] not in ("0", "1"):
        return False
    start = int(cells[0])
    return all(cell == str(start + place) for place, cell in enumerate(cells))


def _is_whole(cell: str) -> bool:
    return re.fullmatch(r"[+-]?\d+", cell) is not None


def _is_word(cell: str) -> bool:
    return cell.casefold() not in MISSING and not _is_number(cell)


def _is_number(cell: str) -> bool:
    try:
        number_in(cell)
    except ValueError:
        return False
    return True


def _number(cell: str, line: int, name: str) -> float:
    try:
        return number_in(cell)
    except ValueError:
        shown = "an empty cell" if not cell else repr(cell[:40])
        raise InputError(f"{name}, line {line}: {shown} is no number.") from None
