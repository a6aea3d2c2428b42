"""A Streamlit server that is gone when it is no longer needed, and visitors who notice every error."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STREAMLITS_OWN = (
    "/_stcore/health",
    "/_stcore/host-config",
)  # asked for beside a page's address first, then at the root
MEDIA = re.compile(r"/media/\w+\.\w+")
WINDOW = {"width": 1280, "height": 800}
PATIENCE_MS = 120_000  # a busy machine may take this long to show what a quick one shows at once
QUIET_STREAMLIT = {"STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}


@contextmanager
def served(*module):
    """Address of a server that ``python -m`` starts with these words; it must end without a traceback."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", *module, "--server.port", str(port)]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | QUIET_STREAMLIT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_for(f"http://localhost:{port}/_stcore/health", server)
        yield f"http://localhost:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        output, _ = server.communicate(timeout=30)
    assert "Traceback" not in output, output
    with pytest.raises(ProcessLookupError):  # nothing of the server's group is left
        os.killpg(server.pid, 0)


def wait_for(url: str, server: subprocess.Popen, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            assert server.poll() is None, server.stdout.read()
            time.sleep(0.2)
    pytest.fail(f"{url} did not answer within {seconds} s")


@contextmanager
def visitor(chromium, address):
    """A page of a browser in which nothing is stored yet; the rest as for :func:`watched_page`."""
    context = chromium.new_context(viewport=WINDOW, base_url=address)
    try:
        with watched_page(context, address) as page:
            yield page
    finally:
        context.close()


@contextmanager
def watched_page(context, address):
    """A new page; fails if the browser's console reports an error, or anything but the address is asked for.

    A picture that came too late for a page that had been left is no error: its server has given it up by then.
    """
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    problems = []
    page.on(
        "console",
        lambda message: (
            problems.append((message.location.get("url", ""), message.text)) if message.type == "error" else None
        ),
    )
    page.on("pageerror", lambda error: problems.append(("", str(error))))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:", "blob:"))
            else problems.append((request.url, "left this machine"))
        ),
    )
    yield page
    shown = [] if page.is_closed() else page.evaluate("[...document.images].map(image => image.src)")
    page.close()
    found = [
        (url, text)
        for url, text in problems
        if not url.split("?")[0].endswith(STREAMLITS_OWN) and not _given_up(url + text, shown)
    ]
    assert not found, f"The browser reported {found}."


def _given_up(message: str, shown: list[str]) -> bool:
    """Whether a message is about a picture that is not shown (any longer)."""
    pictures = MEDIA.findall(message)
    return bool(pictures) and not any(picture in source for picture in pictures for source in shown)


def settle(page) -> None:
    """Wait until the page's script has run and all that it shows is drawn."""
    # Long: a first visit may have to measure the mapping.
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=180_000)


def boxes(locator) -> list[dict]:
    """Where all that a locator finds is on the screen, read in one moment: between two reads a page may move on."""
    return locator.evaluate_all("elements => elements.map(element => element.getBoundingClientRect().toJSON())")
