"""How fast the dashboard's pages switch and open, in Chromium, and what its server needs for ten visitors."""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from alignment.study import Study
from benchmarks.browser import READY, WINDOW, add_chromium, address_of, chromium, served
from benchmarks.machine import table

HELP = "time to switch and to open pages, and the server's memory, in Chromium"
VISITORS = 10

# Milliseconds from the click on a page's link to its heading and its main content, both painted.
SWITCH = """([name, heading, content]) => new Promise(resolve => {
  const links = [...document.querySelectorAll('[data-testid=stSidebarNavLink]')];
  const link = links.find(a => a.innerText.trim().endsWith(name));
  const shown = () => [...document.querySelectorAll('h1')].some(h => h.innerText.trim() === heading)
    && [...document.querySelectorAll(content)].some(e => e.checkVisibility() && !e.closest('[data-stale=true]'));
  const begun = performance.now();
  const look = () => shown() ? resolve(performance.now() - begun) : requestAnimationFrame(look);
  link.click();
  requestAnimationFrame(look);
})"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
HEADING = {"Overview": "From words to pictures"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=8, help="switches to each page, and openings (default 8)")
    add_chromium(parser)


def run(arguments) -> None:
    Study().build()  # all is in the cache before the clock starts
    with chromium(arguments.chromium) as browser, served() as (address, server):
        page = browser.new_page(viewport=WINDOW)
        page.goto(address)
        visit(page, READY)
        switched, headed, painted = switches(page, arguments.rounds), {}, {}
        for name in READY:
            painted[name], headed[name] = openings(browser, address, name, arguments.rounds)
        print(
            table(
                ["page", "switch, ms", "opened: first paint, ms", "opened: heading, ms"],
                [
                    [name, *(f"{statistics.median(times[name]):.0f}" for times in (switched, painted, headed))]
                    for name in READY
                ],
            )
        )
        memory = [("one", *memory_of(server))]
        sessions = [browser.new_context(viewport=WINDOW).new_page() for _ in range(VISITORS)]
        for session in sessions:
            session.goto(address)
            visit(session, [name for name in READY if name != "Overview"])
        memory.append((f"{VISITORS} more", *memory_of(server)))
        print()
        print(table(["visitors", "RSS, MB", "PSS, MB"], memory))


def visit(page, names) -> None:
    """Open pages in turn through the navigation, each until it can be used."""
    for name in names:
        page.get_by_test_id("stSidebarNavLink").filter(has_text=name).click(timeout=120_000)
        page.get_by_role("heading", name=HEADING.get(name, name), exact=True).wait_for(timeout=120_000)
        page.locator(READY[name]).first.wait_for(timeout=240_000)
        page.wait_for_timeout(500)


def switches(page, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every switch to each page, from the one before it in the navigation."""
    taken = {name: [] for name in READY}
    for _ in range(rounds):
        for name, content in READY.items():
            page.wait_for_timeout(500)  # nothing of the page before is under way any more
            taken[name].append(page.evaluate(SWITCH, [name, HEADING.get(name, name), content]))
    return taken


def openings(browser, address: str, name: str, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds from following a page's address to the first paint, and to its heading."""
    painted, headed = [], []
    for _ in range(rounds):
        context = browser.new_context(viewport=WINDOW)
        page = context.new_page()
        begun = time.perf_counter()
        page.goto(address_of(address, name), wait_until="commit")
        page.get_by_role("heading", name=HEADING.get(name, name), exact=True).wait_for(timeout=60_000)
        headed.append(1000 * (time.perf_counter() - begun))
        painted.append(page.evaluate(FIRST_PAINT))
        context.close()
    return painted, headed


def memory_of(process: int) -> tuple[str, str]:
    """Resident and proportional memory of a process in MB, as Linux counts it."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return f"{kilobytes['Rss'] / 1000:.0f}", f"{kilobytes['Pss'] / 1000:.0f}"
