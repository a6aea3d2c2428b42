"""Matrices of numbers in text files from pandas, Excel, R, NumPy or word2vec, with or without header and index."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from alignment.class_embeddings.number_cells import (
    is_number,
    is_whole,
    is_word,
    plain_numbers,
    refuse_unread_numbers,
    without_decimals,
)
from alignment.errors import InputError
from alignment.files.csv_cells import names_an_index, number_in
from alignment.files.csv_records import Record, Refusal, records, split_lines
from alignment.files.encodings import decode
from alignment.files.reading import begins_with_json, parse_json
from alignment.files.tables import SEPARATOR_LINE

MIN_COUNTED = 3  # consecutive numbers 0, 1, 2, ... that count as an index


class NumberTable(NamedTuple):
    """A matrix with the names of its rows and columns.

    Attributes
    ----------
    numbers : array (n, d), float64 if read from text
    notes : skipped parts of the file, one sentence each
    row_names : columns of words, by their names in messages
    titles : headers of the columns of numbers, "" where there is none
    """

    numbers: np.ndarray
    notes: list[str]
    row_names: dict[str, list[str]]
    titles: list[str]


def read_numbers(content: bytes, name: str, count: int | None = None) -> NumberTable:
    """Read the numbers of a text file, one row per line.

    Cells are separated by commas, semicolons, tabs or blanks. A header, an index and columns of words are left out.

    Parameters
    ----------
    content : bytes
    name : str
        Name of the file in messages.
    count : int, optional
        Number of rows, if known: it decides whether a first row 0, 1, 2, ... is a header.

    Raises
    ------
    InputError
        When a cell is not a number, rows differ in their number of cells, or a header or index is ambiguous.
    """
    text, notes = decode(content, name)
    if (held := _json_numbers(text, name)) is not None:
        numbers, names = held
        row_names = {"keys": names} if names else {}
        return NumberTable(numbers, [*notes, f"{name} is read as JSON, one list of numbers per row."], row_names, [])
    rows, about_cells = _rows(split_lines(text), name)
    notes += about_cells
    if _states_shape(rows, name):
        notes.append(
            f"{name}: line {rows[0].line} is passed over; it states {' rows of '.join(rows[0].cells)} numbers."
        )
        rows = rows[1:]
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
    passed = _columns_to_skip(rows, titles, name)
    called = {at: f"column {titles[at]!r}" if titles[at] else f"column {at + 1}" for at in passed}
    if len(passed) == width:
        shown = repr(rows[-1].cells[0][:40])
        raise InputError(f"{name} holds no numbers but for an index: line {rows[-1].line} begins with {shown}.")
    kept = [at for at in range(width) if at not in passed]
    notes += _about_columns(rows, titles, passed, kept, name)
    numbers = np.array([[_number(row.cells[at], row.line, name) for at in kept] for row in rows])
    row_names = {called[at]: [row.cells[at] for row in rows] for at in passed if is_word(rows[0].cells[at])}
    return NumberTable(numbers, notes, row_names, [titles[at] for at in kept])


def _json_numbers(text: str, name: str) -> tuple[np.ndarray, list[str]] | None:
    """Matrix of a JSON list of lists of numbers, or of lists by name, and the names; None where the text is not JSON.

    Raises
    ------
    InputError
        When the text is other JSON.
    """
    if not begins_with_json(text):
        return None
    try:
        held = parse_json(text)
    except ValueError:  # several values: objects on lines of their own, or vectors in brackets, which are refused later
        held = {} if text.lstrip().startswith("{") else None
    if held is None:
        return None
    rows = held if isinstance(held, list) else list(held.values()) if isinstance(held, dict) and len(held) > 1 else []
    lists = rows and all(isinstance(row, list) and len(row) == len(rows[0]) for row in rows)
    if lists and {type(number) for row in rows for number in row} <= {int, float}:
        with contextlib.suppress(OverflowError):
            return np.array(rows, dtype=np.float64), list(held) if isinstance(held, dict) else []
    raise InputError(f"{name} is JSON, no matrix; write a list of lists of numbers, one per class, or save it as CSV.")


def _rows(lines: list[str], name: str) -> tuple[list[Record], list[str]]:
    """Split lines into rows without empty rows and columns, numbers in Python's notation; also notes."""
    lines = [line.strip(" ") for line in lines]
    blanks = {line.count(" ") for line in lines if not line.startswith("#")}
    lines = ["" if line.startswith("# ") and not _is_vector_of_hash(line, blanks) else line for line in lines]
    start, separator = 0, next((mark for mark in "\t;," if any(_separates(mark, line) for line in lines[:9])), " ")
    if named := SEPARATOR_LINE.fullmatch(lines[0]):
        start, separator = 1, named[1]
        if separator == '"':
            raise InputError(f"{name}, line 1: cells cannot be separated by '\"'; use another mark.")
    if separator == " ":
        lines = [re.sub(r'^" (?=[^"]+$)', '"""" ', line) for line in lines]  # the vector of a quotation mark
    refused: list[Refusal] = []
    rows = [row for row in records(lines, start, separator, refused) if any(row.cells)]
    if refused:
        raise InputError(f"{name}, {refused[0]}")
    used = {at for row in rows for at, cell in enumerate(row.cells) if cell}  # spreadsheets write blank columns too
    rows = [Record(row.line, row.last, [cell for at, cell in enumerate(row.cells) if at in used]) for row in rows]
    return plain_numbers(_with_whole_names(rows, name) if separator == " " else rows, separator, name)


