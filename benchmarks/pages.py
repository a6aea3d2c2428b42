"""Time to switch to and to open the dashboard's pages in Chromium, and the server's memory with ten visitors."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterable

from alignment.study import Study
from benchmarks.browser import READY, WINDOW, add_chromium, address_of, chromium, link_to, served
from benchmarks.machine import memory_mb
from benchmarks.reporting import markdown_table
from dashboard.pages import OVERVIEW, PAGES, Page

HELP = "time to switch and to open pages, and the server's memory, in Chromium"
VISITORS = 10

# Milliseconds from the click on a page's link to its heading and its main content, both painted. Components have shadow
# roots, into which no selector reaches.
SWITCH = """([name, heading, content]) => new Promise((resolve, reject) => {
  setTimeout(() => reject(`The page ${name} does not show ${content}`), 60000);
  const links = [...document.querySelectorAll('[data-testid=stSidebarNavLink]')];
  const link = links.find(a => a.innerText.trim().endsWith(name));
  const roots = () => [document, ...[...document.querySelectorAll('*')].flatMap(e => e.shadowRoot ?? [])];
  const isFresh = e => e.checkVisibility() && !(e.getRootNode().host ?? e).closest('[data-stale=true]');
  const shown = () => [...document.querySelectorAll('h1')].some(h => h.innerText.trim() === heading)
    && roots().some(root => [...root.querySelectorAll(content)].some(isFresh));
  const begun = performance.now();
  const look = () => shown() ? resolve(performance.now() - begun) : requestAnimationFrame(look);
  link.click();
  requestAnimationFrame(look);
})"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=8, help="switches to each page, and openings (default 8)")
    add_chromium(parser)


def run(arguments) -> None:
    Study().build()  # all is in the cache before the clock starts
    with chromium(arguments.chromium) as browser, served() as (address, server):
        tab = browser.new_page(viewport=WINDOW)
        tab.goto(address)
        visit(tab, PAGES)
        switched, headed, painted = switches(tab, arguments.rounds), {}, {}
        for page in PAGES:
            painted[page], headed[page] = openings(browser, address, page, arguments.rounds)
        columns = {"switch, ms": switched, "opened: first paint, ms": painted, "opened: heading, ms": headed}
        rows = [
            [page.title, *(f"{statistics.median(times[page]):.0f}" for times in columns.values())] for page in PAGES
        ]
        print(markdown_table(rows, ["page", *columns]))
        memory = {"one": memory_mb(server)}
        sessions = [browser.new_context(viewport=WINDOW).new_page() for _ in range(VISITORS)]
        for session in sessions:
            session.goto(address)
            visit(session, [page for page in PAGES if page is not OVERVIEW])
        memory[f"{VISITORS} more"] = memory_mb(server)
        rows = [[visitors, f"{held['Rss']:.0f}", f"{held['Pss']:.0f}"] for visitors, held in memory.items()]
        print(f"\n{markdown_table(rows, ['visitors', 'RSS, MB', 'PSS, MB'])}")


def visit(tab, pages: Iterable[Page]) -> None:
    """Open pages in turn through the navigation, each until it can be used."""
    for page in pages:
        link_to(tab, page).click(timeout=120_000)
        tab.get_by_role("heading", name=page.heading, exact=True).wait_for(timeout=120_000)
        tab.locator(READY[page]).first.wait_for(timeout=240_000)
        tab.wait_for_timeout(500)


def switches(tab, rounds: int) -> dict[Page, list[float]]:
    """Milliseconds of every switch to each page from the previous one in the navigation."""
    taken: dict[Page, list[float]] = {page: [] for page in PAGES}
    for _ in range(rounds):
        for page in PAGES:
            tab.wait_for_timeout(500)  # until the previous page is finished
            taken[page].append(tab.evaluate(SWITCH, [page.title, page.heading, READY[page]]))
    return taken


def openings(browser, address: str, page: Page, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds from following a page's address to the first paint, and to its heading."""
    painted, headed = [], []
    for _ in range(rounds):
        context = browser.new_context(viewport=WINDOW)
        tab = context.new_page()
        begun = time.perf_counter()
        tab.goto(address_of(address, page), wait_until="commit")
        tab.get_by_role("heading", name=page.heading, exact=True).wait_for(timeout=60_000)
        headed.append(1000 * (time.perf_counter() - begun))
        painted.append(tab.evaluate(FIRST_PAINT))
        context.close()
    return painted, headed
