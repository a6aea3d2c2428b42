"""A visitor's edits of the seed dictionary: applied to its table, checked and merged."""

from __future__ import annotations

import pandas as pd

from alignment.dictionary.class_names import ClassNames
from alignment.dictionary.classes import ClassTable
from alignment.dictionary.seed_files import check_seeds
from alignment.dictionary.seeds import SeedDictionary
from alignment.files.csv_records import Refusal
from alignment.files.tables import Row

SEPARATOR = " | "


def as_table(seeds: SeedDictionary, classes: ClassTable) -> pd.DataFrame:
    """The seed dictionary as an editable table: ``sentence``, ``class``, ``kind``; index = row of the dictionary.

    Classes are named by their labels, so that the table can be read back.
    """
    names = dict(zip(classes.indices, classes.labels, strict=True))
    named = [SEPARATOR.join(names[i] for i in indices) for indices in seeds.frame["classes"]]
    return seeds.frame[["sentence", "kind"]].assign(**{"class": named})[["sentence", "class", "kind"]]


def with_changes(table: pd.DataFrame, shown: pd.DataFrame, changes: dict) -> pd.DataFrame:
    """Apply the edits of ``st.data_editor`` to a table of which it showed some rows.

    Parameters
    ----------
    table, shown : DataFrame
        As from :func:`as_table`, and some of its rows.
    changes : dict
        ``edited_rows``, ``added_rows`` and ``deleted_rows``, by place in ``shown``.

    Returns
    -------
    DataFrame
        Rows keep their index; new ones come last, with new numbers.
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
    """Number of rows changed, added or deleted in a draft."""
    return len(_changed_rows(table, draft)) + len(table.index.difference(draft.index))


def _changed_rows(table: pd.DataFrame, draft: pd.DataFrame) -> pd.DataFrame:
    """Rows of a draft that are new or differ from the table."""
    return draft[~(draft == table.reindex(draft.index)).all(axis=1)]


def apply_edits(
    seeds: SeedDictionary, table: pd.DataFrame, draft: pd.DataFrame, classes: ClassTable
) -> tuple[SeedDictionary, pd.DataFrame]:
    """Dictionary with the edits of its table applied.

    Parameters
    ----------
    table, draft : DataFrame
        :func:`as_table` of the dictionary, and after changes.
    classes : ClassTable
        Classes of the class space, with the names that the table uses.

    Returns
    -------
    (SeedDictionary, DataFrame)
        The rows that cannot be used: ``sentence``, ``class``, ``reason``; with any, the dictionary is the one given.
    """
    changed = _changed_rows(table, draft)
    new, refused = _check_rows(changed, classes.known)
    if refused:
        reasons = pd.Series({refusal.line: refusal.reason for refusal in refused})
        rows = changed.loc[reasons.index, ["sentence", "class"]]
        return seeds, rows.assign(reason=reasons).reset_index(drop=True)
    untouched = table.index.intersection(draft.index).difference(changed.index)
    kept = SeedDictionary(seeds.frame.loc[untouched])
    return (kept.merged(new) if new else kept), pd.DataFrame()


def _check_rows(rows: pd.DataFrame, names: ClassNames) -> tuple[SeedDictionary | None, list[Refusal]]:
    """Check rows like those of a seed file; ``line`` of a refusal is the index of the row."""
    if rows.empty:
        return None, []
    cells = rows[["sentence", "class"]].to_dict("index")
    return check_seeds((Row(at, {key: text.strip() for key, text in row.items()}) for at, row in cells.items()), names)
