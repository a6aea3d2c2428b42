"""How long it takes from starting the dashboard on a prepared machine to a page that can be used, in Chromium."""

from __future__ import annotations

import argparse
import statistics
import time

from alignment.mappings import DEFAULT_MAPPING
from alignment.study import Study
from benchmarks.browser import READY, WINDOW, add_chromium, address_of, chromium, served
from benchmarks.machine import table
from dashboard.pages import GENERATE, OVERVIEW, Page

HELP = "time from starting the dashboard to a usable page, in Chromium"
OPENED = (OVERVIEW, GENERATE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repeats", type=int, default=3, help="starts of each page (default 3)")
    add_chromium(parser)


def run(arguments) -> None:
    study = Study()  # all is in the cache before the clock starts
    study.build()
    study.compare([DEFAULT_MAPPING])
    with chromium(arguments.chromium) as browser:
        phases: dict[str, list[float]] = {}
        for page in OPENED:
            for _ in range(arguments.repeats):
                for phase, seconds in start(browser, page).items():
                    phases.setdefault(phase, []).append(seconds)
    print(table(["after the start", "seconds"], [[p, f"{statistics.median(s):.1f}"] for p, s in phases.items()]))


def start(browser, page: Page) -> dict[str, float]:
    """Seconds from starting a server to each thing that a visitor who opens this page then sees."""
    begun = time.perf_counter()
    with served() as (address, _):
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
