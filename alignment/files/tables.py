"""Tables that people write: CSV files of any usual encoding and separator, read row by row."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alignment.errors import InputError
from alignment.files.csv_cells import unescaped
from alignment.files.reading import read_file

TABLE_TYPES = ("csv", "tsv", "txt")  # endings of the names of such files
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
BYTE_ORDER_MARKS = {  # the longer ones first: that of UTF-16 begins that of UTF-32
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ENCODING_NAMES = {"utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
USUAL_ENCODINGS = ("cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp932", "gb18030", "big5", "cp949")
COHERENCE_MARGIN = 0.1  # by which another encoding must look more like a language than these do
SHOWN_CELL_CHARACTERS = 40
SHOWN_COLUMNS = 6


@dataclass(frozen=True)
class Refusal:
    """A row of a user's table that was left out, by its line in the file."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True)
class Column:
    """A column that a table may have.

    ``synonyms`` are other headers that mean it, in the order in which they are taken.
    """

    synonyms: Sequence[str] = ()
    required: bool = True


@dataclass(frozen=True)
class Row:
    """One row: where it begins in the file, and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A table as it was read.

    Attributes
    ----------
    columns : the known columns that the file has
    rows : those that could be read, blank ones left away
    refused : those that could not, with their lines
    notes : what the file was taken for where that is not the usual, one sentence each
    """

    columns: list[str]
    rows: list[Row]
    refused: list[Refusal]
    notes: list[str]


def read_table(source: Path | str | bytes, name: str, columns: Mapping[str, Column], *, others: bool = False) -> Table:
    """Read a CSV file with a header.

    The encoding (UTF-8, UTF-16, Windows-1252 and others that look like a language) and the separator (comma,
    semicolon, tab, or what a line ``sep=;`` names) are found; headers are compared without case and blanks. A row is
    read when it has as many cells as the header, and left out otherwise.

    Parameters
    ----------
    source : Path, str or bytes
        A file, or the content of one.
    name : str
        What messages call it.
    columns : dict from name to Column
        Those that are read.
    others : bool
        Whether all others that have a header are read too, under that; else they are passed over.

    Raises
    ------
    InputError
        When the file cannot be read, is no text, or lacks a required column.
    """
    text, notes = decode(_content(source, name), name)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    separator, first = _separator(lines, first, columns)
    if separator != ",":
        notes.append(f"{name}: cells are separated by {SEPARATORS.get(separator, repr(separator))}.")
    refused: list[Refusal] = []
    records = _records(lines, first, separator, refused)
    _, header = next(records, (0, []))
    if refused:
        raise InputError(f"{name}, {refused[0]}")
    if others:
        known = column_places(header, columns).values()
        extra = {cell: Column(required=False) for at, cell in enumerate(header) if cell and at not in known}
        columns = {**extra, **columns}
    places = _places(header, name, columns)
    renamed = [(header[at], key) for key, at in places.items() if _folded(header[at]) != _folded(key)]
    notes += [f"{name}: the column {header!r} is read as {key!r}." for header, key in renamed]
    rows = []
    for line, cells in records:
        if not any(cells):
            continue
        if reason := _count_problem(cells, header, places, columns):
            refused.append(Refusal(line, reason))
            continue
        rows.append(Row(line, {key: cells[at] if at < len(cells) else "" for key, at in places.items()}))
    return Table(list(places), rows, sorted(refused, key=lambda one: one.line), notes)


def _content(source: Path | str | bytes, name: str) -> bytes:
    return source if isinstance(source, bytes) else read_file(source, name)


