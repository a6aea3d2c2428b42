"""Numbers and ids of classes in a class file: in columns, beside or before names, and in place of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from alignment.dictionary.class_cells import INDEX_HEADERS, NAME_HEADERS, WORDNET_HEADERS
from alignment.dictionary.class_names import MAX_INDEX_DIGITS, NUMBER
from alignment.dictionary.classes import imagenet_classes
from alignment.dictionary.readable_names import counts_from_0_or_1
from alignment.errors import InputError
from alignment.files.columns import Column, column_places
from alignment.files.csv_cells import names_an_index
from alignment.files.tables import Row, Table

ID_FIRST = re.compile(r"(?P<id>n\d{8})[\s,:]+(?P<name>\S.*)", re.DOTALL)  # as in lists of ImageNet
NUMBER_FIRST = re.compile(r"(?P<id>\d{1,18})[\s,:]+(?P<name>\S.*)", re.DOTALL)  # CUB: "1 001.Black_footed_Albatross"
NUMBER_LAST = re.compile(r"(?P<name>.*\S)\s+(?P<id>\d{1,18})", re.DOTALL)  # Places365: "/a/airfield 0"
WHOLE = re.compile(r"(\d+)(?:\.0+|,0{1,2})?")  # 2, 2.0 or 2,0
CODE = re.compile(r"n\d{8}|LABEL_\d+|/(?:m/0|g/1|t/dd)\w+")  # of WordNet, Hugging Face, Open Images and AudioSet
TAKEN_FROM_IMAGENET = ("wordnet_id", "name", "synonyms", "everyday", "group", "description")
CLASS_COLUMNS = {
    "name": Column((*NAME_HEADERS, "class", "label", "title"), every=True, lines=True),
    "index": Column((*INDEX_HEADERS, "idx", "id"), required=False, whole=True),
    "wordnet_id": Column(WORDNET_HEADERS, required=False),
    "synonyms": Column(("synonym", "aliases"), required=False),
    "everyday": Column(("everyday words", "common name", "common names", "vernacular name"), required=False),
    "group": Column(("category", "supercategory"), required=False),
    "description": Column(("definition", "gloss", "def"), required=False),
}


def take_ids(table: Table, called: str) -> list[str]:
    """Take numbers of classes as ``index``, and WordNet ids for what they name; return notes.

    Raises
    ------
    InputError
        For lines of several cells without a header.
    """
    in_lines = _ids_in_lines(table, called)
    if all("\t" in row.cells["name"] for row in table.rows):
        raise InputError(
            f"{called}: its lines have cells separated by tabs; name the columns in a first line, one of them 'name'."
        )
    beside = [*_numbers_beside_names(table, called), *_other_columns(table, called)]
    return [*in_lines, *beside, *_names_of_ids(table, called)]


def class_indices(rows: list[Row], called: str) -> list[int]:
    """Index of every class: as given, or its position in the file."""
    if not any(row.cells.get("index") for row in rows):
        return list(range(len(rows)))
    indices = []
    for row in rows:
        number = NUMBER.fullmatch(row.cells["index"])
        if not number:
            raise InputError(
                f"{called}, line {row.line}: the index must be a whole number, not {row.cells['index'][:40]!r}, and of "
                f"at most {MAX_INDEX_DIGITS} digits."
            )
        indices.append(int(number[1]))
    rising = all(a < b for a, b in pairwise(indices))
    if not rising and sorted(indices) != list(range(len(rows))):
        raise InputError(f"{called}: the indices must rise from row to row, or be 0 to {len(rows) - 1}, each once.")
    return indices


def _ids_in_lines(table: Table, called: str) -> list[str]:
    """Split running numbers or WordNet ids from lines without a header; return a note."""
    if table.columns != ["name"]:
        return []
    for pattern, key in ((ID_FIRST, "wordnet_id"), (NUMBER_FIRST, "index"), (NUMBER_LAST, "index")):
        found = [match for row in table.rows if (match := pattern.fullmatch(row.cells["name"]))]
        numbers, rest = ([one[part] for one in found] for part in ("id", "name"))
        if len(found) < len(table.rows):
            continue
        if key == "index" and not (counts_from_0_or_1(numbers) and len(set(rest)) == len(rest)):
            continue
        if key == "wordnet_id" and all(map(str.isdecimal, rest)):
            continue  # numbers of the ids, which are all that names the classes
        for row, match in zip(table.rows, found, strict=True):
            row.cells.update({key: match["id"], "name": match["name"]})
        table.columns.append(key)
        return [f"{called}: {found[0]['id']!r} in {found[0][0][:40]!r}, and its like in all lines, is read as {key!r}."]
    return []


def _names_of_ids(table: Table, called: str) -> list[str]:
    """Replace WordNet ids in place of names, as folders of ImageNet are called, by what ImageNet's classes of these
    ids are called; return a note. Where one is none of its classes they stay names, as do ids of other lists."""
    ids = [row.cells["name"] for row in table.rows]
    if not all(map(CODE.fullmatch, ids)):
        return []
    known = imagenet_classes().set_index("wordnet_id", drop=False)
    if unknown := next((one for one in ids if one not in known.index), ""):
        return [f"{called}: its names are ids, and {unknown} is no class of ImageNet; give names in words beside them."]
    for row, one in zip(table.rows, ids, strict=True):
        about = {key: held if isinstance(held, str) else "|".join(held) for key, held in known.loc[one].items()}
        own = {key: cell for key, cell in row.cells.items() if cell and key != "name"}
        row.cells.update({key: about[key] for key in TAKEN_FROM_IMAGENET} | own)
    first = known.loc[ids[0], "name"]
    return [f"{called}: WordNet ids such as {ids[0]} are read as ImageNet's classes, this one as {first!r}."]


def _numbers_beside_names(table: Table, called: str) -> list[str]:
    """Use a numeric ``class`` or ``label`` beside a column of names as the index; return notes.

    A column of codes is not used for the names either.
    """
    others = [column for column in table.columns if column not in CLASS_COLUMNS and _means_a_name(column)]
    words = [other for other in others if not _holds_codes(table, other)]
    header = table.headers["name"]
    notes = []
    if words and header.casefold() != "name" and _holds_codes(table, "name"):
        for row in table.rows:
            row.cells["name"], row.cells[header] = row.cells[words[0]], row.cells["name"]
        table.notes.remove(f"{called}: the column {header!r} is read as 'name'.")
        notes.append(f"{called}: the column {words[0]!r} is read as 'name'.")
        others = [header, *[other for other in others if other != words[0]]]
    for other in others:
        numbers = _whole_numbers(table, other)
        if "index" not in table.columns and numbers:
            _take_as_index(table, numbers)
            notes.append(f"{called}: the column {other!r} is read as 'index'.")
        else:
            notes.append(f"{called}: the column {other!r} is passed over.")
    return notes


def _means_a_name(header: str) -> bool:
    return bool(column_places([header], {"name": CLASS_COLUMNS["name"]}))


def _other_columns(table: Table, called: str) -> list[str]:
    """Use a column of numbers 0 to K - 1 with no title, or that of an index, as the index; return notes."""
    notes = []
    for column in [column for column in table.columns if column not in CLASS_COLUMNS and not _means_a_name(column)]:
        shown = f"the column {column!r}" if column else "the first column"
        numbers = _whole_numbers(table, column)
        counts = sorted(numbers, key=lambda number: (len(number), number)) == list(map(str, range(len(table.rows))))
        if counts and "index" not in table.columns and (not column or names_an_index(column)):
            _take_as_index(table, numbers)
            notes.append(f"{called}: {shown} is read as 'index'.")
        elif any(row.cells[column] for row in table.rows):
            notes.append(f"{called}: {shown} is passed over.")
    return notes


def _take_as_index(table: Table, numbers: Sequence[str]) -> None:
    for row, number in zip(table.rows, numbers, strict=True):
        row.cells["index"] = number
    table.columns.append("index")


def _whole_numbers(table: Table, column: str) -> list[str]:
    """Cells of a column without decimals if all are whole numbers, else an empty list."""
    found = [WHOLE.fullmatch(row.cells[column]) for row in table.rows]
    numbers = [number[1] for number in found if number]
    return numbers if len(numbers) == len(found) else []


def _holds_codes(table: Table, column: str) -> bool:
    """Whether all cells of a column are whole numbers or identifiers (``/m/011k07``)."""
    return all(WHOLE.fullmatch(row.cells[column]) or CODE.fullmatch(row.cells[column]) for row in table.rows)
