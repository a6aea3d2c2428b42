"""Sentences that name classes: in a module, as the page's own script is run anew each time, and its caches with it."""

from __future__ import annotations

from functools import lru_cache

from alignment.dictionary.templates import Word


@lru_cache(maxsize=25_000)
def sentence_of(name: str, number: str) -> str:
    """Shortest sentence that names a class, such as "A tabby cat"."""
    return Word(name, number or "count").fill("{a}") or name
