"""Tables in Parquet files: columns checked by type, rows read one row group at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import InputError, first_line
from alignment.files.cell_texts import cell_text, split_sentences
from alignment.files.columns import Column, column_notes, find_columns, sentence_columns, sentence_fault, unread_columns
from alignment.files.csv_records import Refusal
from alignment.files.reading import is_file, parse_json, read_file, refuse_pipe
from alignment.files.tables import Row, Table

if TYPE_CHECKING:
    import pyarrow
    from pyarrow.parquet import ParquetFile

ENDINGS = (".parquet", ".pq")
FIRST_BYTES = b"PAR1\x15"
SHOWN_NAMES = 3  # of the classes that a file names
SHOWN_FIELDS = 6
NO_LABEL = -1  # what Hugging Face datasets hold where an example has none


@dataclass(frozen=True)
class _Header:
    """Columns to read from a file: positions by column, class names by column of class numbers, and notes."""

    places: dict[str, int]
    class_names: dict[str, list[str]]
    notes: list[str]


def is_parquet(path: Path | str) -> bool:
    """Whether a file is in Parquet, by its name or by its first bytes."""
    if str(path).lower().endswith(ENDINGS):
        return True
    if not is_file(path):
        return False  # a pipe can be read only once
    try:
        with open(path, "rb") as file:
            return file.read(len(FIRST_BYTES)) == FIRST_BYTES
    except OSError:
        return False  # reading it raises the error


def parquet_rows(source: Path | str, name: str, columns: Mapping[str, Column]) -> int:
    """Number of rows of a Parquet file; its columns are checked.

    Raises
    ------
    InputError
        When it is damaged, or a column is missing or cannot be read.
    """
    file = _open(source, name)
    _header(file, name, columns)
    return file.metadata.num_rows


def read_parquet(
    source: Path | str, name: str, columns: Mapping[str, Column], start: int = 0, count: int | None = None
) -> Table:
    """Read rows of a Parquet file, numbered from 1; a list of sentences becomes one row per sentence, same number.

    Parameters
    ----------
    source : Path or str
    name : str
        Its name in messages.
    columns : dict from name to Column
    start, count : int
        Which rows; by default all.

    Raises
    ------
    InputError
        When it is damaged, or a column is missing or cannot be read.
    """
    file = _open(source, name)
    header = _header(file, name, columns)
    titles = file.schema_arrow.names
    read = {key: titles[at] for key, at in header.places.items()}
    sentences = sentence_columns(read, columns)
    end = file.metadata.num_rows if count is None else start + count
    rows, refused = [], []
    for number, cells in _cells(file, name, list(read.values()), start, end):
        held = dict(zip(read, cells, strict=True))
        try:
            for key, names in header.class_names.items():
                held[key] = _to_class_names(held[key], names, read[key])
            each_sentence = split_sentences(held, sentences)
            found = [{key: cell_text(cell) for key, cell in each.items()} for each in each_sentence]
        except UnicodeDecodeError:
            refused.append(Refusal(number + 1, "its bytes are no text in UTF-8."))
            continue
        except InputError as error:
            refused.append(Refusal(number + 1, str(error)))
            continue
        for texts in found:
            if fault := next(filter(None, (sentence_fault(texts[key]) for key in sentences)), ""):
                refused.append(Refusal(number + 1, fault))
            elif any(texts.values()):
                rows.append(Row(number + 1, texts))
    unread = unread_columns(titles, header.places, columns)
    return Table(list(read), rows, refused, header.notes, headers=read, unread=unread)


def native_file(path: Path | str) -> pyarrow.NativeFile:
    """Open a file for pyarrow, which cannot open names that are not UTF-8 itself.

    Raises
    ------
    OSError
    """
    import pyarrow

    return pyarrow.OSFile(os.fsencode(path))


def _open(source: Path | str, name: str) -> ParquetFile:
    import pyarrow
    from pyarrow import parquet

    refuse_pipe(source)
    try:
        return parquet.ParquetFile(native_file(source))
    except (pyarrow.ArrowException, OSError) as error:
        read_file(source, name)  # raises where it cannot be opened
        raise InputError(f"{name} is no whole Parquet file; it may have been cut short. Write it anew.") from error


def _header(file: ParquetFile, name: str, columns: Mapping[str, Column]) -> _Header:
    """Find the columns to read; an optional column whose type is neither text nor numbers is skipped with a note."""
    schema = file.schema_arrow
    places = find_columns(schema.names, name, columns, "schema")
    passed_over = []
    for key, at in list(places.items()):
        column, title = columns.get(key), schema.names[at]
        holds = _unreadable(schema.field(at).type, column)
        if holds and column and column.required:
            raise InputError(
                f"{name}: the column {title!r} holds {holds}; write a column {key!r} of "
                f"{'sentences' if column.sentence else 'numbers or names of classes'}."
            )
        if holds:
            passed_over.append(f"{name}: the column {title!r} holds {holds}, and is passed over.")
            del places[key]
    notes = [*column_notes(schema.names, name, places, columns), *passed_over]
    class_names = {key: names for key, at in places.items() if (names := _class_names(schema, schema.names[at]))}
    for key, names in class_names.items():
        shown = ", ".join(map(repr, names[:SHOWN_NAMES])) + (", ..." if len(names) > SHOWN_NAMES else "")
        title = schema.names[places[key]]
        notes.append(f"{name}: the numbers of the column {title!r} are read as the names that the file lists: {shown}.")
    return _Header(places, class_names, notes)


def _unreadable(kind: pyarrow.DataType, column: Column | None) -> str:
    """Name of a column's type, for messages, where its cells cannot be read as text; "" where they can.

    Lists of sentences or of classes can be read, and Label Studio's ``{"choices": [...]}`` as a list of classes.
    """
    from pyarrow import types

    lists = (types.is_list, types.is_large_list, types.is_fixed_size_list, types.is_list_view, types.is_large_list_view)
    of_classes = column is None or column.every or column.whole
    if types.is_struct(kind):
        fields = [field.name for field in kind]
        if of_classes and fields == ["choices"]:
            return ""
        more = ", ..." if len(fields) > SHOWN_FIELDS else ""
        return f"structs with the fields {', '.join(map(repr, fields[:SHOWN_FIELDS]))}{more}"
    if not any(is_list(kind) for is_list in lists):
        return "maps" if types.is_nested(kind) else ""
    inside = _unreadable(kind.value_type, None) if types.is_nested(kind.value_type) else ""
    if inside or any(is_list(kind.value_type) for is_list in lists):
        return f"lists of {inside or 'lists'}"
    return "" if of_classes or (column and column.sentence) else "lists"


def _class_names(schema: pyarrow.Schema, title: str) -> list[str]:
    """Class names of a column of Hugging Face's type ClassLabel, from the file's metadata; [] for other columns."""
    try:
        stated = parse_json((schema.metadata or {}).get(b"huggingface", b"{}"))
        feature = stated["info"]["features"][title]
        if isinstance(feature, list):  # a list of them, in older versions
            feature = feature[0]
        feature = feature.get("feature", feature)
        names = feature["names"] if feature["_type"] == "ClassLabel" else []
    except (ValueError, LookupError, TypeError, AttributeError):
        return []
    return names if isinstance(names, list) and all(isinstance(name, str) for name in names) else []


def _to_class_names(cell: object, names: list[str], title: str) -> object:
    """Replace class numbers in a cell, or in a list in it, by class names."""
    if isinstance(cell, list):
        return [_to_class_names(member, names, title) for member in cell]
    if not isinstance(cell, int) or cell == NO_LABEL:
        return None if cell == NO_LABEL else cell
    if not 0 <= cell < len(names):
        raise InputError(f"the file lists {len(names)} names for the column {title!r}, and none for {cell}.")
    return names[cell]


def _cells(
    file: ParquetFile, name: str, columns: list[str], start: int, end: int
) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Yield number, from 0, and cells of rows ``start`` to ``end``; other row groups are not read."""
    import pyarrow

    first = 0
    try:
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            if first < end and first + size > start:
                begin = max(start, first)
                table = file.read_row_group(group, columns=columns).slice(begin - first, end - begin)
                cells = zip(*(table[column].to_pylist() for column in columns), strict=True)
                yield from enumerate(cells, start=begin)
            first += size
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{name} is damaged ({first_line(error, 80)}); write it anew.") from error
