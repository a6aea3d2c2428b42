"""Tables of many rows, divided into shards: Parquet files and CSV files that one pattern names."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alignment.errors import InputError
from alignment.files.reading import read_file
from alignment.files.tables import Column, Row, Table, column_places, read_table, wanted_columns

PARQUET = ".parquet"
SHARD_TYPES = (PARQUET, ".csv", ".tsv", ".txt")
SHARD_ROWS = 10_000  # of a Parquet file that are one shard, so that no more are in memory at a time
FORMATS = ("npy", "parquet")  # of the vectors of a shard
NUMBERS = ("float16", "float32")  # what they are written as


@dataclass(frozen=True)
class Shard:
    """Some rows of a file.

    Attributes
    ----------
    path : str
        Absolute, so that it means the same file to workers that were started in another folder.
    name : str
        Of what is made of it: that of the file without its ending, and a number where it has several shards.
    start, count : int or None
        Which rows of a Parquet file; ``None`` for all rows of a CSV, which is read whole.
    """

    path: str
    name: str
    start: int = 0
    count: int | None = None


def is_pattern(text: str) -> bool:
    """Whether a text names several files: a folder, or a pattern with ``*``, ``?`` or ``[``."""
    return Path(text).is_dir() or (glob.has_magic(text) and not Path(text).exists())


def find_shards(pattern: str, columns: Mapping[str, Column], rows: int | None = None) -> list[Shard]:
    """The shards of all files that a pattern names, in the order of their names.

    Every Parquet file is looked at, so that one that cannot be read is refused before any work.

    Parameters
    ----------
    pattern : str
        A file, a folder (its Parquet and CSV files), or a pattern such as ``folder/*.parquet``.
    columns : dict from name to Column
        As for :func:`~alignment.files.tables.read_table`.
    rows : int, default ``SHARD_ROWS``

    Raises
    ------
    InputError
        When no file is found, two have the same name without folder and ending, or one is damaged or lacks a column.
    """
    paths = _files(pattern)
    shards: list[Shard] = []
    named: dict[str, str] = {}
    for path in paths:
        stem = Path(path).stem
        if other := named.get(stem):
            raise InputError(f"{other} and {path} would be written under the same name; rename one of them.")
        named[stem] = path
        shards += _shards_of(path, columns, rows or SHARD_ROWS)
    return shards


def _files(pattern: str) -> list[str]:
    if Path(pattern).is_dir():
        found = [str(path) for path in Path(pattern).iterdir() if path.suffix.lower() in SHARD_TYPES]
    else:
        found = [pattern] if Path(pattern).exists() else [p for p in glob.glob(pattern, recursive=True)]
    if not found:
        raise InputError(f"{pattern} names no file; give a folder, or a pattern in quotes such as 'folder/*.parquet'.")
    return sorted(map(os.path.abspath, found))


def path_everywhere(source: str) -> str:
    """A name of files here as a name that does not depend on the current folder; any other name as it is."""
    return os.path.abspath(source) if os.path.exists(source) else source


def _shards_of(path: str, columns: Mapping[str, Column], rows: int) -> list[Shard]:
    stem = Path(path).stem
    if not path.lower().endswith(PARQUET):
        return [Shard(path, stem)]
    file = _open_parquet(path, path)
    _places(file.schema_arrow.names, path, columns)
    total = file.metadata.num_rows
    if total <= rows:
        return [Shard(path, stem, 0, total)]
    starts = range(0, total, rows)
    return [Shard(path, f"{stem}-{n:05d}", start, min(rows, total - start)) for n, start in enumerate(starts)]


def read_shard(shard: Shard, columns: Mapping[str, Column]) -> Table:
    """The rows of a shard; lines are counted from the beginning of its file, rows of a Parquet file from 1.

    Raises
    ------
    InputError
        When the file cannot be read or lacks a column.
    """
    if shard.path.lower().endswith(PARQUET):
        return _read_parquet(shard.path, shard.path, columns, shard.start, shard.count)
    return read_table(shard.path, shard.path, columns)


def read_table_file(source: Path | str | bytes, name: str, columns: Mapping[str, Column]) -> Table:
    """A whole table: a Parquet file by its name, anything else by :func:`~alignment.files.tables.read_table`."""
    if isinstance(source, str) and is_pattern(source):
        raise InputError(f"{name} names several files; 'encode' reads those, and --vectors takes what it writes.")
    if not isinstance(source, bytes) and str(source).lower().endswith(PARQUET):
        return _read_parquet(source, name, columns)
    return read_table(source, name, columns)


def _open_parquet(source: Path | str, name: str):
    import pyarrow
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(source)
    except (pyarrow.ArrowException, OSError) as error:
        read_file(source, name)  # says why it cannot be opened
        raise InputError(f"{name} is no whole Parquet file; it may have been cut short. Write it anew.") from error


def _places(header: Sequence[str], name: str, columns: Mapping[str, Column]) -> dict[str, int]:
    places = column_places(header, columns)
    if missing := [key for key, column in columns.items() if column.required and key not in places]:
        found = ", ".join(map(repr, header[:6]))
        raise InputError(f"{name} has no column {missing[0]!r}; it needs {wanted_columns(columns)} and has {found}.")
    return places


def _read_parquet(
    source: Path | str, name: str, columns: Mapping[str, Column], start: int = 0, count: int | None = None
) -> Table:
    file = _open_parquet(source, name)
    header = file.schema_arrow.names
    places = _places(header, name, columns)
    end = file.metadata.num_rows if count is None else start + count
    rows = [
        Row(number + 1, dict(zip(places, cells, strict=True)))
        for number, cells in _cells(file, name, [header[at] for at in places.values()], start, end)
        if any(cells)
    ]
    return Table(list(places), rows, [], [])


def _cells(file, name: str, columns: list[str], start: int, end: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Number, from 0, and cells of every row from ``start`` to ``end``; only the row groups that hold them are read."""
    import pyarrow

    first = 0
    try:
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            if first < end and first + size > start:
                begin = max(start, first)
                table = file.read_row_group(group, columns=columns).slice(begin - first, end - begin)
                cells = zip(*(map(_text, table[column].to_pylist()) for column in columns), strict=True)
                yield from enumerate(cells, start=begin)
            first += size
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{name} is damaged ({str(error).splitlines()[0][:80]}); write it anew.") from error


def _text(cell: object) -> str:
    """A cell as a CSV would hold it; a list of classes is joined by |."""
    if cell is None:
        return ""
    if isinstance(cell, list):
        return "|".join(map(_text, cell))
    return cell.strip() if isinstance(cell, str) else str(cell)
