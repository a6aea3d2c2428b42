"""Output folders of shard-by-shard work, with the same rules for encoding and for answering prompts.

Every shard has a Parquet file whose metadata state what it was made from; it gets its final name last.
``refused.csv`` lists the rows that were left out, ``read_in_part.csv`` those that the encoder truncated, and
``shards.json``, written last, the current shards: other files in the folder are from earlier input.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from alignment.errors import InputError
from alignment.execution.workers import Executor, ThisProcess, in_order
from alignment.files.columns import Column
from alignment.files.csv_cells import to_csv
from alignment.files.csv_records import Refusal
from alignment.files.parquet_tables import native_file
from alignment.files.reading import parse_json
from alignment.files.shards import PARQUET, Shard, find_shards
from alignment.files.writing import make_folder, write_file
from alignment.progress import Progress
from alignment.study.notices import read_in_part

if TYPE_CHECKING:
    import pyarrow

METADATA = b"latent_alignment"
REFUSED = "refused.csv"  # file, line and reason of every row that was left out
READ_IN_PART = "read_in_part.csv"  # the same of rows longer than the encoder's limit, where there are any
SHARDS = "shards.json"  # names of the shards, without ending, in their order


@dataclass(frozen=True)
class ShardResult:
    """Result of working on one shard.

    Attributes
    ----------
    name, path : str
        As of the :class:`~alignment.files.shards.Shard`.
    key : str
        Digest, in the metadata of its table, of what it was made from.
    rows : int
        Number of rows of its table.
    was_finished : bool
        Whether it was finished before.
    refused : list of Refusal
    cut : list of Refusal
        Rows that were truncated.
    notes : list of str
        Assumptions about its file where they are not the usual ones.
    """

    name: str
    path: str
    key: str
    rows: int
    was_finished: bool
    refused: list[Refusal] = field(default_factory=list)
    cut: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def find_inputs(pattern: str, columns: Mapping[str, Column], folder: Path, rows: int | None = None) -> Sequence[Shard]:
    """Find shards with :func:`~alignment.files.shards.find_shards`, and make the folder of results.

    Raises
    ------
    InputError
        Also when an input file lies in the folder of results, where a result of the same name would replace it.
    """
    shards = find_shards(pattern, columns, rows, results=folder)
    for path in dict.fromkeys(shard.path for shard in shards):  # writing to a link writes to its target
        if folder.resolve() in (Path(path).parent.resolve(), Path(path).resolve().parent):
            raise InputError(f"{path} lies in {folder}, where results could replace it; write them to another folder.")
    make_folder(folder)
    return shards


def map_shards(
    work: Callable[[Shard, Any], ShardResult],
    shards: Sequence[Shard],
    settings: Any,
    folder: Path,
    stage: str,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[ShardResult]:
    """Run ``work(shard, settings)`` for every shard, then write ``refused.csv`` and ``shards.json``.

    Parameters
    ----------
    work : function that writes its shard into the folder
    settings : sent to each worker once
    stage : str
        Name of the work for ``progress``.
    executor : Executor, default this process
    progress : callable (stage, done, total), called with numbers of shards

    Raises
    ------
    InputError
        For a shard that cannot be read or written; finished ones are kept. When the results are not in the folder.
    """
    executor = executor or ThisProcess()
    results = executor.map(work, shards, executor.share(settings))
    done = in_order(_report_progress(results, stage, len(shards), progress))
    _check_written(done, folder)
    write_file(folder / REFUSED, _refusals_csv([(shard.path, shard.refused) for shard in done]))
    (folder / READ_IN_PART).unlink(missing_ok=True)
    if any(shard.cut for shard in done):
        write_file(folder / READ_IN_PART, _refusals_csv([(shard.path, shard.cut) for shard in done]))
    write_file(folder / SHARDS, json.dumps([shard.name for shard in done], indent=0).encode())
    return done


def _refusals_csv(rows: list[tuple[str, list[Refusal]]]) -> bytes:
    """CSV of file, line and reason."""
    shown = (path.encode(errors="backslashreplace").decode() for path, _ in rows)  # which may not be UTF-8
    table = [(path, one.line, one.reason) for path, (_, refusals) in zip(shown, rows, strict=True) for one in refusals]
    return to_csv(pd.DataFrame(table, columns=["file", "line", "reason"])).encode()


def cut_rows(lines: Iterable[int]) -> list[Refusal]:
    """Notes on rows that an encoder truncated."""
    return [Refusal(line, f"{read_in_part(several=False)}.") for line in lines]


def _check_written(done: list[ShardResult], folder: Path) -> None:
    """Raise InputError where results are missing from the folder, because workers on other machines wrote elsewhere."""
    for shard in done:
        path = folder / f"{shard.name}{PARQUET}"
        if not path.is_file() or read_stated(path).get("key") != shard.key:
            raise InputError(
                f"A worker wrote {path} where this process does not see it; give an --output in a folder that all "
                "machines share under one name."
            )


def _report_progress(results: Iterable, stage: str, total: int, progress: Progress | None) -> Iterator:
    for done, result in enumerate(results, start=1):
        if progress is not None:
            progress(stage, done, total)
        yield result


def write_table(path: Path, table: pyarrow.Table, stated: dict, compression: str = "snappy") -> None:
    """Write a Parquet table with ``stated`` in its metadata.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    from pyarrow import parquet

    content = io.BytesIO()
    table = table.replace_schema_metadata({METADATA: json.dumps(stated).encode()})
    parquet.write_table(table, content, compression=compression)
    write_file(path, content.getvalue())


def read_stated(path: Path) -> dict:
    """Read the metadata that :func:`write_table` wrote; empty for a Parquet file from elsewhere.

    Raises
    ------
    InputError
        When it is not a complete Parquet file.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        return parse_json((parquet.read_schema(native_file(path)).metadata or {}).get(METADATA, b"{}"))
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise InputError(
            f"{path} is no whole Parquet file; run the command that wrote it again, which writes it anew."
        ) from error


def is_finished(path: Path, expected: dict, has_files: Callable[[pyarrow.Table, dict], bool]) -> bool:
    """Whether a complete shard with the expected metadata exists.

    Parameters
    ----------
    has_files : callable (table, stated)
        Whether the files that belong to the table are there as well.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        stated = read_stated(path)
        if any(stated.get(name) != value for name, value in expected.items()):
            return False
        table = parquet.read_table(native_file(path))
        return len(table) == stated["rows"] and has_files(table, stated)
    except (InputError, pyarrow.ArrowException, OSError, ValueError, KeyError):
        return False
