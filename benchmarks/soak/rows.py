"""Rows of the soak test's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One trial: its description, its figures, and descriptions of all failures."""

    what: str
    found: str
    wrong: tuple[str, ...] = ()
