"""Changes a visitor makes to the seed dictionary: checked, put together, kept in a file named by its content."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
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


def with_changes(table: pd.DataFrame, shown: pd.DataFrame, changes: dict) -> pd.DataFrame:
    """A table of sentences after what ``st.data_editor`` keeps of changes to the rows that it showed.

    Parameters
    ----------
    table, shown : DataFrame
        As :func:`as_table` has it, and some of its rows.
    changes : dict
        ``edited_rows``, ``added_rows`` and ``deleted_rows``, by place in ``shown``.

    Returns
    -------
    DataFrame
        Rows keep their index; new ones come last, under new numbers.
    """
    changed = table.copy()
    for place, cells in changes["edited_rows"].items():
        for column, cell in cells.items():
            changed.at[shown.index[int(place)], column] = cell or ""
    changed = changed.drop(index=shown.index[changes["deleted_rows"]])
    added = [{key: row.get(key) or "" for key in table} for row in changes["added_rows"] if any(row.values())]
    first = max(table.index, default=-1) + 1
    return pd.concat([changed, pd.DataFrame(added, range(first, first + len(added)), table.columns, dtype=object)])


def count_changes(table: pd.DataFrame, draft: pd.DataFrame) -> int:
    """How many rows of a table were changed, added or deleted in a draft."""
    return len(_changed(table, draft)) + len(table.index.difference(draft.index))


def _changed(table: pd.DataFrame, draft: pd.DataFrame) -> pd.DataFrame:
    """The rows of a draft that are not in the table as they are."""
    return draft[~(draft == table.reindex(draft.index)).all(axis=1)]


def edited(
    seeds: SeedDictionary, table: pd.DataFrame, draft: pd.DataFrame, classes: ClassTable
) -> tuple[SeedDictionary, pd.DataFrame]:
    """The dictionary after its table was changed.

    Parameters
    ----------
    table, draft : DataFrame
        :func:`as_table` of the dictionary, and after changes.
    classes : ClassTable
        Of the class space, with the names that classes go by.

    Returns
    -------
    (SeedDictionary, DataFrame)
        The rows that cannot be used: ``sentence``, ``class``, ``reason``; with any, the dictionary is the one given.
    """
    changed = _changed(table, draft)
    new, refused = _checked(changed, classes.known)
    if refused:
        reasons = pd.Series({refusal.line: refusal.reason for refusal in refused})
        rows = changed.loc[reasons.index, ["sentence", "class"]]
        return seeds, rows.assign(reason=reasons).reset_index(drop=True)
    untouched = table.index.intersection(draft.index).difference(changed.index)
    kept = SeedDictionary(seeds.frame.loc[untouched])
    return (kept.merged(new) if new else kept), pd.DataFrame()


def _checked(rows: pd.DataFrame, names: ClassNames) -> tuple[SeedDictionary | None, list[Refusal]]:
    """Rows checked as those of a file are; ``line`` of a refusal is the index of a row."""
    if rows.empty:
        return None, []
    cells = rows[["sentence", "class"]].to_dict("index")
    return check_seeds((Row(at, {key: text.strip() for key, text in row.items()}) for at, row in cells.items()), names)


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
