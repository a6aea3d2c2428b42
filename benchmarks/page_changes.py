"""Timing of repeated changes on a page in Chromium, and their table."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from benchmarks.reporting import markdown_table

SUBJECTS = (
    *("cat", "dog", "lemon", "pizza", "violin", "lighthouse"),
    *("train", "mushroom", "banana", "guitar", "owl", "bus"),
)
PRACTICE = 2  # changes that do not count


def sentence(turn: int) -> str:
    """A sentence that differs in every turn."""
    return f"I have a {SUBJECTS[turn % len(SUBJECTS)]} no {turn}"


def milliseconds(page, change: Callable[[int], float], changes: int) -> list[float]:
    """Run ``change``, which returns its milliseconds, several times; return all but those of the practice turns."""
    taken = []
    for turn in range(PRACTICE + changes):
        page.wait_for_timeout(700)  # until the previous change is finished
        taken.append(change(turn))
    return taken[PRACTICE:]


def changes_table(times: dict[str, list[float]]) -> str:
    """Markdown table of the median and the slowest of every kind of change, from milliseconds."""
    rows = [[name, f"{statistics.median(t):.0f} ms", f"{max(t):.0f} ms", len(t)] for name, t in times.items()]
    return markdown_table(rows, ["change", "median", "slowest", "changes"])
