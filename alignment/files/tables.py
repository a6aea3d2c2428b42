"""CSV tables of any usual encoding and separator, read row by row; damaged rows are refused one by one."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alignment.errors import InputError
from alignment.files.columns import (
    Column,
    column_notes,
    column_places,
    find_columns,
    sentence_fault,
    unread_columns,
    wanted_columns,
)
from alignment.files.csv_cells import unescaped, whole_number
from alignment.files.encodings import decode, is_unreadable
from alignment.files.reading import begins_with_json, read_file, refuse_other_formats, refuse_stand_in, unpacked
from alignment.wording import first_items

TABLE_TYPES = ("csv", "tsv", "txt")  # endings of the names of such files
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "'|'"}
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\s]*')  # the first of a file, as Excel writes and reads it
SHOWN_REFUSALS = 10
BLANK = " \t,;|\"'\ufeff"  # characters of a line without content
ROWS_IN_A_CELL = "rows in a cell"
TOO_MANY_LINES = "too many lines"
RECORD_LINES = 200  # of one row at most, which bounds the work of rereading a damaged one line by line
NOT_UTF8 = "the line is not in UTF-8, as the rest of the file is, or is cut off; save the file anew as CSV UTF-8."


@dataclass(frozen=True)
class Refusal:
    """A row of a user's table that was left out: its line in the file, and the reason."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def in_brackets(refused: Sequence[Refusal]) -> str:
    """Suffix of a message that lists the first refused rows and counts the others; "" for none.

    Examples
    --------
    >>> in_brackets([Refusal(2, "the sentence is empty."), Refusal(3, "the class is empty.")])
    ' (line 2: the sentence is empty; line 3: the class is empty)'
    """
    shown = first_items([str(one).rstrip(".") for one in refused], SHOWN_REFUSALS)
    return f" ({'; '.join(shown)})" if refused else ""


@dataclass(frozen=True)
class Row:
    """One row: its first line in the file, and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A parsed table.

    Attributes
    ----------
    columns : the known columns of the file
    rows : the readable rows, without blank ones
    refused : the other rows, with their lines
    notes : assumptions about the format where it is unusual, one sentence each
    separator : of the cells
    headers : the file's headers by column
    unread : the headers of unknown columns
    """

    columns: list[str]
    rows: list[Row]
    refused: list[Refusal]
    notes: list[str]
    separator: str = ","
    headers: Mapping[str, str] = field(default_factory=dict)
    unread: Sequence[str] = ()


@dataclass(frozen=True)
class Record:
    """The cells of one CSV record, with its first and last line, counted from 1."""

    line: int
    last: int
    cells: list[str]


def read_table(source: Path | str | bytes, name: str, columns: Mapping[str, Column], *, others: bool = False) -> Table:
    """Read a CSV file with a header, or a list of lines.

    The encoding (UTF-8, UTF-16, Windows-1252 and others that look like a language) and the separator (comma,
    semicolon, tab, or what a line ``sep=;`` names) are found; headers are compared without case and blanks. A row is
    read when it has as many cells as the header, and left out otherwise.

    Parameters
    ----------
    source : Path, str or bytes
        A file, which gzip may have compressed, or the content of one.
    name : str
        Its name in messages.
    columns : dict from name to Column
        The known columns.
    others : bool
        Whether other columns are read too, under their headers, the first even without one; else they are skipped.

    Raises
    ------
    InputError
        When the file cannot be read, is not text, or a required column is missing.
    """
    text, notes = _read_text(source, name)
    if begins_with_json(text):
        raise InputError(f"{name} is JSON, no table; save it as CSV with the columns {wanted_columns(columns)}.")
    lines = split_lines(text)
    first = next((number for number, line in enumerate(lines) if line.strip(BLANK)), len(lines))
    if listed := _column_of_lines(lines[first : first + 1], name, columns):
        return _list_of_lines(lines, listed, notes, name)
    separator, first = _separator(lines, first, columns, name)
    if separator != ",":
        notes.append(f"{name}: cells are separated by {SEPARATORS[separator]}.")
    refused: list[Refusal] = []
    head = next(records(lines, first, separator, refused), Record(0, len(lines), []))
    if any(map(is_unreadable, head.cells)):
        refused.append(Refusal(head.line, NOT_UTF8))
    if refused:
        raise InputError(f"{name}, {refused[0]}")
    header = head.cells
    if others:
        known = column_places(header, columns).values()
        extra = {cell: Column(required=False) for at, cell in enumerate(header) if (cell or not at) and at not in known}
        columns = {**extra, **columns}
    places = find_columns(header, name, columns, "first line")
    notes += column_notes(header, name, places, columns)
    needed = max((at for key, at in places.items() if key not in columns or columns[key].required), default=0)
    body = [one for one in records(lines, head.last, separator, refused, needed + 1) if any(one.cells)]
    doubtful = _doubtful_separators(lines, body, separator)
    whole = [key for key in places if separator != "," and (key not in columns or columns[key].whole)]
    sentences = [at for key, at in places.items() if key in columns and columns[key].sentence]
    rows = []
    for record in body:
        if reason := _problem(record, len(header), needed, places.values(), doubtful) or _fault(record, sentences):
            refused.append(Refusal(record.line, reason))
        else:
            rows.append(_row(record, places, whole))
    headers, unread = {key: header[at] for key, at in places.items()}, unread_columns(header, places, columns)
    return Table(list(places), rows, sorted(refused, key=lambda one: one.line), notes, separator, headers, unread)


