"""Context managers: a Streamlit server that is stopped afterwards, and browser pages that fail on any error."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STREAMLITS_OWN = (
    "/_stcore/health",
    "/_stcore/host-config",
)  # requested relative to the page's URL first, then at the root
MEDIA = re.compile(r"/media/\w+\.\w+")
WINDOW = {"width": 1280, "height": 800}
PATIENCE_MS = 120_000  # a busy machine may take this long
QUIET_STREAMLIT = {"STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}
BROKEN_WORDS = """names => names.flatMap(name => [...name.textContent.matchAll(/\\S+/g)].filter(word => {
    const range = document.createRange();
    range.setStart(name.firstChild, word.index);
    range.setEnd(name.firstChild, word.index + word[0].length);
    return range.getClientRects().length > 1;
}).map(String))"""


@contextmanager
def served(*module):
    """URL of a server started by ``python -m`` with these arguments; it must end without a traceback."""
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
        output, _ = server.communicate(timeout=60)
    assert "Traceback" not in output, output
    with pytest.raises(ProcessLookupError):  # no process of the server's group is left
        os.killpg(server.pid, 0)


def wait_for(url: str, server: subprocess.Popen, seconds: float = 120) -> None:
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
    """Page of a fresh browser context; otherwise as :func:`watched_page`."""
    context = chromium.new_context(viewport=WINDOW, base_url=address)
    try:
        with watched_page(context, address) as page:
            yield page
    finally:
        context.close()


@contextmanager
def watched_page(context, address):
    """New page; fails on a console error, or on a request to any other address.

    A picture requested too late, after its page was left, is no error: the server has dropped it by then.
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


def wait_until(condition, what, seconds=60):
    """Wait for what ``expect`` cannot look at: what is measured once may be measured before the page is laid out."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"still not so: {what}"
        time.sleep(0.05)


def boxes(locator) -> list[dict]:
    """Bounding boxes of all elements of a locator, read at once: between two reads the page may change."""
    return locator.evaluate_all("elements => elements.map(element => element.getBoundingClientRect().toJSON())")


def touch(page, *places):
    """Put fingers down at these places, move them to the next, and lift them at last."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    for before, fingers in pairwise([[], *places, []]):
        event = "Start" if len(fingers) > len(before) else "Move" if fingers else "End"
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(fingers)]
        session.send("Input.dispatchTouchEvent", {"type": f"touch{event}", "touchPoints": points})
