"""Tables of many rows, divided into shards: Parquet files and CSV files that one pattern names."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alignment.errors import InputError
from alignment.files.reading import read_file, refuse_pipe
from alignment.files.tables import Column, Refusal, Row, Table, column_places, read_table, wanted_columns

PARQUET = ".parquet"
SHARD_TYPES = (PARQUET, ".csv", ".tsv", ".txt")
SHOWN_OTHERS = 5  # of the files that are no tables
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
        Of what is made of it: that of the file without its ending, with folders and ending where two files share it,
        and a number where it has several shards.
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


def find_shards(
    pattern: str, columns: Mapping[str, Column], rows: int | None = None, *, results: Path | None = None
) -> list[Shard]:
    """The shards of all files that a pattern names, in the order of their paths.

    Every Parquet file is looked at, so that one that cannot be read is refused before any work.

    Parameters
    ----------
    pattern : str
        A file, a folder (its Parquet and CSV files, those of folders in it too), or a pattern such as
        ``folder/*.parquet``.
    columns : dict from name to Column
        As for :func:`~alignment.files.tables.read_table`.
    rows : int, default ``SHARD_ROWS``
    results : Path, optional
        A folder whose files are not looked at where it lies in that of the pattern.

    Raises
    ------
    InputError
        When no file is found, or one is damaged or lacks a column.
    """
    paths, _ = _files(pattern, results)
    if not paths:
        raise InputError(f"{pattern} names no file; give a folder, or a pattern in quotes such as 'folder/*.parquet'.")
    found = [_parts(path, columns, rows or SHARD_ROWS) for path in paths]
    for names in _namings(paths):
        shards = [
            Shard(path, name if len(parts) == 1 else f"{name}-{number:05d}", *part)
            for path, name, parts in zip(paths, names, found, strict=True)
            for number, part in enumerate(parts)
        ]
        if len({shard.name.casefold() for shard in shards}) == len(shards):  # a disk may not tell A from a
            break
    return shards


def passed_over(pattern: str, results: Path | None = None) -> list[str]:
    """What :func:`find_shards` leaves out of what a pattern names, in a sentence; none where that is nothing."""
    _, others = _files(pattern, results)
    if not others:
        return []
    more = f" and {len(others) - SHOWN_OTHERS} more" if len(others) > SHOWN_OTHERS else ""
    return [f"passed over, because they are hidden or no tables: {', '.join(others[:SHOWN_OTHERS])}{more}"]


def _files(pattern: str, results: Path | None) -> tuple[list[str], list[str]]:
    """The tables that a pattern names, and what else it names, by full paths in their order."""
    if not os.path.isdir(pattern) and os.path.exists(pattern):
        refuse_pipe(pattern)
        return [os.path.abspath(pattern)], []
    top = os.path.abspath(pattern) if os.path.isdir(pattern) else ""
    every = Path(top).rglob("*") if top else map(Path, glob.glob(pattern, recursive=True))
    named = sorted(os.path.abspath(path) for path in every if path.is_file())
    begins = Path(top or os.path.dirname(re.split(r"[*?\[]", pattern)[0])).resolve()  # all that is named lies below it
    if results and begins in results.resolve().parents:
        named = [path for path in named if results.resolve() not in Path(path).resolve().parents]
    seen = [path for path in named if not _is_hidden(os.path.relpath(path, top) if top else os.path.basename(path))]
    for endings in (SHARD_TYPES[:-1], SHARD_TYPES[-1:], () if top else ("",)):  # a .txt may be a README beside tables
        if tables := [path for path in seen if path.lower().endswith(endings)]:
            return tables, [path for path in named if path not in set(tables)]
    return [], named


def _is_hidden(path: str) -> bool:
    """Whether a file, or a folder on the way to it, is one that systems leave beside data: ``._a.parquet``."""
    return any(part.startswith((".", "_")) for part in Path(path).parts)


def _namings(paths: list[str]) -> Iterator[list[str]]:
    """What the results of files may be called, shortest first; the last always tells all apart."""
    whole = [Path(path) for path in paths]
    yield [path.stem for path in whole]
    inside = [path.relative_to(os.path.commonpath([path.parent for path in whole])) for path in whole]
    yield ["-".join(path.with_suffix("").parts) for path in inside]
    complete = ["-".join(path.parts).replace(".", "-") for path in inside]
    yield complete
    yield [f"{number}-{name}" for number, name in enumerate(complete)]


def path_everywhere(source: str) -> str:
    """A name of files here as a name that does not depend on the current folder; any other name as it is."""
    return os.path.abspath(source) if os.path.exists(source) else source


def _parts(path: str, columns: Mapping[str, Column], rows: int) -> list[tuple[int, int | None]]:
    """First row and number of rows of every shard of a file."""
    if not path.lower().endswith(PARQUET):
        return [(0, None)]
    file = _open_parquet(path, path)
    _places(file.schema_arrow.names, path, columns)
    total = file.metadata.num_rows
    return [(start, min(rows, total - start)) for start in range(0, total, rows)] or [(0, 0)]


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

    refuse_pipe(source)
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
    rows, refused = [], []
    for number, cells in _cells(file, name, [header[at] for at in places.values()], start, end):
        try:
            texts = [_text(cell) for cell in cells]
        except UnicodeDecodeError:
            refused.append(Refusal(number + 1, "its bytes are no text in UTF-8."))
            continue
        if any(texts):
            rows.append(Row(number + 1, dict(zip(places, texts, strict=True))))
    return Table(list(places), rows, refused, [])


def _cells(file, name: str, columns: list[str], start: int, end: int) -> Iterator[tuple[int, tuple]]:
    """Number, from 0, and cells of every row from ``start`` to ``end``; only the row groups that hold them are read."""
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
        raise InputError(f"{name} is damaged ({str(error).splitlines()[0][:80]}); write it anew.") from error


def _text(cell: object) -> str:
    """A cell as a CSV would hold it; a list of classes is joined by |, and bytes are text in UTF-8."""
    if cell is None:
        return ""
    if isinstance(cell, list):
        return "|".join(map(_text, cell))
    if isinstance(cell, bytes):
        cell = cell.decode()
    return cell.strip() if isinstance(cell, str) else str(cell)
