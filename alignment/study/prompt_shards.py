"""Prompts of many files, answered shard by shard: their nearest classes as tables, or their pictures."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from alignment.devices.workers import Executor, ThisProcess
from alignment.dictionary.prompts import PROMPT_COLUMN
from alignment.errors import InputError
from alignment.files.shards import PARQUET, Shard, find_shards, read_shard
from alignment.files.tables import Refusal, Row
from alignment.files.writing import make_folder, write_file
from alignment.images.drawing_settings import DrawingSettings
from alignment.progress import Progress
from alignment.study.cache.keys import digest, source_digest
from alignment.study.encoded_shards import METADATA, read_metadata, write_refused
from alignment.study.portable_study import PortableStudy
from alignment.study.study import Study

COLUMNS = {"prompt": PROMPT_COLUMN}
DRAWN_ROWS = 100  # prompts of one shard that is drawn: a minute of work


@dataclass(frozen=True)
class Answering:
    """What is made of every shard of prompts, and the folder it is written to.

    Attributes
    ----------
    study : PortableStudy
    folder : str
    depends_on : str
        Digest of the study, the mapping and the options: with the prompts, what a finished shard is recognised by.
    top : int
        Classes to name.
    drawing : DrawingSettings or None
        How prompts are drawn; None where only their nearest classes are wanted.
    """

    study: PortableStudy
    folder: str
    depends_on: str
    top: int = 5
    drawing: DrawingSettings | None = None


@dataclass(frozen=True)
class AnsweredShard:
    """What became of a shard: rows in its table, refused rows, and whether it was finished before."""

    path: str
    rows: int
    refused: list[Refusal]
    was_finished: bool


def answer_shards(
    study: Study,
    pattern: str,
    folder: Path,
    mapping: str,
    *,
    top: int = 5,
    drawing: DrawingSettings | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[AnsweredShard]:
    """Answer the prompts of all files that a pattern names, each shard by itself and with one thread.

    Written for every shard is a Parquet file with the columns of :func:`nearest_table`, or, where prompts are drawn,
    those of :func:`~alignment.study.batch.batch_table` and a folder of the shard's name with the pictures.

    Parameters
    ----------
    pattern : str
        As for :func:`~alignment.files.shards.find_shards`, with a column ``prompt``.
    folder : Path
    mapping : key of the registry, or a mapping file
    top, drawing : see :class:`Answering`
    executor : Executor, default this process
    progress : callable (stage, done, total), called with numbers of shards

    Raises
    ------
    InputError
        For a shard that cannot be read or written; finished ones are kept.
    """
    shards = find_shards(pattern, COLUMNS, rows=DRAWN_ROWS if drawing else None)
    executor = executor or ThisProcess()
    make_folder(folder)
    depends_on = digest(study.mapping_digest(mapping), source_digest(answer_shard), top, drawing)
    answering = Answering(PortableStudy.of(study, mapping), str(folder), depends_on, top, drawing)
    found: dict[int, AnsweredShard] = {}
    for number, shard in executor.map(answer_shard, shards, executor.share(answering)):
        found[number] = shard
        if progress is not None:
            progress("Drawing shards" if drawing else "Answering shards", len(found), len(shards))
    answered = [found[number] for number in sorted(found)]
    write_refused(folder, answered)
    return answered


def answer_shard(shard: Shard, answering: Answering) -> AnsweredShard:
    """Answer one shard and write it, unless it was before, from the same prompts and settings."""
    table = read_shard(shard, COLUMNS)
    study = answering.study.open()
    path = Path(answering.folder) / f"{shard.name}{PARQUET}"
    rows, refused = readable_rows(study, table.rows)
    refused = sorted([*table.refused, *refused], key=lambda one: one.line)
    key = digest(answering.depends_on, [row.cells["prompt"] for row in rows])
    if finished_rows(path, key) == len(rows):
        return AnsweredShard(shard.path, len(rows), refused, True)
    make: Callable = _drawn if answering.drawing else _nearest
    answers = make(study, rows, answering, path.with_suffix("")) if rows else pd.DataFrame()
    _write_table(path, answers, {"key": key, "rows": len(rows)})
    return AnsweredShard(shard.path, len(rows), refused, False)


def readable_rows(study: Study, rows: list[Row]) -> tuple[list[Row], list[Refusal]]:
    """The rows whose prompts the encoder can read, and why each of the others is left out."""
    kept, refused = [], []
    for row in rows:
        try:
            study.check_prompt(row.cells["prompt"])
            kept.append(row)
        except InputError as error:
            refused.append(Refusal(row.line, str(error)))
    return kept, refused


def _nearest(study: Study, rows: list[Row], answering: Answering, _: Path) -> pd.DataFrame:
    prompts = [row.cells["prompt"] for row in rows]
    table = nearest_table(study, prompts, answering.study.mapping, answering.top)
    table.insert(0, "line", [row.line for row in rows])
    return table


def nearest_table(study: Study, prompts: list[str], mapping: str, top: int) -> pd.DataFrame:
    """One row per prompt: ``prompt``, ``index_1``, ``name_1``, ..., ``confidence_1``, ``language``."""
    nearest = study.nearest(prompts, mapping, top=top)
    indices, names = (nearest[column].to_numpy().reshape(len(prompts), -1) for column in ("index", "name"))
    table = pd.DataFrame({"prompt": prompts})
    for rank in range(indices.shape[1]):
        table[f"index_{rank + 1}"] = indices[:, rank]
        table[f"name_{rank + 1}"] = names[:, rank]
    sure = study.confidence(prompts, mapping)
    if sure is not None:
        table["confidence_1"] = sure["confidence"].round(3)
    found = (study.other_language(prompt) for prompt in prompts)
    table["language"] = [language.name if language else None for language in found]
    return table


def _drawn(study: Study, rows: list[Row], answering: Answering, folder: Path) -> pd.DataFrame:
    from alignment.images.export import png
    from alignment.study.batch import batch_table, draw_batch

    assert answering.drawing is not None
    make_folder(folder)
    parts = []
    for start in range(0, len(rows), DRAWN_ROWS):  # a CSV is one shard, however long
        prompts = [row.cells["prompt"] for row in rows[start : start + DRAWN_ROWS]]
        items = draw_batch(study, prompts, answering.study.mapping, drawing=answering.drawing)
        part = batch_table(items, first=start + 1)
        for item, name in zip(items, part["file"], strict=True):
            if item.picture is not None:
                write_file(folder / name, png(item.picture))
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "line", [row.line for row in rows])
    return table


def finished_rows(path: Path, key: str) -> int:
    """Rows of a shard that lies there with this key, -1 where there is none."""
    try:
        said = read_metadata(path)
        return len(pd.read_parquet(path)) if said["key"] == key else -1
    except (InputError, OSError, ValueError, KeyError):
        return -1


def _write_table(path: Path, table: pd.DataFrame, said: dict) -> None:
    import pyarrow
    from pyarrow import parquet

    content = io.BytesIO()
    arrow = pyarrow.Table.from_pandas(table, preserve_index=False)
    parquet.write_table(arrow.replace_schema_metadata({METADATA: json.dumps(said).encode()}), content)
    write_file(path, content.getvalue())
