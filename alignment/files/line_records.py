"""Records of a text without a header: the cells of one column, a line each, or one of several cells between tabs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from alignment.errors import InputError
from alignment.files.columns import Column, sentence_fault
from alignment.files.csv_cells import unescaped
from alignment.files.csv_records import Record, Refusal
from alignment.files.encodings import NOT_UTF8, is_unreadable
from alignment.wording import counted

QUOTED = re.compile(r"""\s*(?:"((?:[^"]|"")*)"|'([^']*)'),?\s*""")


def line_records(
    lines: Sequence[str], key: str, column: Column, name: str
) -> tuple[list[Record], list[Refusal], list[str]]:
    """Records of one cell from the lines of a file; blank lines have none.

    Returns
    -------
    (list of Record, list of Refusal, list of str)
        Notes say how lines of sentences are read; a header among class names is found by their number.

    Raises
    ------
    InputError
        For lines of several cells, of which not exactly one is a sentence.
    """
    lines = _without_quotes(lines)
    at, width = _column_of_sentences(lines, key, name) if column.sentence else (0, 1)
    notes = []
    if width > 1:
        notes.append(
            f"{name}: its first line does not name a column {key!r}, and its lines have {width} cells separated by "
            f"tabs; column {at + 1}, the one of sentences, is read as the {key}s, and the rest is passed over."
        )
    elif column.sentence:
        notes.append(f"{name}: its first line does not name a column {key!r}, so that every line is read as a {key}.")
    read, refused = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        cells = line.split("\t") if width > 1 else [line]
        if is_unreadable(line):
            refused.append(Refusal(number, NOT_UTF8))
        elif len(cells) != width:
            count = counted(len(cells), "cell")
            refused.append(Refusal(number, f"the line has {count} separated by tabs, and most have {width}."))
        elif fault := sentence_fault(cell := cells[at].strip()):
            refused.append(Refusal(number, fault))
        else:
            read.append(Record(number, number, [unescaped(cell)]))
    return read, refused, notes


def _without_quotes(lines: Sequence[str]) -> list[str]:
    """Take the quotes off lines that all have them, as R and lists in programs write texts; else they are unchanged."""
    found = [QUOTED.fullmatch(line) for line in lines]
    if not all(quoted or not line.strip() for quoted, line in zip(found, lines, strict=True)):
        return [*lines]
    return [(quoted[1] or quoted[2] or "").replace('""', '"') if quoted else "" for quoted in found]


def _column_of_sentences(lines: Sequence[str], key: str, name: str) -> tuple[int, int]:
    """Position of the cells that are sentences, and number of cells, where most lines have several between tabs.

    Raises
    ------
    InputError
        Where no column, or more than one, holds cells of several words.
    """
    split = [line.split("\t") for line in lines if line.strip()]
    ((width, _),) = Counter(map(len, split)).most_common(1)
    rows = [cells for cells in split if len(cells) == width]
    several = [sum(" " in cells[at].strip() for cells in rows) for at in range(width)]
    found = [at for at in range(width) if 2 * several[at] > len(rows)]
    if width > 1 and len(found) != 1:
        raise InputError(
            f"{name}: its lines have {width} cells separated by tabs, and which of them is the {key} is not clear; "
            f"name the columns in a first line, one of them {key!r}."
        )
    return (found[0], width) if width > 1 else (0, 1)
