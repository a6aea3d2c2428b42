"""Progress of long work, as callers may follow it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], object]
"""Called with (what is being done, steps done, steps in all); an exception that it raises ends the work."""

DOWNLOADING = "Downloading"


def counts_bytes(stage: str) -> bool:
    """Whether the steps of some work are bytes."""
    return stage.startswith(DOWNLOADING)


def said(stage: str, done: int, total: int) -> str:
    """Progress in words: "Encoding: 1,000 of 12,000", "Downloading biggan-deep-256: 28.1 of 234.4 MB"."""
    if counts_bytes(stage):
        return f"{stage}: {done / 1e6:.1f} of {total / 1e6:.1f} MB"
    return f"{stage}: {done:,} of {total:,}"
