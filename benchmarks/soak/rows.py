"""A row of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was done, how it went in figures, and everything that went wrong, in words."""

    what: str
    found: str
    wrong: tuple[str, ...] = ()
