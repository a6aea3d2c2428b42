"""Tables in CSV of any usual encoding and separator, or in JSON; damaged rows are refused one by one."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from alignment.errors import InputError
from alignment.files.columns import (
    Column,
    column_notes,
    column_places,
    find_columns,
    sentence_columns,
    sentence_fault,
    unread_columns,
)
from alignment.files.csv_cells import whole_number
from alignment.files.csv_records import Record, Refusal, records, split_lines
from alignment.files.encodings import NOT_UTF8, decode, is_unreadable
from alignment.files.json_records import json_records
from alignment.files.line_records import line_records
from alignment.files.reading import is_json, read_file, refuse_stand_in, unpacked
from alignment.wording import counted, first_items

TABLE_TYPES = ("csv", "tsv", "txt", "json", "jsonl")  # endings of the names of such files
LIST_ENDINGS = (".txt", ".names")  # the latter are the classes of a detector
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "'|'"}
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\s]*')  # the first of a file, as Excel writes and reads it
RULE = " \t|:+-"  # characters of the line below the titles in Markdown
SHOWN_REFUSALS = 10
MAX_HEADERS = 10_000  # of a table of which not all columns are read
BLANK = " \t,;|\"'\ufeff"  # characters of a line without content


def in_brackets(refused: Sequence[Refusal]) -> str:
    """Suffix of a message that lists the first refused rows and counts the others; "" for none.

    Examples
    --------
    >>> in_brackets([Refusal(2, "the sentence is empty."), Refusal(3, "the class is empty.")])
    ' (line 2: the sentence is empty; line 3: the class is empty)'
    """
    shown = first_items([str(one).rstrip(".") for one in refused], SHOWN_REFUSALS)
    return f" ({'; '.join(shown)})" if refused else ""


def left_out(refused: Sequence[Refusal], called: str = "") -> list[str]:
    """Notes on the first refused rows, and how many more there are; ``called`` is the name of their file, if given.

    Examples
    --------
    >>> left_out([Refusal(2, "the sentence is empty.")], "mine.csv")
    ['left out: mine.csv, line 2: the sentence is empty.']
    """
    where = f"{called}, " if called else ""
    return first_items([f"left out: {where}{one}" for one in refused], SHOWN_REFUSALS)


@dataclass(frozen=True)
class Row:
    """One row: its first line in the file (of Parquet and JSON arrays its number, from 1), and its cells by column."""

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


def read_text_table(
    source: Path | str | bytes,
    name: str,
    columns: Mapping[str, Column],
    *,
    others: bool = False,
    most: int | None = None,
) -> Table:
    """Read a CSV file with a header, a list of lines, or the objects of a JSON file (:mod:`.json_records`).

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
    others, most : bool, and int or None
        Whether other columns are read too, under their headers, the first even without one, and how many of those with
        a header, by default all; else they are skipped.

    Raises
    ------
    InputError
        When the file cannot be read, is not text, or a required column is missing.
    """
    text, notes = _read_text(source, name)
    if is_json(text, name):
        found = json_records(text, name, columns)
        columns = _with_others(found.header, columns, most, name) if others else columns
        places = find_columns(found.header, name, columns, "JSON object for each row")
        notes += [*found.notes, *column_notes(found.header, name, places, columns)]
        return _table(found.header, columns, places, found.records, found.refused, notes)
    lines = split_lines(text)
    first = next((number for number, line in enumerate(lines) if line.strip(BLANK)), len(lines))
    if listed := _column_of_lines(lines[first : first + 1], name, columns):
        found = line_records(lines, listed, columns[listed], name)
        places = column_places(found.header, columns)
        return _table(found.header, columns, places, found.records, found.refused, [*notes, *found.notes])
    separator, first = _separator(lines, first, columns, name)
    if separator != ",":
        notes.append(f"{name}: cells are separated by {SEPARATORS[separator]}.")
    head = _header(lines, first, separator, name)
    columns = _with_others(head.cells, columns, most, name) if others else columns
    places = find_columns(head.cells, name, columns, "first line")
    notes += column_notes(head.cells, name, places, columns)
    needed = max((at for key, at in places.items() if key not in columns or columns[key].required), default=0)
    refused: list[Refusal] = []
    read = [one for one in records(lines, head.last, separator, refused, needed + 1) if any(one.cells)]
    doubtful = _doubtful_separators(lines, read, separator)
    count = len(head.cells) - (separator == "|" and not head.cells[-1])  # behind the last bar of Markdown is no cell
    faults = [_problem(one, count, needed, places.values(), doubtful) for one in read]
    refused += [Refusal(one.line, fault) for one, fault in zip(read, faults, strict=True) if fault]
    whole = [one for one, fault in zip(read, faults, strict=True) if not fault]
    return _table(head.cells, columns, places, whole, refused, notes, separator)


def _table(
    header: Sequence[str],
    columns: Mapping[str, Column],
    places: Mapping[str, int],
    body: Iterable[Record],
    refused: list[Refusal],
    notes: list[str],
    separator: str = ",",
) -> Table:
    """Table of records that have a cell in every place; one whose sentence is a list is refused too."""
    whole = [key for key in places if separator != "," and (key not in columns or columns[key].whole)]
    sentences = [places[key] for key in sentence_columns(places, columns)]
    rows = list[Row]()
    for record in body:
        if reason := _fault(record, sentences):
            refused.append(Refusal(record.line, reason))
        elif any(record.cells):
            rows.append(_row(record, places, whole))
    headers, unread = {key: header[at] for key, at in places.items()}, unread_columns(header, places, columns)
    return Table(list(places), rows, sorted(refused), notes, separator, headers, unread)


def _header(lines: Sequence[str], first: int, separator: str, name: str) -> Record:
    """The record of column names, and a rule below; an empty one where there is no line. A damaged one is refused."""
    refused: list[Refusal] = []
    head = next(records(lines, first, separator, refused), Record(0, len(lines), []))
    if any(map(is_unreadable, head.cells)):
        refused.append(Refusal(head.line, NOT_UTF8))
    if refused:
        raise InputError(f"{name}, {refused[0]}")
    below = lines[head.last] if head.last < len(lines) else ""
    return replace(head, last=head.last + 1) if "--" in below and not below.strip(RULE) else head


def _with_others(
    header: Sequence[str], columns: Mapping[str, Column], most: int | None, name: str
) -> dict[str, Column]:
    """Columns, and one for each cell of a header that matches none: the first without a header, and ``most`` others."""
    if most is not None and len(header) > MAX_HEADERS:
        wanted = f"a file holds up to {MAX_HEADERS:,}, of which {most} are read"
        raise InputError(f"{name} has {len(header):,} columns; {wanted}.")
    known = {*column_places(header, columns).values()}
    named = [cell for at, cell in enumerate(header) if cell and at not in known][:most]
    untitled = [""] if header[:1] == [""] and 0 not in known else []
    return {cell: Column(required=False) for cell in (*untitled, *named)} | dict(columns)


def _row(record: Record, places: Mapping[str, int], whole: Sequence[str]) -> Row:
    """Cells of a record by column; those of ``whole`` pass through :func:`whole_number`."""
    cells = {key: record.cells[at] if at < len(record.cells) else "" for key, at in places.items()}
    return Row(record.line, cells | {key: whole_number(cells[key]) for key in whole})


def _read_text(source: Path | str | bytes, name: str) -> tuple[str, list[str]]:
    """Decode a file or its content; add a note where its encoding is not UTF-8."""
    content = source if isinstance(source, bytes) else unpacked(read_file(source, name), name)
    refuse_stand_in(content, name)
    return decode(content, name)


def _column_of_lines(first: Sequence[str], name: str, columns: Mapping[str, Column]) -> str:
    """Key of the column whose cells are the lines of a ``.txt``, judged by its first line; "" where it has a header."""
    is_list = name.lower().removesuffix(".gz").endswith(LIST_ENDINGS)
    key = next((key for key, column in columns.items() if column.lines and is_list), "")
    has_header = any(SEPARATOR_LINE.fullmatch(line) or _names_a_column(line, columns) for line in first)
    return "" if has_header or not first else key


def _names_a_column(line: str, columns: Mapping[str, Column]) -> bool:
    return any(column_places(_cells(line, separator), columns) for separator in SEPARATORS)


def _cells(line: str, separator: str, *, skip_blanks: bool = True) -> list[str]:
    """Cells of a line; none where one is longer than a table can hold, as a wide line is by the wrong separator."""
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=skip_blanks), [])
    except csv.Error:
        return []


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
        cells = _cells(line, separator, skip_blanks=False)
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
        return f"the row has {counted(len(cells), 'cell')} where the first line names {count}."
    if record.line in doubtful and len(cells) > needed + 1:
        return "a blank follows a separator, so that it may be part of a sentence; such a cell must stand in quotes."
    if any(is_unreadable(cells[at]) for at in places if at < len(cells)):
        return NOT_UTF8
    return ""


def _fault(record: Record, sentences: Iterable[int]) -> str:
    """Error message for the first cell at these positions that is not one sentence; "" where all are."""
    return next(filter(None, (sentence_fault(record.cells[at]) for at in sentences)), "")
