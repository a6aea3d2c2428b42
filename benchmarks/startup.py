"""Time from starting the dashboard to usable pages in Chromium, with a prepared and with an empty cache."""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.browser import READY, WINDOW, add_chromium, address_of, chromium, served
from benchmarks.reporting import markdown_table
from dashboard.__main__ import PREPARED
from dashboard.pages import GENERATE, OVERVIEW, PAGES, Page

HELP = "time from starting the dashboard to usable pages, in Chromium"
OPENED = (OVERVIEW, GENERATE)
PATIENCE_SECONDS = 900


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repeats", type=int, default=3, help="starts with Overview and with Generate (default 3)")
    parser.add_argument("--cache", type=Path, help="an empty folder, kept afterwards (default: a temporary one)")
    add_chromium(parser)


def run(arguments) -> None:
    with tempfile.TemporaryDirectory() as folder, chromium(arguments.chromium) as browser:
        cache = arguments.cache or Path(folder)
        # numba keeps what it compiles beside the package, where a fresh machine has nothing yet
        environment = os.environ | {"ALIGNMENT_CACHE": str(cache), "NUMBA_CACHE_DIR": str(cache / "numba")}
        rows = rows_of(from_nothing(browser, environment, cache))
        print(markdown_table(rows, ["from nothing, after the start", "seconds"]))
        print()
        visits = {
            "right after another start": first_visits(browser, environment, cache, wait=False),
            "once that has prepared all": first_visits(browser, environment, cache, wait=True),
        }
        rows = [[page.title, *(f"{seconds[page]:.1f}" for seconds in visits.values())] for page in PAGES]
        print(markdown_table(rows, ["seconds to a first visit of", *visits]))
        print()
        phases: dict[str, list[float]] = {}
        for page in OPENED:
            for _ in range(arguments.repeats):
                for phase, seconds in start(browser, page, environment).items():
                    phases.setdefault(phase, []).append(seconds)
        rows = rows_of({phase: statistics.median(seconds) for phase, seconds in phases.items()})
        print(markdown_table(rows, ["after another start", "seconds"]))


def rows_of(seconds: dict[str, float]) -> list[list[str]]:
    return [[what, f"{value:.1f}"] for what, value in seconds.items()]


def from_nothing(browser, environment: dict[str, str], folder: Path) -> dict[str, float]:
    """Seconds from starting a server with an empty cache until Overview can be used, and until all is prepared."""
    log, begun = folder / "start.log", time.perf_counter()
    with open(log, "w") as output, served(environment, output) as (address, _):
        seen = {"the server answers": time.perf_counter() - begun}
        tab = browser.new_page(viewport=WINDOW)
        open_page(tab, address, OVERVIEW)
        seen["Overview: its pictures"] = time.perf_counter() - begun
        tab.get_by_text("New classes, P@10").wait_for(timeout=1000 * PATIENCE_SECONDS)
        seen["Overview: its figures"] = time.perf_counter() - begun
        wait_until_prepared(log)
        seen["all pages are prepared"] = time.perf_counter() - begun
        tab.close()
    return seen


def first_visits(browser, environment: dict[str, str], folder: Path, *, wait: bool) -> dict[Page, float]:
    """Seconds from opening each page's address for the first time to its main content, page after page."""
    log, taken = folder / "visits.log", {}
    with open(log, "w") as output, served(environment, output) as (address, _):
        if wait:
            wait_until_prepared(log)
        for page in PAGES:
            context = browser.new_context(viewport=WINDOW)
            begun = time.perf_counter()
            open_page(context.new_page(), address, page)
            taken[page] = time.perf_counter() - begun
            context.close()
    return taken


def wait_until_prepared(log: Path) -> None:
    """Wait for the server's log line that everything for first visits is prepared."""
    end = time.monotonic() + PATIENCE_SECONDS
    while PREPARED not in log.read_text(encoding="utf-8", errors="replace"):
        if time.monotonic() > end:
            raise TimeoutError(f"Not prepared within {PATIENCE_SECONDS} s.")
        time.sleep(0.1)


def open_page(tab, address: str, page: Page) -> None:
    """Open a page by its address, and wait until it can be used."""
    tab.set_default_timeout(1000 * PATIENCE_SECONDS)
    tab.goto(address_of(address, page))
    tab.get_by_role("heading", name=page.heading, exact=True).wait_for()
    tab.locator(READY[page]).first.wait_for()


def start(browser, page: Page, environment: dict[str, str]) -> dict[str, float]:
    """Seconds from starting a server to each stage of a first visit to this page."""
    begun = time.perf_counter()
    with served(environment) as (address, _):
        seen = {"the server answers": time.perf_counter() - begun}
        tab = browser.new_page(viewport=WINDOW)
        tab.set_default_timeout(120_000)
        tab.goto(address_of(address, page))
        tab.get_by_role("heading", name=page.heading, exact=True).wait_for()
        seen[f"{page.title}: its heading"] = time.perf_counter() - begun
        tab.locator(READY[page]).first.wait_for()
        seen[f"{page.title}: its pictures"] = time.perf_counter() - begun
        tab.close()
    return seen
