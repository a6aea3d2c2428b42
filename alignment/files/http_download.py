"""Resumable HTTP download of one file, which gets its name only when it is complete and checked."""

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
GONE = (401, 403, 404, 410)  # object stores without list permission answer 403 for a missing file
CHECK_NETWORK = "check the network connection"
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class DownloadError(InputError):
    """A file could not be downloaded."""


class DamagedFileError(DownloadError):
    """A complete download failed its check."""


@dataclass(frozen=True)
class Origin:
    """Source of a partial file: its address, its ETag or date, and the length of the whole file in bytes."""

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
    """Download a file, unless it is there and passes the check.

    Received bytes are kept beside ``path`` in ``.NAME.partial``, whatever ends the process; the same call or a later
    one resumes there (HTTP Range), unless the server's file has changed. Several processes may request the same file:
    one downloads it, the others wait.

    Parameters
    ----------
    address : str
    path : Path
    stage : str
        Name of the work in ``progress``.
    progress : callable
        Called with (stage, bytes received, bytes in all).
    check : callable
        Called with the complete file before it gets its name; raises InputError for a wrong file, which is then
        removed. An existing file of that name stays until it is replaced.

    Raises
    ------
    DownloadError
        When the address does not answer, or not with a file, or the disk is full.
    DamagedFileError
        When the downloaded file does not pass the check.
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
    """Send requests until the file is complete; give up when one fails after bringing too few bytes."""
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
                    raise DownloadError(_broken_off(partial, network_remedy(error))) from error
    raise DownloadError(_broken_off(partial, CHECK_NETWORK))


def network_remedy(error: Exception) -> str:
    """What to do where a server does not answer: schools and companies that filter the network sign with a certificate
    of their own."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return (
            "this machine does not trust the certificate of what answers, perhaps of a filter in between; set "
            "SSL_CERT_FILE to a file with that certificate"
        )
    return CHECK_NETWORK


def _broken_off(partial: PartialFile, remedy: str) -> str:
    if not partial.size:
        return f"{partial.address} does not answer; {remedy}."
    here = f"{partial.size / 1e6:.1f}" + (f" of {partial.total / 1e6:.1f}" if partial.total else "")
    return f"{partial.address} stopped answering after {here} MB, which are kept: the next download goes on from there."


def _receive(client: httpx2.Client, partial: PartialFile, report: Callable[[], None]) -> None:
    headers = partial.request_headers()
    with client.stream("GET", partial.address, headers=headers) as answer:
        if headers and answer.status_code == 416:  # no such range: the server's file is shorter than the partial one
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
    """Check the complete file and rename it to its final name."""
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
    """The received part of a file and the record of its origin: two files beside the target."""

    def __init__(self, target: Path, address: str):
        self.address = address
        self.path = target.with_name(f".{target.name}{PARTIAL_SUFFIX}")
        self._record = target.with_name(f".{target.name}.origin")
        self.origin: Origin | None
        self.size: int
        self.read()

    def read(self) -> None:
        """Load the partial file that an earlier call left, if it is from the same address."""
        self.origin, self.size = None, 0
        try:
            origin = Origin(**parse_json(self._record.read_text(encoding="utf-8")))
            if origin.address == self.address:
                self.origin, self.size = origin, self.path.stat().st_size
        except (OSError, ValueError, TypeError):
            pass

    @property
    def total(self) -> int | None:
        """Length of the whole file in bytes; None where the server did not state it."""
        return self.origin.total if self.origin else None

    @property
    def is_whole(self) -> bool:
        return self.total is not None and self.size == self.total

    def request_headers(self) -> dict[str, str]:
        """HTTP headers that request the missing bytes, or the whole file if it has changed on the server."""
        if not self.size or self.origin is None:
            return {}
        version = {"If-Range": self.origin.version} if self.origin.version else {}
        return {"Range": f"bytes={self.size}-", **version}

    def begin(self, answer: httpx2.Response) -> bool:
        """Prepare to append a response; False when it does not continue the partial file."""
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
        """Record the length of a file whose length the server did not state, after its last byte."""
        if self.origin and self.origin.total is None:
            self.origin = Origin(self.address, self.origin.version, self.size)

    def remove(self) -> None:
        """Delete the partial file and its record."""
        self.path.unlink(missing_ok=True)  # first: a record without a partial file is harmless
        self._record.unlink(missing_ok=True)
        self.origin, self.size = None, 0
