"""Reading a user's file of class attributes, CSV or JSON: columns of numbers or words, one value per class."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from alignment.dictionary.class_cells import CLASS_HEADERS, class_number_notes, named_classes
from alignment.dictionary.classes import ClassTable
from alignment.errors import InputError
from alignment.files.columns import Column
from alignment.files.csv_cells import OTHER_MARK, THOUSANDS, is_missing, number_in, with_decimal_point, with_plain_signs
from alignment.files.csv_records import Refusal
from alignment.files.tables import Row, Table, in_brackets, read_text_table

CLASS_COLUMN = "class"
UNKNOWN_CELLS = {"\u2013", "?", "unknown"}  # in lower case; in other tables they may be the name of a class
MAX_COLUMNS = 40
MAX_CATEGORIES = 60  # of a column of words; more colours are indistinguishable


class ClassColumns(NamedTuple):
    """Columns of a user's file, K rows: float64 with NaN, or words with None; refused rows; notes."""

    frame: pd.DataFrame
    refused: list[Refusal]
    notes: list[str]


def read_class_columns(source: Path | str | bytes, classes: ClassTable, *, called: str = "") -> ClassColumns:
    """Read a CSV or JSON file with the column ``class`` (an index, a WordNet id or a name) and any other columns.

    A column is numeric if most of its known cells are numbers (1.5 or 1,5); rows with other cells in it are refused.
    Cells such as ``-``, ``n/a`` or Excel's ``#N/A`` are unknown.

    Raises
    ------
    InputError
        When the file cannot be read, or has no class or no usable column.
    """
    called = called or str(source)
    table = read_text_table(
        source, called, {CLASS_COLUMN: Column(CLASS_HEADERS, whole=True)}, others=True, most=MAX_COLUMNS
    )
    titles = [title for title in table.columns if title not in (CLASS_COLUMN, "")]  # "": an index
    count = len(titles) + len(table.unread)
    shifted = class_number_notes((row.cells[CLASS_COLUMN] for row in table.rows), classes.known, called)
    notes, refused = [*table.notes, *shifted, *_plain_numbers(table, titles)], list(table.refused)
    if table.unread:
        notes.append(f"{called}: {count:,} columns; those after {titles[-1]!r}, the {MAX_COLUMNS}th, are left out.")
    numeric = {title for title in titles if _is_numeric(row.cells[title] for row in table.rows)}
    values: dict[int, list] = {}
    lines: dict[int, int] = {}
    for row in table.rows:
        try:
            found = [_value(row, title, title in numeric) for title in titles]
            places = _places(row, classes)
            if known := [place for place in places if place in lines]:
                raise InputError(f"{classes.labels[known[0]]} stands in line {lines[known[0]]} already.")
        except InputError as error:
            refused.append(Refusal(row.line, str(error)))
            continue
        values |= dict.fromkeys(places, found)
        lines |= dict.fromkeys(places, row.line)
    refused.sort()
    if not values:
        raise InputError(f"There is no usable row in {called}{in_brackets(refused)}.")
    rows = [values.get(place, [None] * len(titles)) for place in range(len(classes))]
    frame = pd.DataFrame(rows, columns=titles, dtype=object)
    for title in titles:
        if title in numeric:
            frame[title] = frame[title].astype(np.float64)
        elif (count := frame[title].nunique()) > MAX_CATEGORIES or not count:
            notes.append(f"The column {title!r} has {count} different words; colours show 1 to {MAX_CATEGORIES}.")
            frame = frame.drop(columns=title)
    if frame.columns.empty:
        raise InputError(f"{called} has no column to colour by beside 'class'.{' ' + notes[-1] if notes else ''}")
    return ClassColumns(frame, refused, notes)


def _plain_numbers(table: Table, titles: Sequence[str]) -> list[str]:
    """Remove separators of thousands, and percent signs, from columns of such numbers; return a note for each."""
    notes = []
    for title in titles:
        cells = [with_plain_signs(row.cells[title]) for row in table.rows if not _is_unknown(row.cells[title])]
        bare = [cell.removesuffix("%").rstrip() for cell in cells]
        are_shares = all(cell.endswith("%") for cell in cells)
        mark = _mark_of_thousands(bare if are_shares else cells, table.separator)
        if mark:
            called = "commas" if mark == "," else "points"
            notes.append(f"The {called} of the column {title!r} are read as separators of thousands.")
        taken_off = [mark] if mark else []
        if cells and are_shares and all(_number(cell.replace(mark, "")) is not None for cell in bare):
            notes.append(f"The percent signs of the column {title!r} are passed over.")
            taken_off.append("%")
        for row in table.rows if taken_off else ():
            row.cells[title] = row.cells[title].translate(dict.fromkeys(map(ord, taken_off)))
    return notes


def _mark_of_thousands(cells: Sequence[str], separator: str) -> str:
    """What separates the thousands of a column's numbers; "" for none.

    Between semicolons 1,234 is a decimal. In 1.234 the point does so where other numbers of the column have decimal
    commas, or several points as 1.234.567 has.
    """
    for decimal, mark in OTHER_MARK.items():
        grouped = [cell for cell in cells if mark in cell]
        if mark == ",":
            is_clear = separator != ";"
        else:
            numbers = [cell for cell in cells if _number(cell.replace(mark, "")) is not None]
            is_clear = any("," in cell or cell.count(mark) > 1 for cell in numbers)
        if is_clear and grouped and all(map(THOUSANDS[decimal].fullmatch, grouped)):
            return mark
    return ""


def _places(row: Row, classes: ClassTable) -> list[int]:
    places = classes.rows(named_classes(row.cells[CLASS_COLUMN], classes.known))
    if not places:
        raise InputError(f"this space has no class {row.cells[CLASS_COLUMN][:40]!r}.")
    return places


def _is_numeric(cells) -> bool:
    known = [cell for cell in cells if not _is_unknown(cell)]
    return 2 * sum(_number(cell) is not None for cell in known) > len(known)


def _is_unknown(cell: str) -> bool:
    return is_missing(cell) or cell.casefold() in UNKNOWN_CELLS


def _number(cell: str) -> float | None:
    try:
        number = number_in(with_decimal_point(with_plain_signs(cell)))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _value(row: Row, title: str, numeric: bool) -> float | str | None:
    cell = row.cells[title]
    if _is_unknown(cell):
        return None
    if not numeric:
        return cell
    number = _number(cell)
    if number is None:
        raise InputError(f"{cell[:40]!r} is no number, as the others of the column {title[:40]!r} are.")
    return number
