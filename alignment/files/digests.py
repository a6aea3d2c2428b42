"""SHA-256 of files, remembered while their size and date stay the same."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from alignment.files.reading import refuse_pipe


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text; recomputed only when its size or date changes.

    Raises
    ------
    InputError
        When it is a pipe.
    """
    refuse_pipe(path)
    status = path.stat()
    return _sha256(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=256)
def _sha256(path: Path, size: int, modified: int) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
