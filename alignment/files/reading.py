"""Files that a person names."""

from __future__ import annotations

from pathlib import Path

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
