"""One file from an address: resumed where it was interrupted, and under its own name only when it is whole."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import InputError
from alignment.files.reading import parse_json
from alignment.files.writing import PARTIAL_SUFFIX, replace_file, to_disk
from alignment.progress import Progress

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS, READ_SECONDS, LOCK_SECONDS = 10, 30, 0.5
MAX_REQUESTS = 1000
MIN_BYTES = 1 << 16  # an interrupted answer that brought fewer is not followed by another request
GONE = (401, 403, 404, 410)  # a store that may not be listed answers 403 for a file that it lacks
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class DownloadError(InputError):
    """A file that cannot be had from its address."""


class DamagedFileError(DownloadError):
    """A file that came whole, but is not what it should be."""


@dataclass(frozen=True)
class Origin:
    """Where the bytes of a partial file are from: the address, its ETag or date, and the length of the whole file."""

    address: str
    version: str
    total: int | None


def download(
    address: str,
    path: Path,
    *,
    stage: str,
    progress: Progress | None = None,
    check: Callable[[Path], object] = lambda path: None,
) -> None:
    """Fetch a file, unless it is there and passes the check.

    What has arrived is kept beside ``path`` in ``.NAME.partial``, whatever ends the process, and the rest is asked for
    (HTTP Range) by the same call or a later one, unless the server's file has changed meanwhile. Several processes
    may ask for the same file: one fetches it, the others wait.

    Parameters
    ----------
    address : str
    path : Path
    stage : str
        What the progress is called.
    progress : callable
        Called with (stage, bytes here, bytes in all).
    check : callable
        Called with the whole file before it gets its name; raises InputError for one that is not as it should be,
        which is then removed. A file of that name that was there before stays until another takes its place.

    Raises
    ------
    DownloadError
        When the address does not answer, or not with a file, or there is no room for it.
    DamagedFileError
        When what came does not pass the check.
    """
    from filelock import FileLock, Timeout

    partial = PartialFile(path, address)

    def report() -> None:
        if progress is not None:
            progress(stage, partial.size, max(partial.total or 0, partial.size, 1))

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(f".{path.name}.lock"))
        while not lock.is_locked:
            try:
                lock.acquire(timeout=LOCK_SECONDS)
            except Timeout:  # another process fetches it: its progress is shown
                partial.read()
                report()
        try:
            if not (path.is_file() and _passes(check, path)):
                partial.read()
                _complete(partial, report)
                _accept(partial, path, check)
        finally:
            lock.release()
    except OSError as error:
        raise DownloadError(f"{path} cannot be written: {error.strerror or error}.") from error


def _complete(partial: PartialFile, report: Callable[[], None]) -> None:
    """Ask until the file is whole, as long as each answer brings some of it."""
    import httpx2

    timeout = httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    with httpx2.Client(timeout=timeout, follow_redirects=True, headers={"Accept-Encoding": "identity"}) as client:
        for _ in range(MAX_REQUESTS):
            if partial.is_whole:
                return
            before = partial.size
            try:
                _receive(client, partial, report)
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                if partial.size - before < MIN_BYTES:
                    raise DownloadError(_broken_off(partial)) from error
    raise DownloadError(_broken_off(partial))


def _broken_off(partial: PartialFile) -> str:
    if not partial.size:
        return f"{partial.address} does not answer; check the network connection."
    here = f"{partial.size / 1e6:.1f}" + (f" of {partial.total / 1e6:.1f}" if partial.total else "")
    return f"{partial.address} stopped answering after {here} MB, which are kept: the next download goes on from there."


def _receive(client: httpx2.Client, partial: PartialFile, report: Callable[[], None]) -> None:
    headers = partial.request_headers()
    with client.stream("GET", partial.address, headers=headers) as answer:
        if headers and answer.status_code == 416:  # no such range: the server's file is shorter than what is here
            partial.remove()
            return
        if answer.status_code != 200 and not (headers and answer.status_code == 206):
            gone = "; the file is no longer there" if answer.status_code in GONE else ""
            raise DownloadError(f"{partial.address} answers {answer.status_code}{gone}.")
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            why = "a login page or a proxy may stand in between"
            raise DownloadError(f"{partial.address} answers with a web page in place of the file; {why}.")
        if not partial.begin(answer):
            return
        report()
        with open(partial.path, "ab") as file:
            for block in answer.iter_raw():
                file.write(block)
                partial.size += len(block)
                report()
        partial.end()


def _passes(check: Callable[[Path], object], path: Path) -> bool:
    try:
        check(path)
    except InputError:
        return False
    return True


def _accept(partial: PartialFile, path: Path, check: Callable[[Path], object]) -> None:
    """Give the whole file its name, if it passes."""
    try:
        check(partial.path)
    except InputError as error:
        partial.remove()
        raise DamagedFileError(f"What {partial.address} sends is not what it should be: {error}") from error
    with open(partial.path, "rb+") as file:
        to_disk(file)
    partial.path.replace(path)
    partial.remove()


class PartialFile:
    """What has arrived of a file, and of which file: two files beside the place of the whole one."""

    def __init__(self, target: Path, address: str):
        self.address = address
        self.path = target.with_name(f".{target.name}{PARTIAL_SUFFIX}")
        self._record = target.with_name(f".{target.name}.origin")
        self.origin: Origin | None
        self.size: int
        self.read()

    def read(self) -> None:
        """Take up what an earlier call has left, if it is from the same address."""
        self.origin, self.size = None, 0
        try:
            origin = Origin(**parse_json(self._record.read_text(encoding="utf-8")))
            if origin.address == self.address:
                self.origin, self.size = origin, self.path.stat().st_size
        except (OSError, ValueError, TypeError):
            pass

    @property
    def total(self) -> int | None:
        """Length of the whole file in bytes, where the server has said it."""
        return self.origin.total if self.origin else None

    @property
    def is_whole(self) -> bool:
        return self.total is not None and self.size == self.total

    def request_headers(self) -> dict[str, str]:
        """What asks for the bytes that lack; all of them if the server's file is another one by now."""
        if not self.size or self.origin is None:
            return {}
        version = {"If-Range": self.origin.version} if self.origin.version else {}
        return {"Range": f"bytes={self.size}-", **version}

    def begin(self, answer: httpx2.Response) -> bool:
        """Make ready for the bytes of an answer; False when they do not continue those that are here."""
        headers = answer.headers
        if answer.status_code == 206:
            found = CONTENT_RANGE.match(headers.get("Content-Range", ""))
            if found and int(found[1]) == self.size and found[2] in (str(self.total), "*"):
                return True
            self.remove()
            return False
        length = headers.get("Content-Length", "")
        tag = headers.get("ETag", "")
        version = tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")  # If-Range needs strong
        self.remove()
        self.origin = Origin(self.address, version, int(length) if length.isdecimal() else None)
        free = shutil.disk_usage(self.path.parent).free
        if (self.total or 0) > free:
            raise DownloadError(
                f"{self.path.parent} has {free / 1e6:,.0f} MB left, but the file needs {(self.total or 0) / 1e6:,.0f}."
            )
        replace_file(self._record, json.dumps(asdict(self.origin)).encode())
        return True

    def end(self) -> None:
        """Note that the server has sent all it had: the length of a file whose length it did not say."""
        if self.origin and self.origin.total is None:
            self.origin = Origin(self.address, self.origin.version, self.size)

    def remove(self) -> None:
        """Forget what has arrived."""
        self.path.unlink(missing_ok=True)  # first: a record alone stands for nothing
        self._record.unlink(missing_ok=True)
        self.origin, self.size = None, 0
