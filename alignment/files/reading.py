"""Files that a person names, and JSON that anyone may have written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alignment.errors import InputError


def read_file(path: str | Path, called: str = "") -> bytes:
    """The content of a file; ``called`` is what messages call it.

    Raises
    ------
    InputError
        When it cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError for a name that no file can have
        raise InputError(f"Cannot read {called or path}: {getattr(error, 'strerror', None) or error}.") from error


def refuse_pipe(path: str | Path) -> None:
    """Refuse a pipe where a file is read more than once, or by several processes: its content is gone after the first.

    Raises
    ------
    InputError
        When the path is a pipe.
    """
    try:
        pipe = Path(path).is_fifo()
    except (OSError, ValueError):  # whoever reads it says what is wrong
        return
    if pipe:
        raise InputError(f"{path} is a pipe, which can be read only once; save its content as a file and name that.")


def parse_json(content: str | bytes) -> Any:
    """The value of a JSON text.

    Raises
    ------
    ValueError
        When it is none, in UTF-8, or one nested so deeply that it cannot be read.
    """
    try:
        return json.loads(content.removeprefix("\ufeff") if isinstance(content, str) else content)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def begins_with_json(text: str) -> bool:
    """Whether a text is a JSON array or object, or one such on every line."""
    if not (text := text.lstrip()).startswith(("[", "{")):
        return False
    try:
        json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return True
