"""Files that commands read and write; one that cannot be is said in one sentence."""

from __future__ import annotations

from pathlib import Path

from alignment.errors import InputError


def write_text(path: Path, text: str) -> None:
    write_bytes(path, f"{text}\n".encode())


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror or error}.") from error


def write_bytes(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}.") from error
