"""Recovery of commands that are killed at random moments, or whose disk fills up.

All work on a dictionary of a few classes, with one thread, so that cache entries are identical to the byte.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from alignment.study import Study
from benchmarks.browser import ROOT, free_port, served
from benchmarks.soak.rows import Row

CLASSES = 6
ENDING_SECONDS = 900  # other work may share the machine
DOWNLOADED_BYTES = 30_000_000
SERVED_SECONDS = 12  # within which a server is killed
SMALLEST_BYTES = 100  # PyTorch asks for a temporary folder, which Python tries with a file of four
BUILD = ("-m", "alignment", "build")
EVALUATE = ("-m", "alignment", "evaluate", "--mapping", "ridge")


def environment(cache: Path) -> dict[str, str]:
    return os.environ | {"ALIGNMENT_CACHE": str(cache), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def few_seeds(folder: Path) -> str:
    """Write a CSV of three sentences for each of a few classes; return its path."""
    path = folder / "few.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["sentence", "class"])
        for index, row in Study().classes.frame.head(CLASSES).iterrows():
            writer.writerows((row[column], index) for column in ("description", "kind_of", "scene"))
    return str(path)


def run(command: tuple[str, ...], cache: Path) -> tuple[int, str, str]:
    """Run a command to its end; return exit status, output and messages."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(cache),
        capture_output=True,
        text=True,
        timeout=ENDING_SECONDS,
    )
    return done.returncode, done.stdout, done.stderr


def kill(command: tuple[str, ...], cache: Path, after: float) -> str:
    """Start a command, kill it after a time unless it has ended, and return its output."""
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(cache),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            return process.communicate(timeout=after)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            return process.communicate()[0]


def contents(cache: Path) -> dict[str, bytes]:
    """Entries of a cache by name."""
    return {str(path.relative_to(cache)): path.read_bytes() for path in cache.rglob("*.entry")}


def kills(folder: Path, times: int) -> Iterator[Row]:
    seeds = few_seeds(folder)
    for name, words in (("build", BUILD), ("evaluate", EVALUATE)):
        command = (*words, "--seeds", seeds)
        yield Row(f"{name} killed {times} times", *_kill_repeatedly(command, folder / name, times))
    yield Row(f"a download killed {times} times", *_downloads(folder / "download", times))
    yield Row(f"a server killed {times} times", *_servers(folder / "served", times))


def _kill_repeatedly(command: tuple[str, ...], folder: Path, times: int) -> tuple[str, tuple[str, ...]]:
    begun = time.monotonic()
    status, right, said = run(command, folder / "right")
    length, wrong = time.monotonic() - begun, []
    if status:
        return "the command failed", (said[-300:],)
    kept = contents(folder / "right")
    for number in range(times):
        cache = folder / str(number)
        said = kill(command, cache, random.uniform(0, length))
        wrong += [f"traceback: {said[-300:]}"] if "Traceback" in said else []
        left = contents(cache)
        wrong += [f"{name} is not what it should be" for name in left if kept.get(name) != left[name]]
        if number % 5 == 0:  # to the end from there
            status, output, said = run(command, cache)
            wrong += [f"then failed: {said[-300:]}"] if status else []
            wrong += ["then another answer"] if output != right else []
            lost = [name for name in left if contents(cache).get(name) != left[name]]
            wrong += [f"{name} was lost" for name in lost]
    return f"in the first {length:.0f} s; nothing half-written, and every fifth went on to the same answer", tuple(
        wrong
    )


def _downloads(folder: Path, times: int) -> tuple[str, tuple[str, ...]]:
    offered, here = folder / "offered", folder / "here"
    offered.mkdir(parents=True)
    here.mkdir()
    content = random.Random(0).randbytes(DOWNLOADED_BYTES)
    (offered / "weights").write_bytes(content)
    host = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, directory=str(offered)))
    Thread(target=host.serve_forever, daemon=True).start()
    code = (
        "from pathlib import Path; from alignment.files.http_download import download;"
        f"download('http://127.0.0.1:{host.server_port}/weights', Path({str(here / 'weights')!r}), stage='Downloading')"
    )
    wrong, whole = [], 0
    for _ in range(times):
        said = kill(("-c", code), folder, random.uniform(0.2, 2))
        wrong += [f"traceback: {said[-300:]}"] if "Traceback" in said else []
        if (here / "weights").exists():
            whole += 1
            wrong += [] if (here / "weights").read_bytes() == content else ["a file that is not whole has its name"]
            (here / "weights").unlink()
    status, _, said = run(("-c", code), folder)
    host.shutdown()
    if status or (here / "weights").read_bytes() != content:
        wrong.append(f"then not downloaded: {said[-300:]}")
    return f"{whole} had ended before; the others left no file under its name", tuple(wrong)


class _Host(SimpleHTTPRequestHandler):
    """Slow file server, so that a download can be killed before its end."""

    def copyfile(self, source, outputfile):
        try:
            while part := source.read(1_000_000):
                outputfile.write(part)
                time.sleep(0.02)
        except OSError:
            pass  # the other side was killed

    def log_message(self, *arguments):
        pass


def _servers(folder: Path, times: int) -> tuple[str, tuple[str, ...]]:
    """Kill a server that fills an empty cache as it starts."""
    folder.mkdir()
    wrong, cache = [], folder / "cache"
    right: dict[str, bytes] = {}
    for _ in range(times):
        said = kill(("-m", "dashboard", "--server.port", str(free_port())), cache, random.uniform(1, SERVED_SECONDS))
        wrong += [f"traceback: {said[-300:]}"] if "Traceback" in said else []
        left = contents(cache)
        wrong += [f"{name} was lost or changed" for name in right if left.get(name) != right[name]]
        right = left
    try:
        with served(environment(cache)):
            pass
    except RuntimeError as error:
        wrong.append(f"then it did not start: {error}")
    return f"in its first {SERVED_SECONDS} s; what it kept stayed, and it started again", tuple(wrong)


def full_disks(folder: Path, times: int) -> Iterator[Row]:
    """Run a command under file size limits, a different one each time."""
    command = (*EVALUATE, "--seeds", few_seeds(folder))
    right = run(command, folder / "not full")[1]
    largest, wrong = max(map(len, contents(folder / "not full").values())), []
    for number in range(times):
        size = max(SMALLEST_BYTES, round(largest * number / times))
        code = (
            "import sys; from benchmarks.faults import full_disk; from alignment.__main__ import main\n"
            f"with full_disk({size}): sys.exit(main({list(command[2:])!r}))"
        )
        cache = folder / f"full {number}"
        status, output, said = run(("-c", code), cache)
        wrong += [f"at {size} bytes: {said[-300:]}"] if status or "Traceback" in said else []
        wrong += [f"another answer at {size} bytes"] if output != right else []
        wrong += [f"left behind: {path.name}" for path in cache.rglob("*.partial")]
    found = f"at sizes from {SMALLEST_BYTES} to {largest:,} bytes; the same answer, nothing half-written"
    yield Row(f"a disk that fills up at {times} moments", found, tuple(wrong))
