"""Tables about languages that come with the package."""

from __future__ import annotations

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def data_rows(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file of the folder ``data``, each from column to text."""
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]