def decode(content: bytes, name: str) -> tuple[str, list[str]]:
    """The text of a file, and a note where its encoding is not UTF-8.

    Raises
    ------
    InputError
        When the file is no text.
    """
    encoding = next((known for mark, known in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    if encoding == "utf-8" and 4 * content.count(0) > len(content):  # every other byte of English in UTF-16
        encoding = "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = _encoding_without_mark(content, name)
        text = content.decode(encoding)
    if content.startswith(b"PK\x03\x04") or text.count("\0") > len(text) / 4:
        raise InputError(f"{name} is no text; save the table as CSV (in a spreadsheet: save as, CSV UTF-8).")
    notes = []
    if not encoding.startswith("utf-8"):
        notes.append(f"{name} is not in UTF-8; it is read as {ENCODING_NAMES.get(encoding, encoding.upper())}.")
    return text, notes


def _encoding_without_mark(content: bytes, name: str) -> str:
    """The encoding of bytes that are not UTF-8: a usual one unless another looks more like a language."""
    from charset_normalizer import from_bytes

    if content.startswith(tuple(BYTE_ORDER_MARKS)) or 4 * content.count(0) > len(content):
        raise InputError(f"{name} is cut off in the middle of a character; save it anew as CSV in UTF-8.")
    matches = from_bytes(content)
    best = matches.best()
    if best is None:
        raise InputError(f"{name} cannot be read as text; save it as CSV in UTF-8.")
    likely = [match for match in matches if match.coherence >= best.coherence - COHERENCE_MARGIN]
    names = {name for match in likely for name in match.could_be_from_charset}
    return next((name for name in USUAL_ENCODINGS if name in names), best.encoding)


def _separator(lines: Sequence[str], first: int, columns: Mapping[str, Column]) -> tuple[str, int]:
    """The separator, and the number of the line that holds the header."""
    if first < len(lines) and (named := re.fullmatch(r'"?sep=(.)"?[,;\s]*', lines[first])):
        return named[1], first + 1
    line = lines[first] if first < len(lines) else ""

    def known(separator: str) -> int:
        cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
        return sum(_place(cells, key, column) is not None for key, column in columns.items())

    return max(SEPARATORS, key=known), first  # the first of equals, which is the comma


def _records(
    lines: Sequence[str], start: int, separator: str, refused: list[Refusal]
) -> Iterator[tuple[int, list[str]]]:
    """Records with the number of their first line, from 1; a damaged one is refused and the line after it read anew."""
    while start < len(lines):
        reader = csv.reader(
            (lines[number] + "\n" for number in range(start, len(lines))),
            delimiter=separator,
            skipinitialspace=True,
            strict=True,
        )
        done = 0
        try:
            for cells in reader:
                yield start + done + 1, [unescaped(cell.strip()) for cell in cells]
                done = reader.line_num
            return
        except csv.Error as error:
            begin = start + done
            opened = _opening_line(lines, begin, start + reader.line_num)
            refused.append(Refusal(opened + 1, _damage(str(error), opened, start + reader.line_num)))
            start = opened + 1


def _opening_line(lines: Sequence[str], begin: int, end: int) -> int:
    """Of a damaged record, the line in which its last cell that goes on over several lines is opened."""
    opened, inside = begin, False
    for number in range(begin, min(end, len(lines))):
        if lines[number].count('"') % 2:
            inside = not inside
            opened = number if inside else opened
    return opened


def _damage(error: str, opened: int, end: int) -> str:
    if "NUL" in error:  # Python 3.10
        return "the row contains control characters."
    if "limit" in error:
        return "a cell is longer than a table can hold."
    if end - 1 > opened or "unexpected end" in error:
        return 'a quote is opened here that is never closed; write a quote inside of a cell twice ("").'
    return 'a quote stands inside of a quoted cell; write it twice ("").'


def _places(header: Sequence[str], name: str, columns: Mapping[str, Column]) -> dict[str, int]:
    """Position of every known column in the header."""
    for cell in header:
        if _folded(cell) in map(_folded, columns) and sum(_folded(other) == _folded(cell) for other in header) > 1:
            raise InputError(f"{name} has two columns called {cell!r}; keep one.")
    places = column_places(header, columns)
    missing = [key for key, column in columns.items() if column.required and key not in places]
    if not missing:
        return places
    wanted = wanted_columns(columns)
    if not any(header):
        raise InputError(f"{name} is empty; its first line must name the columns {wanted}.")
    found = ", ".join(repr(cell[:SHOWN_CELL_CHARACTERS]) for cell in header[:SHOWN_COLUMNS])
    raise InputError(f"{name} needs a first line that names the columns {wanted}; found: {found}.")


def column_places(header: Sequence[str], columns: Mapping[str, Column]) -> dict[str, int]:
    """Position of every known column that a header has, from left to right."""
    places = {key: place for key, column in columns.items() if (place := _place(header, key, column)) is not None}
    return dict(sorted(places.items(), key=lambda item: item[1]))


def wanted_columns(columns: Mapping[str, Column]) -> str:
    """The columns that a table must have, in words."""
    return " and ".join(
        f"'{key}'" + (f" (or {', '.join(column.synonyms[:3])})" if column.synonyms else "")
        for key, column in columns.items()
        if column.required
    )


def _place(header: Sequence[str], key: str, column: Column) -> int | None:
    folded = [_folded(cell) for cell in header]
    return next((folded.index(name) for name in map(_folded, (key, *column.synonyms)) if name in folded), None)


def _folded(header: str) -> str:
    return re.sub(r"[\s_\-\ufeff]+", "", header).casefold()


def _count_problem(
    cells: Sequence[str], header: Sequence[str], places: Mapping[str, int], columns: Mapping[str, Column]
) -> str:
    """Why a row has not the right number of cells; "" when it has.

    Empty cells at the end, and optional columns that are missing there, take nothing from any other cell.
    """
    if any(cells[len(header) :]):
        return (
            f"the row has {len(cells)} cells where the first line names {len(header)}; a cell that contains the "
            "separator must stand in quotes."
        )
    needed = max(at for key, at in places.items() if columns[key].required)
    if len(cells) <= needed:
        count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
        return f"the row has {count} where the first line names {len(header)}."
    return ""
