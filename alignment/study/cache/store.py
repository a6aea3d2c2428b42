"""Artifacts kept on disk: checked when they are read, written whole or not at all, pruned, and done without if need be.

A plain folder rather than a database: an entry is one file, which is read whole (a file that is cut short under a
running server cannot harm it) and replaced only by renaming, so that several processes may share the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from alignment.files.folders import to_make_room
from alignment.files.reading import parse_json
from alignment.files.writing import PARTIAL_SUFFIX, replace_file
from alignment.study.cache.entry_format import from_bytes, to_bytes
from alignment.study.cache.keys import ArtifactKey

T = TypeVar("T")
LIMIT_BYTES = 2 * 10**9
PRUNED_EVERY = 0.05  # of the limit; looking through 50,000 entries takes more than a second
FOLDER = "artifacts"  # within the cache's folder, where others keep files too
SUFFIX = ".entry"
ABANDONED_SECONDS = 3600  # a partial file this old belongs to a process that was ended
MISSING = object()
"""What :meth:`ArtifactCache.read` returns where there is nothing to read."""

logger = logging.getLogger(__name__)
_warned: set[Path] = set()


@dataclass(frozen=True)
class Entry:
    """One file of the cache: what it is, what it is for, its size in bytes, when it was last used (seconds)."""

    artifact: str
    about: str
    size: int
    used: float


class ArtifactCache:
    """Artifacts under their keys, as files in a folder.

    Each file is one line of JSON (the key and a SHA-256 over key and content) and the content as
    :mod:`.entry_format` writes it. One that does not match the key it is asked for is computed anew.

    Parameters
    ----------
    folder : Path
    limit_bytes : int, default=2 GB
        When more is kept, what was not used for longest is removed: at the first entry that an object writes, and
        whenever it has written :data:`PRUNED_EVERY` of the limit since. By so much each may exceed the limit.
    """

    def __init__(self, folder: str | Path, *, limit_bytes: int = LIMIT_BYTES):
        self.folder = Path(folder) / FOLDER
        self.limit_bytes = limit_bytes
        self._unpruned = limit_bytes  # bytes that may have been written since it was looked through

    def fetch(self, key: ArtifactKey | Callable[[], ArtifactKey], compute: Callable[[], T]) -> T:
        """What is kept under a key; computed, and kept, where there is nothing or it is damaged.

        A key that may change while the value is computed, because a model leaves a graphics card for the CPU, is given
        as a function: then the value is kept only if the key has stayed the same.
        """
        before = key if isinstance(key, ArtifactKey) else key()
        value = self.read(before)
        if value is MISSING:
            value = compute()
            if isinstance(key, ArtifactKey) or key() == before:
                self.write(before, value)
        return value

    def has(self, key: ArtifactKey) -> bool:
        """Whether something is kept under a key, readable or not."""
        return self._path(key).is_file()

    def read(self, key: ArtifactKey):
        """What is kept under a key, or ``MISSING``."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return MISSING
        try:
            value = _opened(key, content)
        except Exception as error:  # whatever is wrong with an entry, it is computed anew
            logger.debug("%s is damaged (%s) and computed anew.", path, error)
            return MISSING
        with contextlib.suppress(OSError):
            os.utime(path)  # used now
        return value

    def write(self, key: ArtifactKey, value: object) -> None:
        """Keep a value; a folder that cannot be written gives one warning and is otherwise left alone."""
        try:
            content = _sealed(key, value)
        except TypeError as error:  # a mapping whose class a caller has added to the registry
            logger.info("This %s is not kept. %s", key.artifact.replace("_", " "), error)
            return
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, content)
            self._unpruned += len(content)
            if self._unpruned >= PRUNED_EVERY * self.limit_bytes:
                self._unpruned = 0
                self._prune(path)
        except OSError as error:
            if self.folder not in _warned:
                _warned.add(self.folder)
                reason = error.strerror or error
                logger.warning("The cache %s cannot be written (%s); results are not kept.", self.folder, reason)

    def entries(self) -> list[Entry]:
        """What lies in the cache, in no particular order."""
        found = []
        for path, status in self._files(SUFFIX):
            try:
                with open(path, "rb") as file:
                    about = str(parse_json(file.readline(10_000))["about"])
            except (OSError, ValueError, KeyError, TypeError):
                about = "damaged"
            found.append(Entry(path.parent.name, about, status.st_size, status.st_mtime))
        return found

    def clear(self) -> None:
        """Remove every entry; of files that cannot be removed the first is the error."""
        for suffix in (SUFFIX, PARTIAL_SUFFIX):
            for path, _ in self._files(suffix):
                path.unlink(missing_ok=True)

    def _path(self, key: ArtifactKey) -> Path:
        return self.folder / key.artifact / f"{key.digest}{SUFFIX}"

    def _files(self, suffix: str) -> list[tuple[Path, os.stat_result]]:
        found = []
        for path in self.folder.glob(f"*/*{suffix}"):
            with contextlib.suppress(OSError):  # removed by another process meanwhile
                found.append((path, path.stat()))
        return found

    def _prune(self, kept: Path) -> None:
        """Remove what was not used for longest until the rest fits, and what ended processes have left behind."""
        for path, status in self._files(PARTIAL_SUFFIX):
            if time.time() - status.st_mtime > ABANDONED_SECONDS:
                path.unlink(missing_ok=True)
        files = ((status.st_mtime, status.st_size, path) for path, status in self._files(SUFFIX))
        for path in to_make_room(kept, files, self.limit_bytes):
            path.unlink(missing_ok=True)


def _sealed(key: ArtifactKey, value: object) -> bytes:
    """A value as the content of its file."""
    content = to_bytes(value)
    header = asdict(key) | {"sha256": _checksum(key.artifact, key.digest, key.about, content)}
    return json.dumps(header).encode() + b"\n" + content


def _opened(key: ArtifactKey, file: bytes):
    """The value in a file.

    Raises
    ------
    Exception
        When the file is not what was written under this key.
    """
    begin = file.index(b"\n") + 1
    stated = parse_json(file[:begin])
    if stated["sha256"] != _checksum(key.artifact, key.digest, stated["about"], memoryview(file)[begin:]):
        raise ValueError("its checksum differs")
    return from_bytes(file, begin)


def _checksum(artifact: str, digest: str, about: str, content: bytes | memoryview) -> str:
    found = hashlib.sha256("\0".join((artifact, digest, about, "")).encode())
    found.update(content)
    return found.hexdigest()
