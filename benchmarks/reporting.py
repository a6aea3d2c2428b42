"""Markdown tables of figures, as in scores.md and timings.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd


def markdown_table(rows: pd.DataFrame | Sequence, columns: Sequence[str] | None = None) -> str:
    """Rows, or a frame with its named index, as a Markdown table; numbers have three digits, ranks one."""
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.reset_index() if frame.index.name else frame
    return frame.apply(_cells).to_markdown(index=False, disable_numparse=True)


def markdown_row(cells: Iterable[str]) -> str:
    """One more row of a table that is printed as it grows."""
    return f"| {' | '.join(cells)} |"


def _cells(column: pd.Series) -> pd.Series:
    digits = 1 if "rank" in column.name else 3
    return column.map(lambda cell: f"{cell:.{digits}f}" if isinstance(cell, float | np.floating) else cell)
