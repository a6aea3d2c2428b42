"""Atomic file writing: a file is written completely or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from alignment.errors import InputError

PARTIAL_SUFFIX = ".partial"
ABANDONED_SECONDS = 3600  # a partial file this old belongs to a process that was killed
HELD_OPEN = re.compile(r"(/dev|/proc/.+)/fd/\d+")  # names of the files that a process holds open
MAX_LINKS = 40  # as Linux follows


def write_file(path: str | Path, content: bytes) -> None:
    """:func:`replace_file` for a file that a user named.

    Raises
    ------
    InputError
        When it cannot be written; an existing file stays unchanged.
    """
    stream_file(path, lambda file: file.write(content))


def stream_file(path: str | Path, write: Callable[[BinaryIO], object]) -> None:
    """:func:`write_file` with a callable that writes the content to an open file piece by piece."""
    try:
        _replace(path, write)
    except (InputError, BrokenPipeError):  # raised by ``write`` with a message; the reader closed the pipe
        raise
    except (OSError, ValueError) as error:  # ValueError for a name that no file can have
        raise InputError(f"Cannot write {path}: {getattr(error, 'strerror', None) or error}.") from error


def make_folder(path: Path) -> None:
    """Create a folder that a user named, unless it exists.

    Raises
    ------
    InputError
        When it cannot be created, or no file can be written into it.
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
    """Write a temporary file beside the target and rename it, so that a partial file is never visible.

    A link is followed and stays; the permissions of a replaced file are kept. Devices, pipes and open files
    (:func:`is_written_in_place`) are written directly.

    Raises
    ------
    OSError
    """
    _replace(path, lambda file: file.write(content))


def remove_abandoned(folder: Path) -> None:
    """Remove partial files of killed processes from a folder and the folders in it."""
    for path in folder.rglob(f"*{PARTIAL_SUFFIX}"):
        with contextlib.suppress(OSError):  # such as one that another process has removed meanwhile
            if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                path.unlink()


def to_disk(file: BinaryIO) -> None:
    """Flush a file to the disk, so that a power cut after renaming it cannot leave it empty."""
    file.flush()
    os.fsync(file.fileno())


def is_written_in_place(path: str | Path) -> bool:
    """Whether a path is a device, a pipe, or a file that a process holds open, such as /dev/stdout."""
    return _held_open(path) is not None or (os.path.exists(path) and not os.path.isfile(path))


def _held_open(path: str | Path) -> str | None:
    """Name, such as /proc/7/fd/1, of the open file to which a path leads; None for any other path."""
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
    """Open a file for writing without replacing it.

    A file that this process holds open is written through a duplicate of its descriptor, after what was printed:
    opened anew, it would be written from its beginning.
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
