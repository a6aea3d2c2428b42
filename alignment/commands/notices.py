"""Notices of a command, on standard error beside its answers."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.wording import counted

if TYPE_CHECKING:
    from alignment.study.shards.shard_results import ShardResult

SHOWN_REFUSALS = 20  # of the rows of shards


def say(notices: Iterable[str]) -> None:
    """Print notices about input that was left out or read in an unusual way, beside the answers."""
    for notice in notices:
        print(notice, file=sys.stderr)


def say_of_shards(shards: Sequence[ShardResult], folder: Path) -> None:
    """Tell what shards were taken for, the first rows that were left out, and where the list of all is."""
    from alignment.study.shards.shard_results import READ_IN_PART, REFUSED

    say(_once(shards))
    refused = [f"left out: {shard.path}, {one}" for shard in shards for one in shard.refused]
    cut = [f"{shard.path}, {one}" for shard in shards for one in shard.cut]
    for rows, named in ((refused, REFUSED), (cut, READ_IN_PART)):
        say(rows[:SHOWN_REFUSALS])
        if len(rows) > SHOWN_REFUSALS:
            say([f"and {len(rows) - SHOWN_REFUSALS:,} more: {folder / named} names them all"])


def _once(shards: Sequence[ShardResult]) -> list[str]:
    """What the files of shards were taken for: of what is said of several, that of the first, and how many more."""
    alike: dict[str, dict[str, str]] = {}  # path and note of each file, by what the note says
    for shard in shards:
        for note in shard.notes:
            alike.setdefault(note.removeprefix(shard.path), {})[shard.path] = note
    return [_with_count(list(notes.values())) for notes in alike.values()]


def _with_count(notes: list[str]) -> str:
    return notes[0] if len(notes) == 1 else f"{notes[0].rstrip('.')}; so in {counted(len(notes) - 1, 'more file')}."
