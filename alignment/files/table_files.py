"""Tables in one file of any format: CSV, text, JSON or Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from alignment.errors import InputError
from alignment.files.columns import Column
from alignment.files.parquet_tables import is_parquet, read_parquet
from alignment.files.reading import is_folder
from alignment.files.shards import is_pattern
from alignment.files.tables import Table, read_text_table


def read_table_file(source: Path | str | bytes, name: str, columns: Mapping[str, Column]) -> Table:
    """Read a whole table: a Parquet file, or any that :func:`~alignment.files.tables.read_text_table` reads."""
    if not isinstance(source, bytes) and is_pattern(str(source)):
        what = "is a folder" if is_folder(source) else "names several files"
        raise InputError(f"{name} {what}; give one file, or seeds as a folder that 'encode' made of them (--vectors).")
    if not isinstance(source, bytes) and is_parquet(source):
        return read_parquet(source, name, columns)
    return read_text_table(source, name, columns)
