"""Detection of off-by-one class numbers: a file counts from 1 where the classes count from 0, or vice versa."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alignment.dictionary.class_names import ClassNames

NUMBER = re.compile(r"\d{1,18}(?=(?:\.0*)?$)")
BETWEEN = re.compile(r"[|\[\],]")


def shifted_numbers(cells: Iterable[str], names: ClassNames, called: str) -> list[str]:
    """Note where all class numbers of a file seem to be shifted by one.

    Parameters
    ----------
    cells : iterable of str
        As for :func:`~alignment.dictionary.seed_files.named_classes`.
    names : ClassNames
    called : str
        Name of the file in the note.
    """
    first, last = int(names.frame.index.min()), int(names.frame.index.max())
    if names.key(first) != str(first) or len(names.frame) != last - first + 1:  # numbers are names, or have gaps
        return []
    keys = {key.strip() for cell in cells for key in BETWEEN.split(cell)} - {""}
    found = [NUMBER.match(key) for key in keys]
    numbers = {int(number[0]) for number in found if number}
    if not numbers or not all(found):
        return []
    for shift, beyond, lacks in ((1, last + 1, first), (-1, first - 1, last)):
        if beyond in numbers and lacks not in numbers and first + shift <= min(numbers) <= max(numbers) <= last + shift:
            return [
                f"{called}: its class numbers seem to count from {first + shift}, where those of {names.plural} count "
                f"from {first}; every number would mean the class beside the one that is meant."
            ]
    return []
