"""Values of typed table formats (Parquet, JSON) as the texts that a CSV would hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence


def cell_text(value: object) -> str:
    """Text of a value, "" for none and for NaN; a list of classes is joined by '|', and bytes are decoded as UTF-8.

    Examples
    --------
    >>> cell_text(["tabby", 282]), cell_text(None), cell_text({"choices": ["tabby"]})
    ('tabby|282', '', '{"choices": ["tabby"]}')

    Raises
    ------
    UnicodeDecodeError
    """
    if value is None or value != value:  # only NaN differs from itself
        return ""
    if isinstance(value, list):
        return "|".join(map(cell_text, value))
    if isinstance(value, dict):
        return json.dumps(value, default=str)
    if isinstance(value, bytes):
        value = value.decode()
    return value.strip() if isinstance(value, str) else str(value)


def split_sentences(row: dict[str, object], sentences: Sequence[str]) -> Iterator[dict[str, object]]:
    """Yield one row per member where a column of sentences holds a list; the row itself where none does.

    Examples
    --------
    >>> list(split_sentences({"caption": ["a cat", "a pet"], "class": 281}, ["caption"]))
    [{'caption': 'a cat', 'class': 281}, {'caption': 'a pet', 'class': 281}]
    """
    lists = {key: value for key in sentences if isinstance(value := row.get(key), list)}
    if not lists:
        yield row
    for key, members in lists.items():
        yield from ({**row, key: member} for member in members or [None])
