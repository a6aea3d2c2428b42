"""English plurals: of any noun, as inflect knows them (names of classes in class_names.py), and of what is counted."""

from __future__ import annotations

from functools import lru_cache
from unittest.mock import patch


@lru_cache(maxsize=1)
def english():
    """The engine of inflect, imported when first asked for.

    Without what checks its types, which typeguard would compile on import, from the whole source again for every
    function. Callers here give it str alone.
    """
    with patch("typeguard.typechecked", lambda function: function):
        import inflect
    return inflect.engine()


def counted(number: int, one: str, several: str = "") -> str:
    """How many there are of something, as a message says it; ``several`` is for a plural that is not made by "s".

    Examples
    --------
    >>> counted(1, "sentence"), counted(2000, "sentence"), counted(0, "class", "classes")
    ('1 sentence', '2,000 sentences', '0 classes')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"
