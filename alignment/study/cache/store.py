"""Artifact cache on disk: checksummed entries, written atomically, pruned by last use; a failing disk is tolerated.

A plain folder rather than a database: an entry is one file, which is read whole (so that truncating it cannot harm a
running server) and replaced only by renaming, so that several processes may share the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from alignment.execution.locks import SharedComputation
from alignment.files.folders import to_make_room
from alignment.files.reading import parse_json
from alignment.files.writing import PARTIAL_SUFFIX, remove_abandoned, replace_file
from alignment.study.cache.entry_format import from_bytes, to_bytes
from alignment.study.cache.keys import ArtifactKey

T = TypeVar("T")
LIMIT_BYTES = 2 * 10**9
PRUNED_EVERY = 0.05  # of the limit; scanning 50,000 entries takes more than a second
FOLDER = "artifacts"  # within the cache folder, which also holds other files
SUFFIX = ".entry"
MISSING = object()
"""Returned by :meth:`ArtifactCache.read` where there is no readable entry."""

logger = logging.getLogger(__name__)
_warned: set[Path] = set()


@dataclass(frozen=True)
class Entry:
    """One file of the cache: artifact name, description, size in bytes, time of last use (seconds)."""

    artifact: str
    about: str
    size: int
    used: float


class ArtifactCache:
    """Cache of artifacts by key, as files in a folder.

    Each file is one line of JSON (the key and a SHA-256 over key and content) and the content as
    :mod:`.entry_format` writes it. An entry that does not match its key is computed again.

    Parameters
    ----------
    folder : Path
    limit_bytes : int, default=2 GB
        When exceeded, the least recently used entries are removed: at the first entry that an object writes, and
        whenever it has written :data:`PRUNED_EVERY` of the limit since. Each object may exceed the limit by that much.
    """

    def __init__(self, folder: str | Path, *, limit_bytes: int = LIMIT_BYTES):
        self.folder = Path(folder) / FOLDER
        self.limit_bytes = limit_bytes
        self._computed = SharedComputation()
        self._unpruned = limit_bytes  # bytes that may have been written since the last pruning

    def __repr__(self) -> str:
        return f"<ArtifactCache: {self.folder}>"

    def fetch(self, key: ArtifactKey | Callable[[], ArtifactKey], compute: Callable[[], T]) -> T:
        """Read the entry of a key; compute and write it where it is missing or damaged.

        A key that may change while the value is computed, because a model moves from a GPU to the CPU, is given as a
        function: the value is then kept only if the key has stayed the same.
        """
        before = key if isinstance(key, ArtifactKey) else key()

        def value():
            found = self.read(before)  # another thread may have written it meanwhile
            if found is MISSING:
                found = compute()
                if isinstance(key, ArtifactKey) or key() == before:
                    self.write(before, found)
            return found

        found = self.read(before)
        return self._computed.get(before.digest, value) if found is MISSING else found

    def has(self, key: ArtifactKey) -> bool:
        """Whether there is an entry for a key, readable or not."""
        return self._path(key).is_file()

    def read(self, key: ArtifactKey):
        """Read the entry of a key, or return ``MISSING``."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return MISSING
        try:
            value = _read_value(key, content)
        except Exception as error:  # whatever is wrong with an entry, it is computed again
            logger.debug("%s is damaged (%s) and computed anew.", path, error)
            return MISSING
        with contextlib.suppress(OSError):
            os.utime(path)  # used now
        return value

    def write(self, key: ArtifactKey, value: object) -> None:
        """Write the entry of a key; a folder that cannot be written gives one warning and no error."""
        try:
            content = _file_content(key, value)
        except TypeError as error:  # a mapping of a class that a caller has added to the registry
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
        """All entries of the cache, in no particular order."""
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
        """Remove every entry; raise at the first file that cannot be removed."""
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
        """Remove the least recently used entries until the rest fits, and partial files of killed processes."""
        remove_abandoned(self.folder)
        files = ((status.st_mtime, status.st_size, path) for path, status in self._files(SUFFIX))
        for path in to_make_room(kept, files, self.limit_bytes):
            path.unlink(missing_ok=True)


def _file_content(key: ArtifactKey, value: object) -> bytes:
    """File content of an entry: header line and serialised value."""
    content = to_bytes(value)
    header = asdict(key) | {"sha256": _checksum(key.artifact, key.digest, key.about, content)}
    return json.dumps(header).encode() + b"\n" + content


def _read_value(key: ArtifactKey, file: bytes):
    """Deserialise the value of an entry.

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
