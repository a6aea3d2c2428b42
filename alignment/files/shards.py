"""Large tables as shards: the Parquet, CSV and JSON Lines files that match a pattern, divided into ranges of rows."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from alignment.errors import InputError
from alignment.files.columns import Column
from alignment.files.parquet_tables import ENDINGS, is_parquet, parquet_rows, read_parquet
from alignment.files.reading import exists, is_folder, refuse_pipe
from alignment.files.tables import Table, read_text_table
from alignment.wording import first_of

PARQUET = ".parquet"
SHARD_TYPES = (*ENDINGS, ".csv", ".tsv", ".jsonl", ".txt")
SHOWN_OTHERS = 5  # of the files that are no tables
SHARD_ROWS = 10_000  # rows of a Parquet file per shard, which are in memory at a time
SHARD_FORMATS = ("npy", "parquet")  # of the vectors of a shard
NUMBERS = ("float16", "float32")  # their types


@dataclass(frozen=True)
class Shard:
    """A range of rows of a file.

    Attributes
    ----------
    path : str
        Absolute, so that workers started in another folder find the file.
    name : str
        Of its results: that of the file without its ending, with folders and ending where two files share it, and with
        a number where the file has several shards.
    start, count : int or None
        Which rows of a Parquet file; ``None`` for all rows of any other file, which is read whole.
    """

    path: str
    name: str
    start: int = 0
    count: int | None = None


def is_pattern(text: str) -> bool:
    """Whether a text stands for several files: a folder, or a pattern with ``*``, ``?`` or ``[``."""
    return is_folder(text) or (glob.has_magic(text) and not exists(text))


def find_shards(
    pattern: str, columns: Mapping[str, Column], rows: int | None = None, *, results: Path | None = None
) -> list[Shard]:
    """Shards of all files that match a pattern, in the order of their paths.

    Every Parquet file is opened, so that an unreadable one is refused before any work.

    Parameters
    ----------
    pattern : str
        A file, a folder (its files of ``SHARD_TYPES``, those of folders in it too), or a pattern such as
        ``folder/*.parquet``.
    columns : dict from name to Column
        As for :func:`~alignment.files.tables.read_text_table`.
    rows : int, default ``SHARD_ROWS``
    results : Path, optional
        A folder to ignore where it lies within that of the pattern.

    Raises
    ------
    InputError
        When no file is found, or one is damaged or has a column missing.
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
    """A note on the matching files that :func:`find_shards` leaves out; [] where there are none."""
    _, others = _files(pattern, results)
    if not others:
        return []
    why = "they are hidden, no tables, or links to a folder that holds them"
    return [f"passed over, because {why}: {first_of(others, SHOWN_OTHERS)}"]


def _files(pattern: str, results: Path | None) -> tuple[list[str], list[str]]:
    """Tables that match a pattern, and the other matching files, as sorted absolute paths."""
    if exists(pattern) and not is_folder(pattern):
        refuse_pipe(pattern)
        return [os.path.abspath(pattern)], []
    top = os.path.abspath(pattern) if is_folder(pattern) else ""
    back: set[str] = set()
    below = (os.path.join(folder, name) for folder, files in _folders_below(top, back) for name in files)
    every = below if top else _matching_paths(pattern, back)
    named = sorted({os.path.abspath(path) for path in every if os.path.isfile(path)})
    begins = Path(top or os.path.dirname(re.split(r"[*?\[]", pattern)[0])).resolve()  # all that is named lies below it
    if results and begins in results.resolve().parents:
        named = [path for path in named if results.resolve() not in Path(path).resolve().parents]
    seen = [path for path in named if not _is_hidden(os.path.relpath(path, top) if top else os.path.basename(path))]
    for endings in (SHARD_TYPES[:-1], SHARD_TYPES[-1:], () if top else ("",)):  # a .txt may be a README beside tables
        if tables := [path for path in seen if path.lower().endswith(endings)]:
            return tables, sorted(back.union(named).difference(tables))
    return [], sorted(back.union(named))


def _folders_below(top: str, back: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield a folder and all below it with the names of their files; add links that lead back to ``back``."""
    for folder, folders, files in os.walk(top, followlinks=True):
        circles = {name for name in folders if _leads_back(Path(folder, name), Path(top))}
        back |= {os.path.abspath(os.path.join(folder, name)) for name in circles}
        folders[:] = [name for name in folders if name not in circles]
        yield folder, files


def _leads_back(folder: Path, top: Path) -> bool:
    """Whether a folder is a link to one that contains it, so that following it would never end."""
    real = folder.resolve()
    way = [parent.resolve() for parent in folder.parents if parent == top or top in parent.parents]
    return any(real == parent or real in parent.parents for parent in way)


def _matching_paths(pattern: str, back: set[str]) -> Iterator[str]:
    """Yield paths that match a pattern; ``**`` stands for all of :func:`_folders_below` except hidden folders."""
    parts = Path(pattern).parts
    if "**" not in parts:
        yield from glob.glob(pattern)
        return
    place = parts.index("**")
    for top in glob.glob(os.path.join(*parts[:place])) if place else [os.curdir]:
        for folder, _ in _folders_below(top, back):
            if not any(part.startswith(".") for part in Path(folder).relative_to(top).parts):
                yield from _matching_paths(os.path.join(glob.escape(folder), *(parts[place + 1 :] or "*")), back)


def _is_hidden(path: str) -> bool:
    """Whether a path has a part that begins with a dot or underscore, such as ``._a.parquet``."""
    return any(part.startswith((".", "_")) for part in Path(path).parts)


def _namings(paths: list[str]) -> Iterator[list[str]]:
    """Yield lists of names for the results of files, shortest first; those of the last list always differ."""
    whole = [Path(path) for path in paths]
    yield [path.stem for path in whole]
    inside = [path.relative_to(os.path.commonpath([path.parent for path in whole])) for path in whole]
    yield ["-".join(path.with_suffix("").parts) for path in inside]
    complete = ["-".join(path.parts).replace(".", "-") for path in inside]
    yield complete
    yield [f"{number}-{name}" for number, name in enumerate(complete)]


def path_everywhere(source: str) -> str:
    """Absolute path of an existing file or folder; other text, such as a Hub name, unchanged."""
    return os.path.abspath(source) if exists(source) else source


def _parts(path: str, columns: Mapping[str, Column], rows: int) -> list[tuple[int, int | None]]:
    """First row and number of rows of each shard of a file."""
    if not is_parquet(path):
        return [(0, None)]
    total = parquet_rows(path, path, columns)
    return [(start, min(rows, total - start)) for start in range(0, total, rows)] or [(0, 0)]


def read_shard(shard: Shard, columns: Mapping[str, Column]) -> Table:
    """Read the rows of a shard; line numbers are those of the whole file, rows of a Parquet file from 1.

    Raises
    ------
    InputError
        When the file cannot be read or a column is missing.
    """
    if is_parquet(shard.path):
        return read_parquet(shard.path, shard.path, columns, shard.start, shard.count)
    return read_text_table(shard.path, shard.path, columns)
