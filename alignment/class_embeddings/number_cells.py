"""Normalisation of numbers in table cells: decimal commas, thousands separators, typographic signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from alignment.errors import InputError
from alignment.files.csv_cells import (
    EXPONENT,
    OTHER_MARK,
    THOUSANDS,
    is_missing,
    number_in,
    with_decimal_point,
    with_plain_signs,
)
from alignment.files.csv_records import Record

SHOWN_CHARACTERS = 40  # of a cell in a message
WITH_A_MARK = re.compile(rf"[+-]?\d*([.,])\d*{EXPONENT}")
EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # 1,234 or 1.234: thousands, or decimals
VECTOR = re.compile(
    r"(?:array|tensor)?\(?[\[({<]\s*[+-]?\.?\d"  # [0.1
    r"|[+-]?\d[\d.eE+-]*(?:\s*[;|]|,?\s)\s*[+-]?\.?\d"  # 0.1 0.2, and 0.1; 0.2
    r"|[+-]?\d*\.\d[\deE+-]*,[+-]?\d*\.\d"  # 0.1,0.2
)


def is_number(cell: str) -> bool:
    try:
        number_in(cell)
    except ValueError:
        return False
    return True


def is_word(cell: str) -> bool:
    """Whether a cell holds neither a number nor a marker of a missing value."""
    return not is_missing(cell) and not is_number(cell)


def is_whole(cell: str) -> bool:
    return re.fullmatch(r"[+-]?\d+", cell) is not None


def without_decimals(cell: str) -> str:
    """Write a whole number without decimals (2 for 2.0 and 2.000e+00); other cells unchanged."""
    if not re.fullmatch(r"\d+(\.\d*)?([eE][+-]?\d\d?)?", cell):
        return cell
    number = number_in(cell)
    return str(int(number)) if number.is_integer() else cell


def plain_numbers(rows: Sequence[Record], separator: str, name: str) -> tuple[list[Record], list[str]]:
    """Convert numbers in rows to Python's notation; add a note where thousands separators were removed.

    The decimal mark is inferred from cells in which only one reading is possible. Where all are ambiguous, such as
    1,234, the comma is the decimal mark if cells are separated by other characters, else the thousands separator.
    """
    rows = [Record(row.line, row.last, list(map(with_plain_signs, row.cells))) for row in rows]
    if not any("," in cell for row in rows for cell in row.cells):
        return rows, []
    mark = _decimal_mark(rows, separator)
    if not mark:
        return rows, []
    other, thousands = OTHER_MARK[mark], THOUSANDS[mark]
    found = next((cell for row in rows for cell in row.cells if other in cell and thousands.fullmatch(cell)), "")

    def plain(cell: str) -> str:
        cell = cell.replace(other, "") if found and thousands.fullmatch(cell) else cell
        return with_decimal_point(cell) if mark == "," else cell

    called = {",": "comma", ".": "point"}[other]
    note = f"{name}: the {called} in numbers such as {found!r} is read as a separator of thousands."
    return [Record(row.line, row.last, list(map(plain, row.cells))) for row in rows], [note] if found else []


def _decimal_mark(rows: Sequence[Record], separator: str) -> str:
    """Decimal mark of rows; "" where they contradict. A first row with words counts only where no other has a mark."""
    begin = 1 if any(map(_has_letters, rows[0].cells)) else 0
    marks, doubtful = _marks(cell for row in rows[begin:] for cell in row.cells)
    if not marks and not doubtful:
        marks, doubtful = _marks(rows[0].cells)
    if len(marks) == 1:
        return marks.pop()
    if marks or "," not in doubtful or "." in doubtful:
        return ""
    return "." if separator == "," else ","


def _marks(cells: Iterable[str]) -> tuple[set[str], set[str]]:
    """Marks that can only be decimal, and ambiguous ones, of cells such as 1,234."""
    marks: set[str] = set()
    doubtful: set[str] = set()
    for cell in cells:
        if EITHER.fullmatch(cell):
            doubtful.add("," if "," in cell else ".")
        elif found := WITH_A_MARK.fullmatch(cell):
            marks.add(found[1])
        else:
            marks |= {mark for mark, other in OTHER_MARK.items() if other in cell and THOUSANDS[mark].fullmatch(cell)}
    return marks, doubtful


def refuse_unread_numbers(cells: Sequence[str], called: str) -> None:
    """Refuse a column of words that are numbers in an unsupported notation; ``called`` is its name in messages.

    Raises
    ------
    InputError
        When every cell holds a vector, or is made of digits and marks.
    """
    shown = repr(cells[0][:SHOWN_CHARACTERS])
    if all(VECTOR.match(cell) for cell in cells):
        problem = "holds whole vectors, or brackets of such"
        raise InputError(f"{called} {problem}, as in {shown}; each number must stand alone in a column of its own.")
    if not any(map(_has_letters, cells)) and all(any(map(str.isdigit, cell)) for cell in cells):
        raise InputError(
            f"{called} holds digits that cannot be read as numbers, such as {shown}; write plain numbers such as -1.5, "
            "or leave the column out."
        )


def _has_letters(cell: str) -> bool:
    return any(map(str.isalpha, re.sub(r"(?<=\d)[eE](?=[+-]?\d)", "", cell)))
