"""English plurals and singulars of nouns, by inflect's engine."""

from __future__ import annotations

import re
from functools import lru_cache

from alignment.execution.locks import Once

MOST_CHARACTERS = 60  # of a name whose plural is looked for

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


def singular_and_plural(name: str) -> list[str]:
    """A name, and its English singular and plural where they exist; of a very long name neither is tried."""
    if len(name) > MOST_CHARACTERS or not re.search("[a-z]", name):
        return [name]
    engine = english()
    return [form for form in (name, engine.singular_noun(name), engine.plural_noun(name)) if form]


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
