"""Columns of tables: matching a header with the known columns, and notes about the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from alignment.errors import InputError
from alignment.wording import first_of

SHOWN_CELL_CHARACTERS = 40
SHOWN_COLUMNS = 6
IGNORED = re.compile(r"[\s_\-\u200b-\u200d\u2060\ufeff]+")  # in a header
LIST_OF_TEXTS = re.compile(r"\[\s*(['\"]).*['\"]\s*\]", re.DOTALL)  # as Python, JSON and NumPy write it


@dataclass(frozen=True)
class Column:
    """A known column of a table.

    ``synonyms`` are other accepted headers, in order of preference. Of several matching columns the first is read; with
    ``every`` the others too, under their headers in the file. ``whole``: it may hold whole numbers, which spreadsheets
    with decimal commas write as 281,0. ``sentence``: each cell is one sentence, so that a list in a Parquet or JSON
    file becomes one row per member, and a list written as text is refused. ``lines``: a ``.txt`` whose first line
    names no column is a list of its cells, one per line. ``knows``: whether a text is a value of the column, by which
    the keys of a JSON object are told from columns.
    """

    synonyms: Sequence[str] = ()
    required: bool = True
    every: bool = False
    whole: bool = False
    sentence: bool = False
    lines: bool = False
    knows: Callable[[str], bool] | None = None


def find_columns(header: Sequence[str], name: str, columns: Mapping[str, Column], where: str) -> dict[str, int]:
    """:func:`column_places` of a header, checked.

    Parameters
    ----------
    where : str
        Part of the file that must name the columns ("first line", "schema"), for messages.

    Raises
    ------
    InputError
        When a known column occurs twice, or a required one is missing.
    """
    known = {_fold(cell) for key, column in columns.items() for cell in (key, *column.synonyms)}
    folded = [*map(_fold, header)]
    count = Counter(folded)
    for cell, plain in zip(header, folded, strict=True):
        if cell and plain in known and count[plain] > 1:
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
    """Position in the header of every column to read, from left to right."""
    places: dict[str, int] = {}
    first = _first_positions(header)
    for key, column in columns.items():
        found = _matching_positions(first, key, column)
        if found:
            places[key] = found[0]
        if column.every:
            places |= {header[place]: place for place in found[1:]}
    return dict(sorted(places.items(), key=lambda item: item[1]))


def column_notes(
    header: Sequence[str], name: str, places: Mapping[str, int], columns: Mapping[str, Column]
) -> list[str]:
    """Notes on columns that are read under a synonym, and on columns skipped as duplicates of one that is read."""
    notes = []
    first, read = _first_positions(header), {*places.values()}
    for key, at in places.items():
        if _fold(header[at]) != _fold(key):
            notes.append(f"{name}: the column {header[at]!r} is read as {key!r}.")
        has_one = key in columns and not columns[key].every
        passed = _matching_positions(first, key, columns[key])[1:] if has_one else []
        notes += [
            f"{name}: the column {header[other]!r} is passed over; {header[at]!r} is read in its place."
            for other in passed
            if other not in read
        ]
    return notes


def unread_columns(header: Sequence[str], places: Mapping[str, int], columns: Mapping[str, Column]) -> list[str]:
    """Headers of unknown columns, which are not read."""
    first = _first_positions(header)
    known = {at for key, column in columns.items() for at in _matching_positions(first, key, column)}
    known |= {*places.values()}
    return [cell for at, cell in enumerate(header) if cell and at not in known]


def listed_columns(headers: Sequence[str]) -> str:
    """Columns as the subject of a sentence, the verb included.

    Examples
    --------
    >>> listed_columns(["id"]), listed_columns(["id", "date"])
    ("the column 'id' is", "the columns 'id', 'date' are")
    """
    shown = first_of([repr(header[:SHOWN_CELL_CHARACTERS]) for header in headers], SHOWN_COLUMNS)
    return f"the column {shown} is" if len(headers) == 1 else f"the columns {shown} are"


def wanted_columns(columns: Mapping[str, Column]) -> str:
    """The columns that a table must have, in words."""
    return " and ".join(
        f"'{key}'" + (f" (or {', '.join(column.synonyms[:3])})" if column.synonyms else "")
        for key, column in columns.items()
        if column.required
    )


def sentence_columns(keys: Iterable[str], columns: Mapping[str, Column]) -> list[str]:
    """Those of these columns whose cells are sentences."""
    return [key for key in keys if key in columns and columns[key].sentence]


def _first_positions(header: Sequence[str]) -> dict[str, int]:
    """First position of every cell of a header, by what :func:`_fold` makes of it."""
    return {_fold(header[at]): at for at in reversed(range(len(header)))}


def _matching_positions(first: Mapping[str, int], key: str, column: Column) -> list[int]:
    """Positions of header cells that match a column by its key or synonyms, the preferred one first.

    ``first`` is as of :func:`_first_positions`, made once for all columns: a file may have thousands.
    """
    names = dict.fromkeys(map(_fold, (key, *column.synonyms)))
    return [first[name] for name in names if name in first]


def _fold(header: str) -> str:
    return IGNORED.sub("", header).casefold()


def sentence_fault(cell: str) -> str:
    """Error message for a cell that is not one sentence (a list); "" where it is valid."""
    if not LIST_OF_TEXTS.fullmatch(cell):
        return ""
    return f"the cell {cell[:SHOWN_CELL_CHARACTERS]!r} is a list; write each of its sentences in a row of its own."
