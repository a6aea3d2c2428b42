"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from alignment.errors import InputError

PARTIAL_SUFFIX = ".partial"
HELD_OPEN = re.compile(r"(/dev|/proc/.+)/fd/\d+")  # names of the files that a process holds open
MAX_LINKS = 40  # as Linux follows


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
    except (InputError, BrokenPipeError):  # of what ``write`` puts in, in its own words; the reader has seen enough
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

    A link is followed and stays; a file that is replaced hands on its permissions. What :func:`is_written_in_place`
    is written to.

    Raises
    ------
    OSError
    """
    _replace(path, lambda file: file.write(content))


def to_disk(file: BinaryIO) -> None:
    """Bring what was written to a file to the disk, so that a power cut after renaming it cannot leave it empty."""
    file.flush()
    os.fsync(file.fileno())


def is_written_in_place(path: str | Path) -> bool:
    """Whether a name is that of a device, of a pipe, or of what a process holds open, such as /dev/stdout."""
    return _held_open(path) is not None or (os.path.exists(path) and not os.path.isfile(path))


def _held_open(path: str | Path) -> str | None:
    """The name, such as /proc/7/fd/1, of the open file that a path leads to; None for any other path."""
    name = os.fspath(path)
    for _ in range(MAX_LINKS):
        folder, base = os.path.split(os.path.abspath(name))
        name = os.path.join(os.path.realpath(folder), base)
        if HELD_OPEN.fullmatch(name):
            return name
        if not os.path.islink(name):
            return None
        name = os.path.join(os.path.dirname(name), os.readlink(name))
    return None


def _open_in_place(path: str | Path) -> BinaryIO:
    """A file opened where it is, so that nothing in it is lost.

    What this process holds open is written to from where it has come, after what was printed: opened anew, the same
    file would be written from its beginning.
    """
    folder, number = os.path.split(_held_open(path) or "")
    if folder in ("/dev/fd", f"/proc/{os.getpid()}/fd"):
        sys.stdout.flush()
        return open(os.dup(int(number)), "wb")
    return open(path, "ab")


def _replace(path: str | Path, write: Callable[[BinaryIO], object]) -> None:
    if is_written_in_place(path):
        with _open_in_place(path) as file:
            write(file)
        return
    path = Path(os.path.realpath(path))
    try:
        status = path.stat()
    except FileNotFoundError:
        status = None
    partial = path.with_name(f".{secrets.token_hex(8)}{PARTIAL_SUFFIX}")
    try:
        with open(partial, "xb") as file:
            write(file)
            to_disk(file)
        if status:
            partial.chmod(stat.S_IMODE(status.st_mode))
        partial.replace(path)
    except BaseException:  # an interruption too leaves nothing behind
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