def _row(record: Record, places: Mapping[str, int], whole: Sequence[str]) -> Row:
    """Cells of a record by column; those of ``whole`` pass through :func:`whole_number`."""
    cells = {key: record.cells[at] if at < len(record.cells) else "" for key, at in places.items()}
    return Row(record.line, cells | {key: whole_number(cells[key]) for key in whole})


def _read_text(source: Path | str | bytes, name: str) -> tuple[str, list[str]]:
    """Decode a file or its content; add a note where its encoding is not UTF-8."""
    content = source if isinstance(source, bytes) else unpacked(read_file(source, name), name)
    refuse_stand_in(content, name)
    refuse_other_formats(content, name)
    return decode(content, name)


def _column_of_lines(first: Sequence[str], name: str, columns: Mapping[str, Column]) -> str:
    """Key of the column whose cells are the lines of a ``.txt``, judged by its first line; "" where it has a header."""
    is_list = name.lower().removesuffix(".gz").endswith(".txt")
    key = next((key for key, column in columns.items() if column.lines and is_list), "")
    has_header = any(SEPARATOR_LINE.fullmatch(line) or _names_a_column(line, columns) for line in first)
    return "" if has_header or not first else key


def _names_a_column(line: str, columns: Mapping[str, Column]) -> bool:
    return any(column_places(_cells(line, separator), columns) for separator in SEPARATORS)


def _list_of_lines(lines: Sequence[str], key: str, notes: list[str], name: str) -> Table:
    """Table of one column whose cells are the lines of a file without a header."""
    notes.append(f"{name}: its first line does not name a column {key!r}, so that every line is read as a {key}.")
    rows, refused = [], []
    for number, line in enumerate(lines, start=1):
        if fault := NOT_UTF8 if is_unreadable(line) else sentence_fault(line.strip()):
            refused.append(Refusal(number, fault))
        elif line.strip():
            rows.append(Row(number, {key: unescaped(line.strip())}))
    return Table([key], rows, refused, notes, headers={key: key})


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])


def _separator(lines: Sequence[str], first: int, columns: Mapping[str, Column], name: str) -> tuple[str, int]:
    """Detect the separator; also return the index of the header line."""
    if first < len(lines) and (named := SEPARATOR_LINE.fullmatch(lines[first])):
        if named[1] not in SEPARATORS:
            usual = ", ".join(SEPARATORS.values())
            raise InputError(f"{name}, line {first + 1}: cells cannot be separated by {named[1]!r}; use {usual}.")
        return named[1], first + 1
    line = lines[first] if first < len(lines) else ""

    def known(separator: str) -> int:
        return len(column_places(_cells(line, separator), columns))

    return max(SEPARATORS, key=known), first  # the first of equals, which is the comma


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


def _doubtful_separators(lines: Sequence[str], body: Sequence[Record], separator: str) -> set[int]:
    """First lines of rows where a separator may be part of a sentence: a blank follows it, unlike in most rows."""
    if separator not in (",", ";"):
        return set()
    mixed: set[int] = set()
    spaced: set[int] = set()
    for record in body:
        line = lines[record.line - 1]
        if record.last > record.line or f"{separator} " not in line:
            continue
        cells = next(csv.reader([line], delimiter=separator), [])
        blanks = [cell[:1] == " " for cell in cells[1:]]
        if not re.search(rf'{separator} +"', line) and any(blanks):
            (spaced if all(blanks) else mixed).add(record.line)
    return mixed if 2 * len(spaced) > len(body) else mixed | spaced


def _problem(record: Record, count: int, needed: int, places: Iterable[int], doubtful: Container[int]) -> str:
    """Error message for a row that cannot be read, else "". ``count`` is the number of cells of the header.

    Empty cells at the end, and missing optional columns there, are accepted: they do not affect other cells.
    """
    cells = record.cells
    if any(cells[count:]):
        return (
            f"the row has {len(cells)} cells where the first line names {count}; a cell that contains the separator "
            "must stand in quotes."
        )
    if len(cells) <= needed:
        found = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
        return f"the row has {found} where the first line names {count}."
    if record.line in doubtful and len(cells) > needed + 1:
        return "a blank follows a separator, so that it may be part of a sentence; such a cell must stand in quotes."
    if any(is_unreadable(cells[at]) for at in places if at < len(cells)):
        return NOT_UTF8
    return ""


def _fault(record: Record, sentences: Iterable[int]) -> str:
    """Error message for the first cell at these positions that is not one sentence; "" where all are."""
    return next(filter(None, (sentence_fault(record.cells[at]) for at in sentences)), "")
