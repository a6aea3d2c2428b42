"""The table of runs on disk: figures of every measured mapping and pair of spaces.

The table is a folder of Parquet files, one row each. A row is written once, under a key of everything it depends on, so
that processes and machines may add rows to one folder without a lock, an interruption loses no finished row, and a
damaged file costs one row.
"""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from alignment.errors import InputError
from alignment.evaluation.metrics import COMPARED, PRIMARY_METRIC
from alignment.files.writing import remove_abandoned, replace_file
from alignment.study.cache.keys import ArtifactKey

FOLDER, SUFFIX = "runs", ".parquet"
MAX_READ = 10_000  # rows cached in memory
CLASS_COLUMNS = ("class_index", "class_name", *(f"class_{figure}" for figure in COMPARED))
CHOICES = (
    "encoder",
    "layer",
    "pooling",
    "class_space",
    "class_list",
    "seeds",
    "added_seeds",
    "split",
    "mapping",
    "random",
)
"""Columns of a run's choices; of rows that agree in all of them the newest is shown."""

PROVENANCE = (
    "encoder_sha256",
    "class_space_sha256",
    "seeds_sha256",
    "mapping_settings",
    "version",
    "code",
    "libraries",
    "device",
    "cores",
    "measured",
)
"""Columns of everything else that a row depends on, and of where and when it was measured."""

SIZES = ("layers", "sentences", "classes", "text_dim", "class_dim", "seconds", "encoding_seconds")
TEXT_COLUMNS = ("key", *(name for name in (*CHOICES, *PROVENANCE) if name not in ("layer", "random", "cores")))
REQUIRED = ("key", *CHOICES, *PROVENANCE, *SIZES, *COMPARED)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rows:
    """Content of the folder: readable rows, and names of damaged files."""

    table: pd.DataFrame
    damaged: tuple[str, ...] = ()


class RunTable:
    """Table of runs as files in a folder, one row per key.

    Parameters
    ----------
    cache : Path
        Cache folder; the table is its subfolder ``runs``.
    """

    def __init__(self, cache: str | Path):
        self.cache = Path(cache)
        self.folder = self.cache / FOLDER
        self._unwritten: dict[str, dict] = {}

    def row(self, key: ArtifactKey) -> dict | None:
        """Row of a key, without the figures per class; None where it is missing or damaged."""
        return self._read(key.digest) or None

    def add(self, key: ArtifactKey, row: dict) -> dict:
        """Store a row, and return it like :meth:`row`; where the folder cannot be written, only this object has it.

        Parameters
        ----------
        row : dict
            A value for each of ``REQUIRED`` but the key, further figures, and an array or a list of one value per class
            for each of ``CLASS_COLUMNS``.
        """
        row = {"key": key.digest} | row
        content = io.BytesIO()
        pd.DataFrame({name: [value] for name, value in row.items()}).to_parquet(
            content, engine="pyarrow", index=False, write_page_checksum=True
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_file(self.folder / f"{key.digest}{SUFFIX}", content.getvalue())
        except OSError as error:
            self._unwritten[key.digest] = row
            logger.warning("The table %s cannot be written (%s); this run is not kept.", self.folder, error.strerror)
        return {name: value for name, value in row.items() if name not in CLASS_COLUMNS}

    def read(self) -> Rows:
        """Read all rows without the figures per class, newest last; damaged files are left out and named."""
        found, damaged = [], []
        for path in self.files():
            with contextlib.suppress(FileNotFoundError):  # removed by another process meanwhile
                row = _read_once(path, path.stat().st_mtime_ns)
                if row is None:
                    damaged.append(path.name)
                elif row:
                    found.append(row)
        if not found:
            return Rows(pd.DataFrame(columns=list(REQUIRED)), tuple(damaged))
        return Rows(pd.DataFrame(found).sort_values("measured", kind="stable", ignore_index=True), tuple(damaged))

    def files(self) -> list[Path]:
        """Files of the table, sorted by name."""
        return sorted(path for path in self.folder.glob(f"*{SUFFIX}") if not path.name.startswith("."))

    def class_count(self, key: str) -> int:
        """Number of candidate classes of the run of a key."""
        row = self._read(key, ("classes",))
        return row["classes"] if row else 0

    def of_classes(self, keys: Sequence[str], figure: str = PRIMARY_METRIC) -> pd.DataFrame:
        """A figure per class: one row per class, one column per key; NaN where a class is missing from a run.

        Returns
        -------
        DataFrame
            Indexed by ``index`` (ImageNet's, or that of the class list) and ``name``.
        """
        columns = {}
        for key in keys:
            row = self._read(key, ("class_index", "class_name", f"class_{figure}"))
            if not row:
                raise InputError(f"The table of runs has no readable row {key!r}; measure it again.")
            index = pd.MultiIndex.from_arrays([row["class_index"], row["class_name"]], names=["index", "name"])
            columns[key] = pd.Series(np.asarray(row[f"class_{figure}"], dtype=np.float64), index=index)
        return pd.DataFrame(columns)

    def _read(self, key: str, columns: Sequence[str] | None = None) -> dict | None:
        if (row := self._unwritten.get(key)) is not None:
            return {name: row[name] for name in columns or row if columns or name not in CLASS_COLUMNS}
        return _read(self.folder / f"{key}{SUFFIX}", columns)

    def remove(self, keys: Iterable[str]) -> None:
        """Remove rows, and abandoned partial files."""
        for key in keys:
            (self.folder / f"{key}{SUFFIX}").unlink(missing_ok=True)
        remove_abandoned(self.folder)


def newest(table: pd.DataFrame) -> pd.DataFrame:
    """Newest of the rows with the same choices: older ones are of other code, libraries or files."""
    return table.drop_duplicates(list(CHOICES), keep="last", ignore_index=True)


@lru_cache(maxsize=MAX_READ)
def _read_once(path: Path, modified: int) -> dict | None:
    """:func:`_read`, cached while the file's time of modification stays the same."""
    return _read(path)


def _read(path: Path, columns: Sequence[str] | None = None) -> dict | None:
    """Read one row, by default without the columns of classes.

    None where the file is damaged; empty where it is missing, or a version with other columns wrote it.
    """
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        with parquet.ParquetFile(io.BytesIO(path.read_bytes()), page_checksum_verification=True) as file:
            names = file.schema_arrow.names
            wanted = [name for name in names if name not in CLASS_COLUMNS] if columns is None else list(columns)
            if not {*REQUIRED, *CLASS_COLUMNS} <= set(names):
                return {}
            rows = file.read(columns=wanted).to_pylist()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        logger.debug("%s is damaged (%s).", path, error)
        return None
    if len(rows) != 1 or (columns is None and not _is_plain(rows[0], path.stem)):
        return None
    return rows[0]


def _is_plain(row: dict, key: str) -> bool:
    """Whether a row has the key that its file is named after, and text or numbers in the right columns."""
    return row["key"] == key and all(
        isinstance(value, str) if name in TEXT_COLUMNS else isinstance(value, int | float)
        for name, value in row.items()
    )