def _is_vector_of_hash(line: str, blanks: set[int]) -> bool:
    """Whether a line is the vector of the word "#" rather than a comment: decimals, as many blanks as another line."""
    return line.count(" ") in blanks and all("." in cell and is_number(cell) for cell in line.split()[1:])


def _separates(mark: str, line: str) -> bool:
    """Whether a mark is in a line as a separator, not as a word followed by its vector between blanks."""
    return mark in line and not re.fullmatch(rf"{mark} \S+ [^{mark}]*", line)


def _with_whole_names(rows: list[Record], name: str) -> list[Record]:
    """Join names that contain blanks into one cell, in a word2vec file whose first row states the vector size.

    Raises
    ------
    InputError
        For such names in a file whose first row does not.
    """
    stated = rows[0].cells if rows else []
    if len(stated) == 2 and all(re.fullmatch(r"\d{1,9}", cell) for cell in stated):
        count, width = map(int, stated)
        named = [(" ".join(row.cells[:-width]), row.cells[-width:]) for row in rows[1:] if len(row.cells) > width > 0]
        if len(named) == count == len(rows) - 1 and all(is_number(cell) for _, cells in named for cell in cells):
            pairs = zip(rows[1:], named, strict=True)
            return [rows[0], *(Record(row.line, row.last, [word, *cells]) for row, (word, cells) in pairs)]
    for row in rows if len({len(row.cells) for row in rows}) > 1 else []:
        first, second = [*row.cells, ""][:2]
        if is_word(first) and is_word(second) and is_number(row.cells[-1]) and not is_whole(row.cells[-1]):
            reason = f"the name {f'{first} {second}'[:40]!r} holds a blank; write it as {f'{first}_{second}'[:40]!r}."
            raise InputError(f"{name}, line {row.line}: {reason}")
    return rows


def _states_shape(rows: Sequence[Record], name: str) -> bool:
    """Whether the first row states the shape of the matrix, as in word2vec files."""
    if len(rows) < 2 or len(rows[0].cells) != 2 or not all(map(is_whole, rows[0].cells)):
        return False
    first, *body = rows
    width = len(body[0].cells)
    named = all(is_word(row.cells[0]) for row in body) and first.cells[1] == str(width - 1)
    if any(len(row.cells) != width for row in body) or not (named or (width > 2 and first.cells[1] == str(width))):
        return False
    if first.cells[0] != str(len(body)):
        raise InputError(
            f"{name}, line {first.line}: {first.cells[0][:20]} rows of {first.cells[1]} numbers are stated, but "
            f"{len(body):,} follow; the file may have been cut short."
        )
    return True


