"""Row names found in a file of class embeddings, and the order of rows that they give for the classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from alignment.class_embeddings.array_files import KEYS
from alignment.dictionary.classes import ClassTable
from alignment.errors import InputError

SHOWN_CHARACTERS = 40  # of a name in a message
SHOWN_ARRAYS = 5
NUMBER_TITLES = {  # of arrays of class numbers, in lower case
    *("label", "labels", "target", "targets", "class", "classes", "category", "categories"),
    *("index", "indices", "idx", "id", "ids", "y", "class_id", "class_ids", "label_ids", "class_idx"),
}


def names_beside(arrays: Mapping[str, np.ndarray], rows: int, source: str) -> tuple[dict[str, list[str]], list[str]]:
    """Row names in the other arrays of a file: words, or class numbers under a usual name such as ``labels``.

    Parameters
    ----------
    arrays : mapping from str to array
        All of a file except the matrix.
    rows : int
        Number of rows of the matrix.
    source : str
        Name of the file in messages.

    Returns
    -------
    (dict from str to list of str, list of str)
        Names for :func:`order_of_rows`, words first; and notes on skipped arrays with one entry per row.
    """
    words, numbers, passed, notes = {}, {}, [], []
    for name, array in arrays.items():
        cells = array.reshape(-1) if array.ndim == 2 and array.shape[1] == 1 else array
        where = name if name == KEYS else f"array {name!r}"
        if cells.ndim == 1 and cells.dtype.kind in "US":
            words[where] = list(map(_text, cells))
        elif cells.shape[:1] != (rows,):
            continue
        elif not _are_class_numbers(name, cells):
            passed.append(repr(name))
        elif (cells == 1 + np.arange(rows)).all():
            notes.append(f"{source}: its {where} counts the rows from 1 and is passed over.")
        elif (cells != np.arange(rows)).any():  # which would agree with any order of the names
            numbers[where] = [str(int(number)) for number in cells]
    if passed:
        shown = ", ".join(passed[:SHOWN_ARRAYS]) + (", ..." if len(passed) > SHOWN_ARRAYS else "")
        what = f"array {shown} beside its rows is" if len(passed) == 1 else f"arrays {shown} beside its rows are"
        notes.append(f"{source}: the {what} passed over.")
    return words | numbers, notes


def _are_class_numbers(name: str, cells: np.ndarray) -> bool:
    finite = cells.dtype.kind in "iuf" and bool(np.isfinite(cells).all())
    whole = finite and bool((cells == np.floor(cells)).all())
    return cells.ndim == 1 and whole and name.rpartition(".")[2].casefold() in NUMBER_TITLES


def _text(word: str | bytes) -> str:
    return (word.decode(errors="replace") if isinstance(word, bytes) else str(word)).strip()


def order_of_rows(
    names: Mapping[str, Sequence[str]], classes: ClassTable, source: str
) -> tuple[list[int] | None, list[str]]:
    """Row of the matrix for each class, found by row names.

    Parameters
    ----------
    names : mapping from str to sequence of str
        Columns or arrays of names, by their place in the file. The one with the most known classes is used.
    classes : ClassTable of K classes
    source : str
        Name of the matrix in messages.

    Returns
    -------
    (list of K int, or None; list of str)
        ``None`` where the rows are in the order of the classes, or no names can be compared; and notes.

    Raises
    ------
    InputError
        When at least half of the names are known, and they contradict the classes.
    """
    notes = []
    best, most = "", 0
    found: list[list[int] | None] = []
    for where, cells in names.items():
        meant = [_matching_rows(cell, classes) for cell in cells]
        known = sum(one is not None for one in meant)
        if 2 * known < len(cells) or not known:
            notes.append(f"{source}: its {where} was not compared with the classes, whose names it does not hold.")
        elif known > most or (known == most and _is_one_to_one(meant) and not _is_one_to_one(found)):
            best, most, found = where, known, meant
    if not best:
        return None, notes
    cells = names[best]
    if _is_one_to_one(found) and len(found) == len(classes):
        place = {rows[0]: number for number, rows in enumerate(found) if rows}
        order = [place[row] for row in range(len(classes))]
        if order == sorted(order):
            return None, notes
        return order, [*notes, f"{source}: the rows are put into the order of the classes by its {best}."]
    unknown = [cell for cell, rows in zip(cells, found, strict=True) if rows is None]
    wrong = [number for number, rows in enumerate(found) if rows is not None and number not in rows]
    if wrong or len(cells) != len(classes):
        raise InputError(
            f"{source}: its {best} contradicts the classes ({_problem(cells, unknown, wrong, classes)}); "
            "it must name each of them once; else name the classes with --classes, or leave it out."
        )
    if unknown:
        notes.append(
            f"{source}: {len(unknown):,} of the {len(cells):,} names in its {best} are unknown, such as "
            f"{unknown[0][:SHOWN_CHARACTERS]!r}; the others stand in the order of the classes."
        )
    return None, notes


def _matching_rows(cell: str, classes: ClassTable) -> list[int] | None:
    """Rows of the classes that a name may mean, [] where none is in the space; ``None`` for an unknown name."""
    try:
        found = classes.known.find(cell)
    except InputError:
        found = tuple(classes.known.answering(cell))
    return classes.rows(found) if found else None


def _is_one_to_one(found: Sequence[list[int] | None]) -> bool:
    single = [rows[0] for rows in found if rows is not None and len(rows) == 1]
    return len(single) == len(found) == len(set(single))


def _problem(cells: Sequence[str], unknown: Sequence[str], wrong: Sequence[int], classes: ClassTable) -> str:
    if len(cells) != len(classes):
        return f"it has {len(cells):,} names for {len(classes):,} classes"
    if unknown:
        return f"{unknown[0][:SHOWN_CHARACTERS]!r} is none of them"
    row = wrong[0]
    return f"row {row}, from 0, is called {cells[row][:SHOWN_CHARACTERS]!r}, and class {row} {classes.labels[row]!r}"
