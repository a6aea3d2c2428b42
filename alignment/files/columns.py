"""Columns of tables: which cells of a header mean which column, and what is said of the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alignment.errors import InputError

SHOWN_CELL_CHARACTERS = 40
SHOWN_COLUMNS = 6
LIST_OF_TEXTS = re.compile(r"\[\s*(['\"]).*['\"]\s*\]", re.DOTALL)  # as Python, JSON and NumPy write it


@dataclass(frozen=True)
class Column:
    """A column that a table may have.

    ``synonyms`` are other headers that mean it, in the order in which they are taken. Of several columns that mean it,
    the first is read; with ``every`` the others too, under their own headers. ``whole``: it may hold whole numbers,
    which spreadsheets with decimal commas write as 281,0. ``sentence``: each cell is one sentence, so that a list in a
    Parquet file is one row for each member, and what a CSV writes for a list is refused. ``lines``: a ``.txt`` whose
    first line names no column is a list of its cells, one per line.
    """

    synonyms: Sequence[str] = ()
    required: bool = True
    every: bool = False
    whole: bool = False
    sentence: bool = False
    lines: bool = False


def find_columns(header: Sequence[str], name: str, columns: Mapping[str, Column], where: str) -> dict[str, int]:
    """Position of every column that is read of a header, from left to right.

    Parameters
    ----------
    where : str
        What of the file must name the columns, for messages.

    Raises
    ------
    InputError
        When a known column occurs twice, or a required one is missing.
    """
    known = {_folded(cell) for key, column in columns.items() for cell in (key, *column.synonyms)}
    for cell in header:
        if cell and _folded(cell) in known and sum(_folded(other) == _folded(cell) for other in header) > 1:
            raise InputError(f"{name} has two columns called {cell[:SHOWN_CELL_CHARACTERS]!r}; keep one.")
    places = column_places(header, columns)
    if all(key in places for key, column in columns.items() if column.required):
        return places
    wanted = wanted_columns(columns)
    if not any(header):
        raise InputError(f"{name} is empty; its {where} must name the columns {wanted}.")
    found = ", ".join(repr(cell[:SHOWN_CELL_CHARACTERS]) for cell in header[:SHOWN_COLUMNS])
    raise InputError(f"{name} needs a {where} that names the columns {wanted}; found: {found}.")


def column_places(header: Sequence[str], columns: Mapping[str, Column]) -> dict[str, int]:
    """Position of every column that is read of a header, from left to right."""
    places: dict[str, int] = {}
    for key, column in columns.items():
        found = _meaning(header, key, column)
        if found:
            places[key] = found[0]
        if column.every:
            places |= {header[place]: place for place in found[1:]}
    return dict(sorted(places.items(), key=lambda item: item[1]))


def column_notes(
    header: Sequence[str], name: str, places: Mapping[str, int], columns: Mapping[str, Column]
) -> list[str]:
    """Columns that are read under another name, and those that mean the same as one that is read."""
    notes = []
    for key, at in places.items():
        if _folded(header[at]) != _folded(key):
            notes.append(f"{name}: the column {header[at]!r} is read as {key!r}.")
        passed = _meaning(header, key, columns[key])[1:] if key in columns and not columns[key].every else []
        notes += [
            f"{name}: the column {header[other]!r} is passed over; {header[at]!r} is read in its place."
            for other in passed
            if other not in places.values()
        ]
    return notes


def unread_columns(header: Sequence[str], places: Mapping[str, int], columns: Mapping[str, Column]) -> list[str]:
    """Headers that mean no known column and are not read."""
    known = {at for key, column in columns.items() for at in _meaning(header, key, column)} | {*places.values()}
    return [cell for at, cell in enumerate(header) if cell and at not in known]


def listed_columns(headers: Sequence[str]) -> str:
    """Columns as the subject of a sentence, the verb included.

    Examples
    --------
    >>> listed_columns(["id"]), listed_columns(["id", "date"])
    ("the column 'id' is", "the columns 'id', 'date' are")
    """
    shown = ", ".join(repr(header[:SHOWN_CELL_CHARACTERS]) for header in headers[:SHOWN_COLUMNS])
    more = f" and {len(headers) - SHOWN_COLUMNS} more" if len(headers) > SHOWN_COLUMNS else ""
    return f"the column {shown} is" if len(headers) == 1 else f"the columns {shown}{more} are"


def wanted_columns(columns: Mapping[str, Column]) -> str:
    """The columns that a table must have, in words."""
    return " and ".join(
        f"'{key}'" + (f" (or {', '.join(column.synonyms[:3])})" if column.synonyms else "")
        for key, column in columns.items()
        if column.required
    )


def _meaning(header: Sequence[str], key: str, column: Column) -> list[int]:
    """Positions of the cells of a header that mean a column, the one to be read first."""
    folded = [_folded(cell) for cell in header]
    names = dict.fromkeys(map(_folded, (key, *column.synonyms)))
    return [folded.index(name) for name in names if name in folded]


def _folded(header: str) -> str:
    return re.sub(r"[\s_\-\u200b-\u200d\u2060\ufeff]+", "", header).casefold()


def sentence_fault(cell: str) -> str:
    """Why the cell of a column of sentences is none; "" when it is one."""
    if not LIST_OF_TEXTS.fullmatch(cell):
        return ""
    return f"the cell {cell[:SHOWN_CELL_CHARACTERS]!r} is a list; write each of its sentences in a row of its own."
