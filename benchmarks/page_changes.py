"""How fast a page in Chromium shows what a change leads to."""

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
    """Another one in every turn."""
    return f"I have a {SUBJECTS[turn % len(SUBJECTS)]} no {turn}"


def milliseconds(page, change: Callable[[int], float], changes: int) -> list[float]:
    """What ``change`` returns in each turn, the milliseconds that one change took."""
    taken = []
    for turn in range(PRACTICE + changes):
        page.wait_for_timeout(700)  # nothing of the last change is under way any more
        taken.append(change(turn))
    return taken[PRACTICE:]


def changes_table(times: dict[str, list[float]]) -> str:
    """Median and slowest of every kind of change, given its milliseconds."""
    rows = [[name, f"{statistics.median(t):.0f} ms", f"{max(t):.0f} ms", len(t)] for name, t in times.items()]
    return markdown_table(rows, ["change", "median", "slowest", "changes"])
