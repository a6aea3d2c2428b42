"""Names that stand beside the rows of a matrix of class embeddings, compared with the classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alignment.dictionary.classes import ClassTable
from alignment.errors import InputError

SHOWN_CHARACTERS = 40  # of a name in a message


def order_of_rows(
    names: Mapping[str, Sequence[str]], classes: ClassTable, source: str
) -> tuple[list[int] | None, list[str]]:
    """Which row of a matrix belongs to each class, by the names beside its rows.

    Parameters
    ----------
    names : mapping from str to sequence of str
        Columns or arrays of words, by what messages call them. The one that names most classes is compared.
    classes : ClassTable of K classes
    source : str
        What messages call the matrix.

    Returns
    -------
    (list of K int, or None; list of str)
        ``None`` where the rows are in the order of the classes, or cannot be compared with them; and what was done.

    Raises
    ------
    InputError
        When at least half of the names are known, and they contradict the classes.
    """
    notes = []
    best, most = "", 0
    found: list[list[int] | None] = []
    for where, cells in names.items():
        meant = [_meant(cell, classes) for cell in cells]
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


def _meant(cell: str, classes: ClassTable) -> list[int] | None:
    """Rows of the classes that a name may mean, none where the space lacks them; ``None`` for an unknown name."""
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
    return f"row {row}, from 0, is called {cells[row][:SHOWN_CHARACTERS]!r}, and class {row} {classes.names[row]!r}"
