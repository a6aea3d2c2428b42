"""Changes a visitor makes to the seed dictionary: checked, put together, kept in a file named by its content."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from alignment.dictionary.class_names import ClassNames, class_list_digest
from alignment.dictionary.classes import ClassTable
from alignment.dictionary.seed_files import check_seeds
from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError
from alignment.files.folders import to_make_room
from alignment.files.tables import Refusal, Row
from alignment.files.writing import write_file

SEPARATOR = " | "
SEED_FILE = re.compile("[0-9a-f]{16}(?:-([0-9a-f]{8}))?")  # the name of a file of seeds: its content, its class list
LIMIT_BYTES = 200_000_000  # of all files of seeds in the cache


def as_table(seeds: SeedDictionary, classes: ClassTable) -> pd.DataFrame:
    """The dictionary as people edit it: ``sentence``, ``class``, ``kind``; index = row of the dictionary.

    Classes are called as :meth:`ClassNames.label` calls them, so that what is shown can be read again.
    """
    names = {index: classes.known.label(index) for index in classes.indices}
    named = [SEPARATOR.join(names[i] for i in indices) for indices in seeds.frame["classes"]]
    return seeds.frame[["sentence", "kind"]].assign(**{"class": named})[["sentence", "class", "kind"]]


def edited(
    seeds: SeedDictionary, shown: pd.DataFrame, edits: dict, classes: ClassTable
) -> tuple[SeedDictionary, list[Refusal]]:
    """The dictionary after edits in a table that shows some of its rows.

    Parameters
    ----------
    shown : DataFrame
        The rows of :func:`as_table` in the table, in its order.
    edits : dict
        What ``st.data_editor`` keeps: ``edited_rows``, ``added_rows``, ``deleted_rows``.
    classes : ClassTable
        Of the class space, with the names that classes go by.

    Returns
    -------
    (SeedDictionary, list of Refusal)
        With refusals, ``line`` is the row in the table (from 1) and the dictionary is the one given.
    """
    changed = {row: shown.iloc[row].to_dict() | cells for row, cells in edits["edited_rows"].items()}
    added = {len(shown) + i: cells for i, cells in enumerate(edits["added_rows"]) if any(cells.values())}
    rows = changed | added
    new, refused = _checked(list(rows.values()), classes.known)
    if refused:
        numbers = list(rows)
        return seeds, [Refusal(numbers[r.line] + 1, r.reason) for r in refused]
    gone = shown.index[[*changed, *edits["deleted_rows"]]]
    kept = SeedDictionary(seeds.frame.drop(index=gone))
    return (kept.merged(new) if new else kept), []


def _checked(rows: Sequence[dict], names: ClassNames) -> tuple[SeedDictionary | None, list[Refusal]]:
    """Rows checked as those of a file are; ``line`` of a refusal is the position in ``rows``."""
    if not rows:
        return None, []
    cells = [{key: str(row.get(key) or "").strip() for key in ("sentence", "class")} for row in rows]
    return check_seeds((Row(place, row) for place, row in enumerate(cells)), names)


def short_digest(names: ClassNames) -> str:
    """Identifies a class list in the name of a file: its indices mean other classes in another list."""
    return class_list_digest(names.frame)[:8]


def save_seeds(folder: Path, seeds: SeedDictionary, names: ClassNames) -> Path:
    """The dictionary as a CSV file named by its content and by the class list of ``names``, which will read it; written
    whole or not at all. The files that were not used for longest make room for it."""
    if not len(seeds):
        raise InputError("Without a single sentence there is nothing to learn from; keep at least one.")
    text = seeds.to_csv(names.key).encode()
    path = folder / f"{hashlib.sha256(text).hexdigest()[:16]}-{short_digest(names)}.csv"
    if not path.is_file():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"Your sentences cannot be kept in {folder}: {error.strerror or error}.") from error
        write_file(path, text)
    used_now(path)
    _make_room(path)
    return path


def used_now(path: Path) -> None:
    """Note that a file of seeds is in use; when it was changed stays, by which a study knows whether it was."""
    with contextlib.suppress(OSError):
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def _make_room(kept: Path) -> None:
    """Remove the files of seeds beside one that were not used for longest until the rest fits."""
    files = []
    for path in kept.parent.glob("*.csv"):
        with contextlib.suppress(OSError):  # removed by another visitor meanwhile
            state = path.stat()
            if SEED_FILE.fullmatch(path.stem):
                files.append((state.st_atime_ns, state.st_size, path))
    for path in to_make_room(kept, files, LIMIT_BYTES):
        with contextlib.suppress(OSError):
            path.unlink()