def _header(rows: list[Record], name: str, count: int | None) -> tuple[Record | None, list[Record]]:
    """Header row, or None, and the other rows."""
    if not rows:
        return None, rows
    first, body = rows[0], rows[1:]
    words = [cell for cell in first.cells if is_word(cell)]
    below = body[0].cells if body else []
    if words and (not body or len(below) != len(first.cells) or _names_columns(first.cells, below)):
        return first, body
    named = first.cells[1:] if first.cells[0] == "" else first.cells
    if words or not _counts(named) or not body:
        return None, rows
    if first.cells[0] == "" or (count is not None and len(body) == count):
        return first, body
    if count == len(rows):
        return None, rows
    whole = all(is_whole(cell) for row in body for cell in row.cells)
    if whole and len(named) < MIN_COUNTED:
        return None, rows
    if whole or len(named) < MIN_COUNTED:
        raise InputError(
            f"{name}, line {first.line}: {', '.join(named[:4])} may name the columns or be a class; give the columns "
            "names such as d0, or leave the line out."
        )
    return first, body


def _names_columns(first: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row has words where the next has numbers, or 0, 1, 2, ... beside its words."""
    words = [is_word(cell) for cell in first]
    numbered = [cell for cell, word in zip(first, words, strict=True) if not word]
    return _counts(numbered) or any(word and is_number(cell) for word, cell in zip(words, below, strict=True))


def _columns_to_skip(rows: Sequence[Record], titles: Sequence[str], name: str) -> list[int]:
    """Positions of columns of names, and of an index that counts the rows."""
    passed = []
    for at, title in enumerate(titles):
        cells = [row.cells[at] for row in rows]
        words = all(map(is_word, cells))
        coordinate = title.casefold() == "y" and any(other.casefold() == "x" for other in titles)
        indexes = (names_an_index(title) and not coordinate) or (at == 0 and not title and any(titles[1:]))
        if indexes or (at == 0 and not title):
            cells = list(map(without_decimals, cells))
        if words:
            untitled = len(cells) > 1 and not any(titles)  # then the first may be a title
            refuse_unread_numbers(
                cells[untitled:], f"{name}: the column {title!r}" if title else f"{name}: column {at + 1}"
            )
        if words and len(titles) > 1:
            passed.append(at)
        elif (at == 0 or indexes) and _counts(cells) and (indexes or len(cells) >= MIN_COUNTED) and len(titles) > 1:
            if not indexes and all(is_whole(without_decimals(cell)) for row in rows for cell in row.cells):
                raise InputError(
                    f"{name}: the first column may be an index or part of the vectors; call it 'index' or leave it out."
                )
            passed.append(at)
        elif indexes and all(is_whole(cell) for cell in cells):
            raise InputError(
                f"{name}: the column {title!r} does not count the rows from 0 or 1; put the rows into the order of the "
                "classes, and leave it out."
            )
    return passed


def _about_columns(
    rows: Sequence[Record], titles: Sequence[str], passed: Sequence[int], kept: Sequence[int], name: str
) -> list[str]:
    """Notes on columns that were left out, and on a single column of whole numbers that was kept."""
    shown = [f"{at + 1} ({title!r})" if title else str(at + 1) for at, title in enumerate(titles)]
    left_out = ", ".join(shown[at] for at in passed)
    notes = [f"{name}: left out as an index or as names: column {left_out}."] if passed else []
    whole = [at for at in kept if all(is_whole(row.cells[at]) for row in rows)]
    if len(whole) == 1 < len(kept):
        read = "holds whole numbers alone and is read as part of the vectors; leave an index out"
        notes.append(f"{name}: column {shown[whole[0]]} {read}.")
    return notes


def _counts(cells: Sequence[str]) -> bool:
    """Whether cells are 0, 1, 2, ... or 1, 2, 3, ..."""
    if len(cells) < 2 or cells[0] not in ("0", "1"):
        return False
    start = int(cells[0])
    return all(cell == str(start + place) for place, cell in enumerate(cells))


def _number(cell: str, line: int, name: str) -> float:
    try:
        return number_in(cell)
    except ValueError:
        shown = "an empty cell" if not cell else repr(cell[:40])
        raise InputError(f"{name}, line {line}: {shown} is no number.") from None
