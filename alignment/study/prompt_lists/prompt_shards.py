"""Prompts of many files, answered shard by shard: tables of nearest classes, or pictures."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from alignment.dictionary.prompts import PROMPT_COLUMN
from alignment.execution.workers import Executor
from alignment.files.csv_records import Refusal
from alignment.files.shards import PARQUET, Shard, read_shard
from alignment.files.tables import Row
from alignment.files.writing import make_folder, write_file
from alignment.images.drawing_settings import DrawingSettings
from alignment.progress import Progress
from alignment.study.cache.keys import digest, source_digest
from alignment.study.portable_study import PortableStudy
from alignment.study.shards.shard_results import (
    ShardResult,
    cut_rows,
    find_inputs,
    is_finished,
    map_shards,
    write_table,
)
from alignment.study.study import Study

if TYPE_CHECKING:
    import pyarrow

PROMPT_SHARD_COLUMNS = {"prompt": PROMPT_COLUMN}
RANKED = ("index", "name", "similarity")  # columns of Study.nearest that every rank has in a table of answers
DRAWN_ROWS = 100  # prompts of one drawn shard: a minute of work


@dataclass(frozen=True)
class Answering:
    """How shards of prompts are answered, and the folder for the results.

    Attributes
    ----------
    study : PortableStudy
    folder : Path
    depends_on : str
        Digest of the study, the mapping and the options; with the prompts, it identifies a finished shard.
    answer : callable (study, rows, mapping, folder for pictures) that returns the table of a shard
    """

    study: PortableStudy
    folder: Path
    depends_on: str
    answer: Callable[[Study, list[Row], str, Path], pd.DataFrame]


def answer_shards(
    study: Study,
    pattern: str,
    folder: Path,
    mapping: str,
    *,
    top: int = 5,
    drawing: DrawingSettings | None = None,
    rows: int = DRAWN_ROWS,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[ShardResult]:
    """Answer the prompts of all files that match a pattern, one shard per job, with one thread.

    Every shard gives a Parquet file with the columns of :func:`nearest_table`, or, where prompts are drawn, those of
    :func:`~alignment.study.prompt_lists.drawn_prompts.drawn_table` and a folder of the shard's name with the
    pictures. The folder may also hold results of earlier prompts: read only the tables that ``shards.json``, written
    last, lists, and the pictures that their column ``file`` names.

    Parameters
    ----------
    pattern : str
        As for :func:`~alignment.files.shards.find_shards`, with a column ``prompt``.
    folder : Path
    mapping : key of the registry, or a mapping file
    top : int
        Classes to name.
    drawing : DrawingSettings, optional
        How prompts are drawn; by default only their nearest classes are named.
    rows : int
        Prompts per shard of a Parquet file where they are drawn.
    executor : Executor, default this process
    progress : callable (stage, done, total), called with numbers of shards

    Raises
    ------
    InputError
        For a shard that cannot be read or written; finished ones are kept. Before any work when a file of prompts
        lies in the output folder.
    """
    folder = Path(os.path.abspath(folder))
    shards = find_inputs(pattern, PROMPT_SHARD_COLUMNS, folder, rows=rows if drawing else None)
    depends_on = digest(study.mapping_digest(mapping), source_digest(answer_shards), top, drawing)
    answer = partial(_draw_rows, drawing) if drawing else partial(_nearest_rows, top)
    answering = Answering(PortableStudy.of(study, mapping), folder, depends_on, answer)
    stage = "Drawing shards" if drawing else "Answering shards"
    return map_shards(answer_shard, shards, answering, folder, stage, executor=executor, progress=progress)


def answer_shard(shard: Shard, answering: Answering) -> ShardResult:
    """Answer and write one shard, unless it is finished already with the same prompts and settings."""
    import pyarrow

    table = read_shard(shard, PROMPT_SHARD_COLUMNS)
    study = answering.study.open()
    path = answering.folder / f"{shard.name}{PARQUET}"
    rows, refused = readable_rows(study, table.rows)
    refused = sorted([*table.refused, *refused])
    key = digest(answering.depends_on, [(row.line, row.cells["prompt"]) for row in rows])
    pictures = path.with_suffix("")
    finished = is_finished(path, {"key": key}, partial(_has_pictures, pictures))
    if not finished:
        answers = answering.answer(study, rows, answering.study.mapping, pictures) if rows else pd.DataFrame()
        write_table(path, pyarrow.Table.from_pandas(answers, preserve_index=False), {"key": key, "rows": len(rows)})
    return ShardResult(shard.name, shard.path, key, len(rows), finished, refused, _cut(study, rows), table.notes)


def _cut(study: Study, rows: list[Row]) -> list[Refusal]:
    """Rows that the encoder truncates."""
    cut = study.encoder.read_sentences([row.cells["prompt"] for row in rows])[1]
    return cut_rows(row.line for row, is_cut in zip(rows, cut, strict=True) if is_cut)


def _has_pictures(folder: Path, table: pyarrow.Table, _) -> bool:
    """Whether every picture that a table names is in its folder."""
    names = table["file"].to_pylist() if "file" in table.column_names else []
    return all((folder / name).is_file() for name in names if name)


def readable_rows(study: Study, rows: list[Row]) -> tuple[list[Row], list[Refusal]]:
    """Split rows into those the encoder can read, and the others with the reason for refusing each."""
    faults = [study.prompt_reader.fault(row.cells["prompt"]) for row in rows]
    kept = [row for row, fault in zip(rows, faults, strict=True) if not fault]
    return kept, [Refusal(row.line, fault) for row, fault in zip(rows, faults, strict=True) if fault]


def _nearest_rows(top: int, study: Study, rows: list[Row], mapping: str, _: Path) -> pd.DataFrame:
    table = nearest_table(study, [row.cells["prompt"] for row in rows], mapping, top)
    table.insert(0, "line", [row.line for row in rows])
    return table


def nearest_table(study: Study, prompts: list[str], mapping: str, top: int) -> pd.DataFrame:
    """Nearest classes, one row per prompt.

    Columns: ``prompt``, ``index_1``, ``name_1``, ``similarity_1``, ..., ``confidence_1``, ``language``, ``not_read``.
    """
    vectors = study.encode(prompts)  # once, for classes and confidence
    nearest = study.nearest_to(study.map_vectors(vectors, mapping), prompts, top=top).round({"similarity": 3})
    by_rank = {column: nearest[column].to_numpy().reshape(len(prompts), -1) for column in RANKED}
    table = pd.DataFrame({"prompt": prompts})
    for rank in range(by_rank["index"].shape[1]):
        for column, values in by_rank.items():
            table[f"{column}_{rank + 1}"] = values[:, rank]
    sure = study.confidence.of_vectors(vectors, prompts, mapping)
    if sure is not None:
        table["confidence_1"] = sure["confidence"].round(3)
    found = (study.prompt_reader.unread_language(prompt) for prompt in prompts)
    table["language"] = [language.name if language else None for language in found]
    table["not_read"] = [", ".join(parts) or None for parts in study.prompt_reader.unread_parts(prompts)]
    return table


def _draw_rows(drawing: DrawingSettings, study: Study, rows: list[Row], mapping: str, folder: Path) -> pd.DataFrame:
    from alignment.images.picture_files import png
    from alignment.study.prompt_lists.drawn_prompts import draw_prompts, drawn_table

    make_folder(folder)
    parts = []
    for start in range(0, len(rows), DRAWN_ROWS):  # only Parquet is divided into shards
        prompts = [row.cells["prompt"] for row in rows[start : start + DRAWN_ROWS]]
        items = draw_prompts(study, prompts, mapping, drawing=drawing)
        part = drawn_table(items, first=start + 1)
        for item, name in zip(items, part["file"], strict=True):
            if item.picture is not None:
                write_file(folder / name, png(item.picture))
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "line", [row.line for row in rows])
    return table
