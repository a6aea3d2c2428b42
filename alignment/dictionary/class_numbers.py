"""Detection of class numbers of another list: shifted by one, or with gaps, such as COCO's 1 to 90 of 80 classes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alignment.dictionary.class_names import NUMBER, ClassNames
from alignment.errors import InputError

BETWEEN = re.compile(r"[|\[\],]")
MOST_OUTSIDE = 2  # different numbers that no class has; so few may be slips


def checked_numbers(cells: Iterable[str], names: ClassNames, called: str) -> list[str]:
    """Note where all class numbers of a file seem to be shifted by one; refuse those of another list.

    Parameters
    ----------
    cells : iterable of str
        As for :func:`~alignment.dictionary.seed_files.named_classes`.
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
    keys = {key.strip() for cell in cells for key in BETWEEN.split(cell)} - {""}
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
