"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from alignment.errors import InputError

PARTIAL_SUFFIX = ".partial"


def write_file(path: str | Path, content: bytes) -> None:
    """Write a file that a person asked for, as :func:`replace_file` does.

    Raises
    ------
    InputError
        When it cannot be written; what was there before stays.
    """
    stream_file(path, lambda file: file.write(content))


def stream_file(path: str | Path, write: Callable[[BinaryIO], object]) -> None:
    """:func:`write_file` for content that ``write`` puts into an open file piece by piece."""
    try:
        _replace(path, write)
    except InputError:  # of what ``write`` puts in, which has its own sentence
        raise
    except (OSError, ValueError) as error:  # ValueError for a name that no file can have
        raise InputError(f"Cannot write {path}: {getattr(error, 'strerror', None) or error}.") from error


def make_folder(path: Path) -> None:
    """Make a folder that a person asked for, unless it is there.

    Raises
    ------
    InputError
        When it cannot be made, or no file can be written into it.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Cannot make the folder {path}: {error.strerror or error}.") from error
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise InputError(f"Cannot write into the folder {path}: {error.strerror or error}.") from error


def replace_file(path: str | Path, content: bytes) -> None:
    """Write a file beside its place, then rename it there, so that no one finds a part of it under its name.

    A link is followed and stays; a file that is replaced hands on its permissions. A device or a pipe, such as
    /dev/stdout, has no such place and is written to.

    Raises
    ------
    OSError
    """
    _replace(path, lambda file: file.write(content))


def _replace(path: str | Path, write: Callable[[BinaryIO], object]) -> None:
    path = Path(os.path.realpath(path))
    try:
        status = path.stat()
    except FileNotFoundError:
        status = None
    if status and not stat.S_ISREG(status.st_mode):
        with open(path, "wb") as file:
            write(file)
        return
    partial = path.with_name(f".{secrets.token_hex(8)}{PARTIAL_SUFFIX}")
    try:
        with open(partial, "xb") as file:
            write(file)
        if status:
            partial.chmod(stat.S_IMODE(status.st_mode))
        partial.replace(path)
    except BaseException:  # an interruption too leaves nothing behind
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
