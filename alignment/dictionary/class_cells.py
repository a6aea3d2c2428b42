"""Cells of a table that name classes: the headers above them, what they mean, and numbers of another class list.

Files of seeds, prompts and class attributes name classes in the same ways.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

from alignment.dictionary.class_names import MAX_KEY_CHARACTERS, NUMBER, ClassNames
from alignment.errors import InputError
from alignment.files.csv_cells import parse_list

WORDNET_HEADERS = ("wordnet id", "wnid", "synset")
NAME_HEADERS = (
    *("class name", "label name", "label text", "class text", "category name", "category text", "text label"),
    "display name",
)
INDEX_HEADERS = ("class index", "class id", "category id", "label id", "class idx")
CLASS_HEADERS = ("classes", *WORDNET_HEADERS, *NAME_HEADERS, "label", "labels", *INDEX_HEADERS, "category")
OTHER_SEPARATORS = re.compile(r"[;,/+&]| and ")  # that people write between classes
UNMARKED = {"0", "0.0"}
MARKS = {"1", "1.0"} | UNMARKED
BETWEEN_KEYS = re.compile(r"[|\[\],]")
MOST_OUTSIDE = 2  # different numbers that no class has; so few may be slips


def agreed_classes(cells: Mapping[str, str], key: str, columns: Container[str], names: ClassNames) -> tuple[int, ...]:
    """Classes named by the cell ``key`` of a row, checked against class names in cells outside ``columns``.

    Raises
    ------
    InputError
        As for :func:`named_classes`, and when another cell names another class.
    """
    classes = named_classes(cells[key], names)
    for header in [header for header in cells if header not in columns]:
        try:
            others = named_classes(cells[header], names)
        except InputError:
            continue  # a cell that names no class contradicts none
        if len(others) == 1 and others[0] not in classes:  # several: a category such as "food"
            raise InputError(
                f"the class is {cells[key][:40]!r}, but the column {header[:40]!r} says {cells[header][:40]!r}; "
                "keep one of these columns."
            )
    return classes


def named_classes(cell: str, names: ClassNames) -> tuple[int, ...]:
    """Indices of the classes named by a cell, several separated by '|', each once.

    Raises
    ------
    InputError
        When it is empty, a name matches no class, or it marks classes by their places, as ``[0, 1, 0]`` does.
    """
    keys = parse_list(cell) or [key for key in cell.split("|") if key.strip()]
    if not keys:
        raise InputError("the class is empty.")
    if MARKS.issuperset(keys) and UNMARKED.intersection(keys) and len({*keys}) < len(keys):
        raise InputError(
            f"the class {cell[:40]!r} seems to mark classes by their places (one-hot); give their numbers or names."
        )
    found = dict.fromkeys(_found(key, names) for key in dict.fromkeys(keys))  # each once: a word may mean 400 classes
    return tuple(dict.fromkeys(index for classes in found for index in classes))


def _found(key: str, names: ClassNames) -> tuple[int, ...]:
    """Classes of a key; for several keys with another separator the error names '|'."""
    try:
        return names.find(key)
    except InputError as error:
        whole = len(key) <= MAX_KEY_CHARACTERS
        others = [part for part in OTHER_SEPARATORS.split(key) if part.strip()] if whole else []
        if len(others) > 1 and all(is_named(part, names) for part in others):
            wanted = "|".join(map(str.strip, others))
            raise InputError(f"{error} Several classes are separated by '|': {wanted}.") from None
        raise


def is_named(key: str, names: ClassNames) -> bool:
    """Whether a text names a class, or a word above some."""
    try:
        return bool(names.find(key))
    except InputError:
        return False


def class_number_notes(cells: Iterable[str], names: ClassNames, called: str) -> list[str]:
    """A note where all class numbers of a file seem to be shifted by one, else none; those of another list are refused.

    Parameters
    ----------
    cells : iterable of str
        As for :func:`named_classes`.
    names : ClassNames
    called : str
        Name of the file in the note.

    Raises
    ------
    InputError
        When several numbers are none of the classes, and the first class is not among them: the other numbers would
        mean other classes too.
    """
    first, last = int(names.frame.index.min()), int(names.frame.index.max())
    if names.key(first) != str(first) or len(names.frame) != last - first + 1:  # numbers are names, or have gaps
        return []
    keys = {key.strip() for cell in cells for key in BETWEEN_KEYS.split(cell)} - {""}
    found = [NUMBER.fullmatch(key) for key in keys]
    numbers = {int(number[1]) for number in found if number}
    if not numbers or not all(found):
        return []
    for shift, beyond, lacks in ((1, last + 1, first), (-1, first - 1, last)):
        if beyond in numbers and lacks not in numbers and first + shift <= min(numbers) <= max(numbers) <= last + shift:
            return [
                f"{called}: its class numbers seem to count from {first + shift}, where those of {names.plural} count "
                f"from {first}; every number would mean the class beside the one that is meant."
            ]
    outside = sorted(number for number in numbers if not first <= number <= last)
    if len(outside) > MOST_OUTSIDE and first not in numbers:
        raise InputError(
            f"{called}: its class numbers seem to be of another list: none is {first}, and {len(outside):,} of them, "
            f"such as {outside[0]}, are none of {names.plural}, whose numbers are {first} to {last}; give names in "
            "place of numbers, or the numbers of these classes in the column 'index' of --classes FILE.csv."
        )
    return []
