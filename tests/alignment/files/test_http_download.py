"""Downloads from a server on this machine that stops, lies, or ends the process's patience at a given byte."""

import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

from alignment.errors import InputError
from alignment.files import http_download
from alignment.files.http_download import DamagedFileError, DownloadError, download

ROOT = Path(__file__).parents[3]
CONTENT = os.urandom(3_000_000)


class Host:
    """What the server does, and what was asked of it.

    ``breaks`` and ``stalls`` give, one for each request to come, the byte of the file at which the connection is
    closed, or nothing more is sent until the client is gone; None for neither.
    """

    def __init__(self):
        self.content, self.tag, self.ranges, self.says_length = CONTENT, '"one"', True, True
        self.breaks, self.stalls = [], []
        self.starts, self.sent = [], 0
        self.stalled = threading.Event()


@pytest.fixture
def host():
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            start = self._begin()
            if start > len(host.content):
                return
            end = min(at for at in (_next(host.breaks), _next(host.stalls), len(host.content)) if at is not None)
            self.wfile.write(host.content[start:end])
            host.sent += max(0, end - start)
            if self.stalls_here:
                host.stalled.set()
                self.connection.recv(1)  # returns once the client is gone

        def _begin(self):
            asked = self.headers.get("Range", "")
            same = self.headers.get("If-Range", host.tag) == host.tag
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and host.ranges and same else 0
            host.starts.append(start)
            self.stalls_here = bool(host.stalls) and host.stalls[0] is not None
            total = len(host.content)
            self.send_response(416 if start > total else 206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
            if host.says_length and start <= total:
                self.send_header("Content-Length", str(total - start))
            if host.tag:
                self.send_header("ETag", host.tag)
            self.end_headers()
            return start

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # a client that is gone
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    host.address = f"http://127.0.0.1:{server.server_port}/weights.bin"
    yield host
    server.shutdown()
    server.server_close()


def _next(at: list):
    return at.pop(0) if at else None


def fetch(host, path, **rest):
    download(host.address, path, stage="Downloading weights", **rest)


def killed(host, path, *, when, check="print"):
    """Download in a process of its own, and kill -9 it once ``when()``."""
    code = f"""
import sys, time
from pathlib import Path
from alignment.files.http_download import download
def wait(path):
    print("checking", flush=True)
    time.sleep(60)
download({host.address!r}, Path({str(path)!r}), stage="Downloading weights", check={check})
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        when(process)
    finally:
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()


@pytest.mark.slow
def test_a_download_killed_at_several_moments_goes_on_where_it_was(host, tmp_path):
    path, moments = tmp_path / "weights.bin", (0, 1, 500_000, 1_700_000, len(CONTENT) - 1)
    for moment in moments:
        host.stalls, host.stalled = [moment], threading.Event()

        def arrived(process, moment=moment):
            assert host.stalled.wait(20)
            partial, end = tmp_path / ".weights.bin.partial", time.monotonic() + 10
            while not (partial.is_file() and partial.stat().st_size >= moment - 10_000) and time.monotonic() < end:
                time.sleep(0.01)

        killed(host, path, when=arrived)
        assert not path.exists()
    killed(host, path, when=lambda process: process.stdout.readline(), check="wait")  # whole, but without its name
    assert not path.exists() and host.starts == sorted(host.starts) and host.starts[-1] > 2_900_000

    asked = len(host.starts)
    fetch(host, path)
    assert path.read_bytes() == CONTENT and len(host.starts) == asked  # all was there
    assert host.sent < 1.1 * len(CONTENT)
    assert {each.name for each in tmp_path.iterdir()} == {"weights.bin", ".weights.bin.lock"}


def test_an_answer_that_breaks_off_is_continued_by_the_same_call(host, tmp_path):
    host.breaks, seen = [400_000, 2_000_000], []
    fetch(host, tmp_path / "weights.bin", progress=lambda *step: seen.append(step))
    assert (tmp_path / "weights.bin").read_bytes() == CONTENT
    assert len(host.starts) == 3 and 0 < host.starts[1] <= 400_000 < host.starts[2] <= 2_000_000
    assert {(stage, total) for stage, _, total in seen} == {("Downloading weights", len(CONTENT))}
    assert seen[-1][1] == len(CONTENT) and [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


def test_a_server_that_says_nothing_more_is_given_up_and_what_came_is_kept(host, tmp_path, monkeypatch):
    monkeypatch.setattr(http_download, "READ_SECONDS", 0.2)
    host.stalls = [1_000_000, 1_000_000]
    with pytest.raises(DownloadError, match=r"stopped answering after 1\.0 of 3\.0 MB, which are kept"):
        fetch(host, tmp_path / "weights.bin")
    fetch(host, tmp_path / "weights.bin")
    assert (tmp_path / "weights.bin").read_bytes() == CONTENT and host.starts[-1] == 1_000_000


@pytest.mark.parametrize("change", [{"ranges": False}, {"tag": '"two"', "content": CONTENT[::-1]}])
def test_what_cannot_be_continued_is_fetched_from_the_start(host, tmp_path, change):
    host.breaks = [1_000_000, 1_000_000]
    interrupted(host, tmp_path)
    host.breaks = []
    vars(host).update(change)
    fetch(host, tmp_path / "weights.bin")
    assert (tmp_path / "weights.bin").read_bytes() == host.content and host.starts[-1] == 0


def interrupted(host, folder):
    """A download that its caller ends halfway."""

    def stop(stage, done, total):
        if done >= 900_000:
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError):
        fetch(host, folder / "weights.bin", progress=stop)
    assert (folder / ".weights.bin.partial").stat().st_size >= 900_000


@pytest.mark.parametrize("size", [0, 10, 2_000_000])  # shorter than what is here, and longer
def test_a_file_of_another_length_is_not_continued(host, tmp_path, size):
    host.breaks = [1_000_000]
    interrupted(host, tmp_path)
    host.content = os.urandom(size)
    fetch(host, tmp_path / "weights.bin")
    assert (tmp_path / "weights.bin").read_bytes() == host.content


def test_a_server_that_says_no_length_is_believed_when_it_ends(host, tmp_path):
    host.says_length = False
    fetch(host, tmp_path / "weights.bin")
    assert (tmp_path / "weights.bin").read_bytes() == CONTENT


def test_what_fails_the_check_is_removed_and_what_was_there_stays(host, tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(b"older")

    def refuse(file):
        raise InputError(f"{file.stat().st_size} bytes are wrong.")

    with pytest.raises(DamagedFileError, match=r"sends is not what it should be: 3000000 bytes are wrong\."):
        fetch(host, path, check=refuse)
    assert path.read_bytes() == b"older" and not (tmp_path / ".weights.bin.partial").exists()


def test_two_at_once_fetch_it_once(host, tmp_path):
    path, errors = tmp_path / "weights.bin", []

    def run():
        try:
            fetch(host, path)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and host.starts == [0] and path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://127.0.0.1:9/x", "does not answer; check the network connection"),
        ("nothing", "does not answer"),
        ("http://[", "does not answer"),
    ],
)
def test_no_answer_is_one_sentence(tmp_path, address, problem):
    with pytest.raises(DownloadError, match=problem):
        download(address, tmp_path / "x", stage="Downloading x")


def test_a_certificate_that_is_not_trusted_is_said(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate")

    monkeypatch.setattr(httpx2.Client, "stream", refuse)
    with pytest.raises(DownloadError, match=r"does not trust the certificate of what answers.*; set SSL_CERT_FILE to"):
        download("https://localhost/x", tmp_path / "x", stage="Downloading x")


def test_a_file_that_is_gone_is_one_sentence(served, tmp_path):
    with pytest.raises(DownloadError, match="answers 404; the file is no longer there"):
        download(f"{served[1]}/x", tmp_path / "x", stage="Downloading x")


def test_a_web_page_in_place_of_the_file_is_one_sentence(served, tmp_path):
    (served[0] / "login.html").write_text("<html>Please log in</html>")
    with pytest.raises(DownloadError, match=r"login\.html answers with a web page in place of the file; a login page"):
        download(f"{served[1]}/login.html", tmp_path / "weights.bin", stage="Downloading x")
    assert not (tmp_path / "weights.bin").exists()


def test_a_disk_without_room_is_one_sentence(host, tmp_path, monkeypatch):
    monkeypatch.setattr(http_download.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 2_000_000}))
    with pytest.raises(DownloadError, match="has 2 MB left, but the file needs 3"):
        fetch(host, tmp_path / "weights.bin")
