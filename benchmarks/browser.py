"""A separate dashboard server and a Chromium, for timings as a visitor experiences them."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from alignment.errors import InputError
from dashboard import pages

ROOT = Path(__file__).parents[1]
CHROMIUMS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
WINDOW = {"width": 1280, "height": 900}
PICTURES = ".pictures img"
ANSWER_SECONDS = 300  # other work may share the machine
# page -> what stands on it once it can be used, besides its heading
READY = {
    pages.OVERVIEW: "[data-testid=stImage] img",
    pages.LESSON: "[data-testid=stPlotlyChart] .main-svg",
    pages.GENERATE: PICTURES,
    pages.CLASSES: ".wall .tile",
    pages.INTERPOLATION: "[data-testid=stPlotlyChart] .main-svg",
    pages.LATENT_SPACES: "canvas",
    pages.MAPPING_ERROR: "[data-testid=stPlotlyChart] .main-svg",
    pages.RUNS: "[data-testid=stDataFrame], [data-testid=stAlert]",
    pages.SEED_PAIRS: "[data-testid=stDataFrame]",
    pages.GLOSSARY: "[data-testid=stExpander]",
}


def add_chromium(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--chromium", default=next((p for p in CHROMIUMS if Path(p).exists()), ""), metavar="PATH")


@contextmanager
def chromium(path: str) -> Iterator:
    """A running Chromium.

    Raises
    ------
    InputError
        When none is named.
    """
    from playwright.sync_api import sync_playwright

    if not path:
        raise InputError("No Chromium found; name one: --chromium PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def free_port() -> int:
    """A free TCP port."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]


@contextmanager
def served(environment: dict[str, str] | None = None, output: IO[str] | None = None) -> Iterator[tuple[str, int]]:
    """Run a separate dashboard server; yield its address and process id, and stop it afterwards.

    Parameters
    ----------
    environment : dict, default that of this process
    output : file, optional
        Receives the server's output; by default its log goes where this process's does.

    Raises
    ------
    RuntimeError
        When it ends, or does not answer in time.
    """
    port = free_port()
    command = [sys.executable, "-m", "dashboard", "--server.port", str(port)]
    says = subprocess.DEVNULL if output is None else output
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=says, stderr=output, start_new_session=True)
    try:
        _wait_until_it_answers(f"http://localhost:{port}", server)
        yield f"http://localhost:{port}", server.pid
    finally:
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _wait_until_it_answers(address: str, server: subprocess.Popen) -> None:
    end = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"The dashboard ended with status {server.returncode} before it answered.")
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The dashboard did not answer within {ANSWER_SECONDS} s.")


def link_to(tab, page: pages.Page):
    """Locator of a page's link in the navigation; one title may be the end of another's."""
    links = tab.get_by_test_id("stSidebarNavLink")
    return links.filter(has=tab.get_by_text(page.title, exact=True))


def address_of(root: str, page: pages.Page) -> str:
    """Address of a page."""
    return root if page is pages.OVERVIEW else f"{root}/{page.address}"
