"""English plurals: inflect's engine for nouns, and counts in messages."""

from __future__ import annotations

from functools import lru_cache

from alignment.execution.locks import Once

_engines = Once()


def english():
    """Engine of inflect, one for all threads, imported on first use."""
    return _engines.get("english", _import_engine)


@lru_cache(maxsize=2**15)
def singular(word: str) -> str:
    """English singular of a word, or the word itself where it is no plural.

    Examples
    --------
    >>> singular("pianos"), singular("geese"), singular("piano")
    ('piano', 'goose', 'piano')
    """
    return english().singular_noun(word) or word


def _import_engine():
    """Import inflect without its type checks: typeguard would compile its whole source for every function.

    That takes seconds, and callers here pass only str.
    """
    import typeguard

    checked = typeguard.typechecked
    typeguard.typechecked = lambda function: function  # type: ignore[assignment]
    try:
        import inflect
    finally:
        typeguard.typechecked = checked
    return inflect.engine()
