"""English plurals: of any noun, as inflect knows them (names of classes in class_names.py), and of what is counted."""

from __future__ import annotations

from alignment.progress import Once

_engines = Once()


def english():
    """The engine of inflect, one for all threads, imported when first asked for."""
    return _engines.get("english", _imported)


def _imported():
    """Import inflect without what checks its types: typeguard would compile its whole source for every function.

    That takes seconds, and callers here give it str alone.
    """
    import typeguard

    checked = typeguard.typechecked
    typeguard.typechecked = lambda function: function  # type: ignore[assignment]
    try:
        import inflect
    finally:
        typeguard.typechecked = checked
    return inflect.engine()


def counted(number: int, one: str, several: str = "") -> str:
    """How many there are of something, as a message says it; ``several`` is for a plural that is not made by "s".

    Examples
    --------
    >>> counted(1, "sentence"), counted(2000, "sentence"), counted(0, "class", "classes")
    ('1 sentence', '2,000 sentences', '0 classes')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"
