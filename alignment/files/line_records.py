"""Records of a text without a header: a line is a cell, or has several between tabs, of which one is a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from alignment.errors import InputError
from alignment.files.columns import Column, sentence_fault
from alignment.files.csv_cells import unescaped
from alignment.files.csv_records import Record, Refusal, TitledRecords
from alignment.files.encodings import NOT_UTF8, is_unreadable
from alignment.wording import counted

QUOTED = re.compile(r"""\s*(?:"((?:[^"]|"")*)"|'([^']*)'),?\s*""")


def line_records(lines: Sequence[str], key: str, column: Column, name: str) -> TitledRecords:
    """Records from the lines of a file, in which one cell is titled ``key``; blank lines have none.

    Notes say how lines of sentences are read; a header among class names is found by their number.

    Raises
    ------
    InputError
        For lines of several cells, of which not exactly one is a sentence.
    """
    at, width = _column_of_sentences(lines, key, name) if column.sentence else (0, 1)
    notes = []
    if width > 1:
        notes.append(
            f"{name}: its first line does not name a column {key!r}, and its lines have {width} cells separated by "
            f"tabs; column {at + 1}, the one of sentences, is read as the {key}s, and the rest is passed over."
        )
    elif column.sentence:
        notes.append(f"{name}: its first line does not name a column {key!r}, so that every line is read as a {key}.")
    split = [line.split("\t") if width > 1 else [line] for line in lines]
    texts = _without_quotes([cells[at] if len(cells) == width else "" for cells in split])
    read, refused = [], []
    for number, (line, cells, text) in enumerate(zip(lines, split, texts, strict=True), start=1):
        if not line.strip():
            continue
        if is_unreadable(line):
            refused.append(Refusal(number, NOT_UTF8))
        elif len(cells) != width:
            count = counted(len(cells), "cell")
            refused.append(Refusal(number, f"the line has {count} separated by tabs, and most have {width}."))
        elif fault := sentence_fault(text.strip()):
            refused.append(Refusal(number, fault))
        else:
            read.append(Record(number, number, [*cells[:at], unescaped(text.strip()), *cells[at + 1 :]]))
    return TitledRecords([*[""] * at, key], read, refused, notes)


def _without_quotes(texts: Sequence[str]) -> list[str]:
    """Take the quotes off texts that all have them, as R and lists in programs write them; else they are unchanged."""
    found = [QUOTED.fullmatch(text) for text in texts]
    if not all(quoted or not text.strip() for quoted, text in zip(found, texts, strict=True)):
        return [*texts]
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
