"""The records of a CSV text with their lines; a damaged one costs itself alone."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.files.csv_cells import unescaped

ROWS_IN_A_CELL = "rows in a cell"
TOO_MANY_LINES = "too many lines"
RECORD_LINES = 200  # of one row at most, which bounds the work of rereading a damaged one line by line


@dataclass(frozen=True, order=True)
class Refusal:
    """A row of a user's table that was left out: its line in the file, and the reason; sorted by line.

    Examples
    --------
    >>> print(*sorted([Refusal(10, "the class is empty."), Refusal(9, "the sentence is empty.")]), sep="\\n")
    line 9: the sentence is empty.
    line 10: the class is empty.
    """

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True)
class Record:
    """The cells of one CSV record, with its first and last line, counted from 1."""

    line: int
    last: int
    cells: list[str]


@dataclass(frozen=True)
class TitledRecords:
    """Records of a file, the titles of their cells, and the rows left out; notes on unusual interpretations."""

    header: list[str]
    records: list[Record]
    refused: list[Refusal]
    notes: list[str]


def split_lines(text: str) -> list[str]:
    """Split a text at any of the line endings LF, CRLF and CR."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def records(
    lines: Sequence[str], start: int, separator: str, refused: list[Refusal], width: int = 0
) -> Iterator[Record]:
    """Yield records from a line on; after a damaged one is refused, reading resumes at the next line.

    ``width`` is the minimum number of cells of a row; a quoted cell that seems to contain the end of one row and the
    beginning of the next counts as damage. The line in which such a cell ends is read as a row if its quotes are
    balanced.
    """
    lines = list(lines)

    def fed() -> Iterator[str]:
        for number in range(start, len(lines)):
            if number - start - done >= RECORD_LINES:  # done: how many are whole records
                raise csv.Error(TOO_MANY_LINES)
            yield lines[number] + "\n"

    while start < len(lines):
        done = 0
        reader = csv.reader(fed(), delimiter=separator, skipinitialspace=True, strict=True)
        try:
            for cells in reader:
                if reader.line_num > done + 1 and _holds_rows(cells, separator, width):
                    raise csv.Error(ROWS_IN_A_CELL)
                last = start + reader.line_num
                yield Record(start + done + 1, last, [unescaped(cell.strip()) for cell in cells])
                done = reader.line_num
            return
        except csv.Error as error:
            begin = start + done
            end = start + reader.line_num
            opened = _opening_line(lines, begin, end)
            refused.append(Refusal(opened + 1, _damage(str(error), opened, end)))
            if str(error) == ROWS_IN_A_CELL and end - 1 > opened and lines[end - 1].count('"') % 2:
                refused.append(Refusal(end, f"the quote that line {opened + 1} opens ends here, within a row."))
                lines[end - 1] = ""
            start = opened + 1


def _holds_rows(cells: Sequence[str], separator: str, width: int) -> bool:
    """Whether a multi-line cell contains the end of one row and the beginning of the next.

    Judged by separators that no blank follows.
    """
    if not width:
        return False
    for place, cell in enumerate(cells):
        first, *others = cell.split("\n")
        if not others:
            continue
        ends, begins = (len(re.findall(rf"{re.escape(separator)}(?!\s|$)", line)) for line in (first, others[-1]))
        if width > 1 and place + 1 + ends >= width and begins + len(cells) - place >= width:
            return True
        if others[-1].endswith(" ") and others[-1].strip():  # the blank before a quote that opens
            return True
    return False


def _opening_line(lines: Sequence[str], begin: int, end: int) -> int:
    """Index of the line where the last multi-line cell of a damaged record opens."""
    opened, inside = begin, False
    for number in range(begin, min(end, len(lines))):
        if lines[number].count('"') % 2:
            inside = not inside
            opened = number if inside else opened
    return opened


def _damage(error: str, opened: int, end: int) -> str:
    if error == ROWS_IN_A_CELL:
        return 'a quote is opened here that takes in the next row; write a quote inside of a cell twice ("").'
    if "NUL" in error:  # Python 3.10
        return "the row contains control characters."
    if "limit" in error:
        return "a cell is longer than a table can hold."
    if error == TOO_MANY_LINES or end - 1 > opened or "unexpected end" in error:
        closed = f"not closed within {RECORD_LINES} lines" if error == TOO_MANY_LINES else "never closed"
        return f'a quote is opened here that is {closed}; write a quote inside of a cell twice ("").'
    return 'a quote stands inside of a quoted cell; write it twice ("").'
