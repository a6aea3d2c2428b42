"""Capitalised and shortened texts."""

import re

FILE_FIRST = re.compile(r"[^:]*\.\w+(:|, line)")  # how notes on a file begin


def capitalised(text: str) -> str:
    """Text with an upper-case first letter; the rest, and the name of a file that comes first, are left as they are.

    Examples
    --------
    >>> capitalised("left out: my list.csv, line 2: the prompt is empty."), capitalised("my list.csv: a note.")
    ('Left out: my list.csv, line 2: the prompt is empty.', 'my list.csv: a note.')
    """
    return text if FILE_FIRST.match(text) else text[:1].upper() + text[1:]


def shortened(text: str, limit: int) -> str:
    """Text cut to ``limit`` characters, with an ellipsis if it is longer.

    Examples
    --------
    >>> shortened("cat", 4), shortened("lighthouse", 4)
    ('cat', 'lig…')
    """
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
