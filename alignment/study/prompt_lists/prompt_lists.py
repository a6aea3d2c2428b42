"""Long lists of prompts, drawn shard by shard into a cache folder, so that an interrupted list can resume.

The folder of a list is named by a digest of all that its pictures depend on: prompts, drawing settings and the mapping.
The same request later resumes in the same folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import numpy as np
import pandas as pd

from alignment.errors import InputError, check_texts
from alignment.execution.workers import Executor
from alignment.files.csv_cells import to_csv
from alignment.files.folders import to_make_room, writable_folder
from alignment.files.reading import parse_json
from alignment.files.shards import PARQUET
from alignment.files.writing import replace_file
from alignment.images.drawing_settings import DrawingSettings
from alignment.images.picture_files import png
from alignment.progress import Progress
from alignment.study.cache.keys import digest
from alignment.study.prompt_lists.contact_sheets import contact_sheet
from alignment.study.prompt_lists.drawn_prompts import SHEET_PROMPTS, DrawnPrompt, picture_name
from alignment.study.prompt_lists.prompt_shards import answer_shards
from alignment.study.shards.shard_results import REFUSED, SHARDS
from alignment.study.study import Study
from alignment.text.readable_sentences import EMPTY_PROMPT, PROMPTS_WANTED

MAX_PROMPTS = 10_000
SHARD_PROMPTS = 10  # most pictures that are drawn again after an interruption
ARCHIVE_BYTES = 100_000_000  # pictures of one ZIP, which is built in memory
LIMIT_BYTES = 10**9  # all lists in the cache
FOLDER = "lists"  # within the cache folder
REMOVED = ".removed-"  # appended to the name of a list that is being removed
NAME = re.compile("[0-9a-f]{16}")
PROMPTS, SETTINGS, PICTURES = "prompts.parquet", "settings.json", "pictures"  # within the folder of a list
FIGURES = ["nearest_index", "nearest", "similarity", "confidence"]
COLUMNS = ["number", "prompt", "picture", *FIGURES, "confidence_text", "refused"]


@contextlib.contextmanager
def _explain_removal() -> Iterator[None]:
    """Raise InputError instead of FileNotFoundError where an open list was removed to make room for others."""
    try:
        yield
    except FileNotFoundError as error:
        raise InputError("The pictures of this list were removed to make room for others; draw it again.") from error


@dataclass(frozen=True)
class PromptList:
    """Prompts with their drawing settings, and the folder of their pictures.

    Attributes
    ----------
    folder : Path
    prompts : tuple of str
    made_with : dict
        ``mapping``, ``truncation``, ``noise_seed`` and ``snap``, and anything else to be saved with the pictures.
    """

    folder: Path
    prompts: tuple[str, ...]
    made_with: dict

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def mapping(self) -> str:
        return self.made_with["mapping"]

    @property
    def drawing(self) -> DrawingSettings:
        return DrawingSettings(*(self.made_with[key] for key in ("truncation", "noise_seed", "snap")))

    def belongs_to(self, study: Study) -> bool:
        """Whether this study would draw the same pictures."""
        return self.name == _name(study, self.prompts, self.made_with)

    @_explain_removal()
    def draw(self, study: Study, *, executor: Executor | None = None, progress: Progress | None = None) -> pd.DataFrame:
        """Draw the prompts that are not drawn yet.

        Parameters
        ----------
        progress : callable (stage, done, total), called with numbers of prompts
            An exception that it raises stops the work; finished pictures stay.

        Returns
        -------
        DataFrame
            :attr:`table`.
        """
        total = len(self.prompts)
        (self.folder / PROMPTS).stat()

        def count(_, done: float, shards: int) -> None:
            _mark_used(self.folder)  # so that no other list removes it meanwhile
            if progress:
                progress("Drawing prompts", total if done == shards else SHARD_PROMPTS * done, total)

        pattern, results = str(self.folder / PROMPTS), self.folder / PICTURES
        answer_shards(
            study,
            pattern,
            results,
            self.mapping,
            drawing=self.drawing,
            rows=SHARD_PROMPTS,
            executor=executor,
            progress=count,
        )
        vars(self).pop("table", None)  # an earlier table has fewer rows
        return self.table

    @cached_property
    @_explain_removal()
    def table(self) -> pd.DataFrame:
        """Results of the list, one row per prompt, with the columns :data:`COLUMNS`.

        ``number`` counts from 1; ``picture`` is a path within the folder of results, "" where ``refused`` gives the
        reason. Of an unfinished list, only the prompts that have a picture at the first access, so that the rows that
        :meth:`parts` counts stay the same.
        """
        results = self.folder / PICTURES
        if not (results / SHARDS).is_file():
            (self.folder / PROMPTS).stat()
            names = sorted(path.stem for path in results.glob(f"*{PARQUET}"))
            table = self._table_of(names, pd.Series(dtype=object))
            return table[table["picture"] != ""].reset_index(drop=True)
        names = parse_json((results / SHARDS).read_text(encoding="utf-8"))
        left_out = pd.read_csv(results / REFUSED, keep_default_na=False).set_index("line")["reason"]
        return self._table_of(names, left_out)

    def _table_of(self, names: Sequence[str], left_out: pd.Series) -> pd.DataFrame:
        """Build :attr:`table` from some shards and the reasons why rows were left out."""
        results = self.folder / PICTURES
        shards = [pd.read_parquet(results / f"{name}.parquet").assign(shard=name) for name in names]
        drawn = pd.concat([shard for shard in shards if "line" in shard] or [pd.DataFrame(columns=["line"])])
        table = pd.DataFrame({"number": range(1, len(self.prompts) + 1), "prompt": self.prompts}).set_index("number")
        table = table.join(drawn.drop(columns="prompt", errors="ignore").set_index("line").rename_axis("number"))
        table = table.reindex(columns=["shard", "file", *COLUMNS[1:]])
        texts = ["shard", "file", "nearest", "confidence_text", "refused"]
        table[texts] = table[texts].astype(object).fillna("")
        table["nearest_index"] = table["nearest_index"].astype("Int64")  # missing where nothing was drawn
        table.loc[left_out.index, "refused"] = left_out
        blank = ~table["prompt"].str.strip().astype(bool)
        table.loc[blank, "refused"] = EMPTY_PROMPT  # shards skip blank rows
        table["picture"] = (table["shard"] + "/" + table["file"]).where(table["file"] != "", "")
        return table.reset_index()[COLUMNS]

    @_explain_removal()
    def parts(self) -> list[range]:
        """Split the rows of :attr:`table` into ranges whose pictures fit into a ZIP of :data:`ARCHIVE_BYTES`."""
        sizes = [self._path(picture).stat().st_size if picture else 0 for picture in self.table["picture"]]
        parts, start, held = [], 0, 0
        for row, size in enumerate(sizes):
            if size and held + size > ARCHIVE_BYTES and row > start:
                parts.append(range(start, row))
                start, held = row, 0
            held += size
        return [*parts, range(start, len(sizes))]

    @_explain_removal()
    def write_zip(self, file: BinaryIO, rows: range | None = None) -> None:
        """Write a ZIP with the pictures and a contact sheet as PNG, a table as CSV, and the settings as JSON.

        Parameters
        ----------
        file : open for writing
        rows : range, optional
            Of :attr:`table`; by default all.

        Raises
        ------
        InputError
            When no prompt of these rows could be drawn.
        """
        table = self.table if rows is None else self.table.iloc[list(rows)]
        sheet = contact_sheet(list(self.items(rows, SHEET_PROMPTS)))
        digits = max(3, len(str(len(self.prompts))))
        names = [
            picture_name(row.number, row.prompt, digits) if row.picture else "" for row in table.itertuples(index=False)
        ]
        with zipfile.ZipFile(file, "w") as archive:  # PNG is compressed already
            for name, picture in zip(names, table["picture"], strict=True):
                if name:
                    archive.write(self._path(picture), name)
            archive.writestr("contact_sheet.png", png(sheet))
            listed = table.assign(file=names)[["prompt", "file", *FIGURES, "refused"]]
            archive.writestr("prompts.csv", to_csv(listed))
            archive.writestr("settings.json", json.dumps(self.made_with, indent=2))

    def items(self, rows: range | None = None, limit: int | None = None) -> Iterator[DrawnPrompt]:
        """Iterate over prompts with their pictures, at most ``limit``, reading one at a time."""
        table = self.table if rows is None else self.table.iloc[list(rows)]
        for row in table[:limit].itertuples(index=False):
            with _explain_removal():
                picture = _read(self._path(row.picture)) if row.picture else None
            figures = (row.nearest, row.similarity, row.confidence, row.confidence_text)
            index = None if pd.isna(row.nearest_index) else row.nearest_index
            yield DrawnPrompt(row.prompt, picture, *figures, refused=row.refused, nearest_index=index)

    def _path(self, picture: str) -> Path:
        return self.folder / PICTURES / picture


def check_list(prompts: Sequence[str]) -> list[str]:
    """Prompts as a list; raises InputError unless they are 1 to :data:`MAX_PROMPTS`."""
    prompts = check_texts(prompts, PROMPTS_WANTED)
    if not 0 < len(prompts) <= MAX_PROMPTS:
        raise InputError(f"A list holds 1 to {MAX_PROMPTS:,} prompts; this one has {len(prompts):,}.")
    return prompts


def new_list(study: Study, prompts: Sequence[str], made_with: dict, cache: Path) -> PromptList:
    """Create a list in the cache, or reopen the same list to resume it.

    Parameters
    ----------
    made_with : dict
        As of :class:`PromptList`.
    cache : Path
        Folder of the cache; its least recently used lists make room for the new one. Where it cannot be written, the
        list lies in a temporary folder that is removed at the end of the process.

    Raises
    ------
    InputError
        When there are no prompts, more than :data:`MAX_PROMPTS`, or the disk is full.
    """
    import pyarrow
    from pyarrow import parquet

    prompts = check_list(prompts)
    folder = _lists(cache) / _name(study, prompts, made_with)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not all((folder / name).is_file() for name in (PROMPTS, SETTINGS)):
            content = pyarrow.BufferOutputStream()
            parquet.write_table(pyarrow.table({"prompt": list(prompts)}), content, row_group_size=50 * SHARD_PROMPTS)
            replace_file(folder / PROMPTS, content.getvalue().to_pybytes())
            replace_file(folder / SETTINGS, json.dumps(made_with).encode())  # last: a list with settings is complete
    except OSError as error:  # without its path, which visitors must not see
        raise InputError(f"The list cannot be kept: {error.strerror or type(error).__name__}.") from error
    _mark_used(folder)
    _make_room(folder)
    return PromptList(folder, tuple(prompts), made_with)


def open_list(name: str, cache: Path) -> PromptList | None:
    """Open the list of a name; None where there is no complete one."""
    folder = _lists(cache) / name
    if not NAME.fullmatch(name) or not (folder / SETTINGS).is_file():
        return None
    try:
        prompts = pd.read_parquet(folder / PROMPTS)["prompt"]
        found = PromptList(folder, tuple(prompts), parse_json((folder / SETTINGS).read_text(encoding="utf-8")))
        _ = found.mapping, found.drawing
    except (OSError, ValueError, KeyError, TypeError):
        return None
    _mark_used(folder)
    return found


def kept_lists(cache: Path) -> list[tuple[Path, int, float]]:
    """Folder, size in bytes and time of last use of every list, least recently used first."""
    return _lists_in(cache / FOLDER)


def _lists_in(lists: Path) -> list[tuple[Path, int, float]]:
    found = []
    for folder in lists.glob("*/"):
        if not NAME.fullmatch(folder.name):
            continue
        with contextlib.suppress(OSError):  # removed by another process meanwhile
            used = (folder / SETTINGS).stat().st_mtime if (folder / SETTINGS).is_file() else 0.0
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            found.append((folder, size, used))
    return sorted(found, key=lambda one: one[2])


def remove_lists(cache: Path) -> None:
    """Remove every list from the cache, and what an interrupted removal has left."""
    _end_removals(cache / FOLDER)
    for folder, _, _ in kept_lists(cache):
        with contextlib.suppress(FileNotFoundError):  # removed by another process meanwhile
            _remove(folder)


@lru_cache
def _lists(cache: Path) -> Path:
    """Folder of the lists of this process."""
    return writable_folder(cache / FOLDER)


def _mark_used(folder: Path) -> None:
    with contextlib.suppress(OSError):
        os.utime(folder / SETTINGS)


def _make_room(kept: Path) -> None:
    """Remove the least recently used lists beside ``kept`` until the rest fits."""
    _end_removals(kept.parent)
    lists = ((used, size, folder) for folder, size, used in _lists_in(kept.parent))
    for folder in to_make_room(kept, lists, LIMIT_BYTES):
        with contextlib.suppress(OSError):  # removed by another process meanwhile, or open in one
            _remove(folder)


def _end_removals(lists: Path) -> None:
    """Remove what interrupted removals have left."""
    for left in lists.glob(f"*{REMOVED}*"):
        shutil.rmtree(left, ignore_errors=True)


def _remove(folder: Path) -> None:
    """Remove a list, renamed first, so that an interrupted removal leaves no part of it under its name."""
    shutil.rmtree(folder.rename(f"{folder}{REMOVED}{uuid4().hex}"))


def _name(study: Study, prompts: Sequence[str], made_with: dict) -> str:
    return digest(list(prompts), made_with, study.mapping_digest(made_with["mapping"]))[:16]


def _read(path: Path) -> np.ndarray:
    """Read a picture: uint8 array (h, w, 3)."""
    from PIL import Image

    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))
