"""Load tests in a real browser: many visitors at once, abandoned jobs, typing during another visitor's job."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

from alignment.mappings import MAPPINGS
from alignment.study import CACHE, Study
from alignment.study.cache.store import FOLDER
from benchmarks.browser import PICTURES, READY, WINDOW, chromium, link_to, served
from benchmarks.machine import memory_mb
from benchmarks.soak.rows import Row
from dashboard.pages import GENERATE, GLOSSARY, MAPPING_ERROR, PAGES

SLOWEST = MAPPINGS["learned-attention"].label
LONGEST = f"{MAPPING_ERROR.address}?{urlencode({'mapping': SLOWEST})}"  # minutes, where nothing of it is kept
JOB_SECONDS = 25  # into which the job is when it is left
WATCHED_SECONDS = 8
QUIET_SECONDS = 5
BUSY = 0.3  # of one processor's time, above which the server works
STAYING_SECONDS = 240  # after the last visit; Streamlit forgets a session after two minutes
CLOSE_ENOUGH = 1.15
PATIENCE_MS = 120_000
SUBJECTS = ("dog", "cat", "lemon", "fox", "violin", "castle", "train", "owl", "pizza", "boat", "horse", "clock")
SENTENCES = ("I have a {}", "A photo of a {}", "There was a {} by the road", "She drew a {}", "He lost his {}")
NUMBERED = (*SENTENCES, *(f"{sentence} {number}" for number in range(2, 9) for sentence in SENTENCES))


class Server:
    """A running dashboard: its address, memory, processor time and log."""

    def __init__(self, address: str, process: int, log: Path):
        self.address, self.process, self.log = address, process, log

    def memory(self) -> float:
        """Resident memory in MB."""
        return memory_mb(self.process)["Rss"]

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def tracebacks(self) -> tuple[str, ...]:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return tuple(f"traceback: {part[:400]}" for part in text.split("Traceback")[1:])


@contextmanager
def server(folder: Path, cache: Path | None = None) -> Iterator[Server]:
    """Run a dashboard on this machine's cache or another, with the default study."""
    log = folder / f"server {time.monotonic_ns()}.txt"
    with (
        open(log, "w", encoding="utf-8") as output,
        served(os.environ | ({"ALIGNMENT_CACHE": str(cache)} if cache else {}), output) as (address, process),
    ):
        yield Server(address, process, log)


def cache_without_evaluations(folder: Path) -> Path:
    """Copy the cache with encoded sentences only, without fitted or evaluated mappings."""
    study, cache = Study(), folder / "started cache"
    study.build()
    for kind in ("sentence_vectors", "seed_table", "neighbour_distances", "class_pictures"):
        if (CACHE / FOLDER / kind).is_dir():
            shutil.copytree(CACHE / FOLDER / kind, cache / FOLDER / kind, dirs_exist_ok=True)
    return cache


def left_jobs(folder: Path, path: str) -> Iterator[Row]:
    """Check that the longest job ends after its visitor leaves the page, or closes it."""
    cache = cache_without_evaluations(folder)
    with chromium(path) as browser, server(folder, cache) as site:
        _quiet(site)
        for how in ("leaves the page", "closes the tab"):
            tab = browser.new_page(viewport=WINDOW)
            tab.goto(f"{site.address}/{LONGEST}")
            tab.wait_for_timeout(1000 * JOB_SECONDS)
            working = site.processor_seconds()
            tab.wait_for_timeout(1000)
            working = site.processor_seconds() - working
            if how == "closes the tab":
                tab.close()
            else:
                link_to(tab, GLOSSARY).click()
            ended, after = _works_until(site), site.memory()
            wrong = [f"it worked for {ended:.1f} s more"] if ended > 2 else []
            wrong += [] if working > BUSY else [f"the job did not run ({working:.2f} s of processor time in a second)"]
            found = f"its work ended after {ended:.1f} s; the server holds {after:,.0f} MB"
            yield Row(f"a visitor {how} during the longest job", found, (*wrong, *site.tracebacks()))


def _quiet(site: Server) -> None:
    """Wait until a server that has just started is idle."""
    end, idle = time.monotonic() + STAYING_SECONDS, 0
    while idle < QUIET_SECONDS and time.monotonic() < end:
        before = site.processor_seconds()
        time.sleep(1)
        idle = idle + 1 if site.processor_seconds() - before < BUSY / 3 else 0


def _works_until(site: Server) -> float:
    """Seconds from now to the last quarter of a second in which the server was busy."""
    begun, last = time.monotonic(), 0.0
    before = site.processor_seconds()
    while (now := time.monotonic() - begun) < WATCHED_SECONDS:
        time.sleep(0.25)
        used, before = site.processor_seconds() - before, site.processor_seconds()
        if used / 0.25 > BUSY:
            last = now
    return last


def typing(folder: Path, path: str, lines: int) -> Iterator[Row]:
    """Measure the time from a sentence to its pictures, alone and during another visitor's longest job."""
    cache = cache_without_evaluations(folder)
    with chromium(path) as browser, server(folder, cache) as site:
        _quiet(site)
        tab = browser.new_page(viewport=WINDOW)
        tab.goto(f"{site.address}/{GENERATE.address}")
        tab.locator(PICTURES).first.wait_for(timeout=PATIENCE_MS)
        sentences = _sentences(2 * lines + 4)
        for sentence in sentences[:4]:  # warms up
            _pictures_of(tab, sentence)
        alone = [_pictures_of(tab, sentence) for sentence in sentences[4 : lines + 4]]
        other = browser.new_page(viewport=WINDOW)
        other.goto(f"{site.address}/{LONGEST}")
        other.wait_for_timeout(1000 * JOB_SECONDS)
        begun, before = time.monotonic(), site.processor_seconds()
        beside = [_pictures_of(tab, sentence) for sentence in sentences[lines + 4 :]]
        busy = (site.processor_seconds() - before) / (time.monotonic() - begun)
        tracebacks = site.tracebacks()
    ratio = _p95(beside) / _p95(alone)
    found = (
        f"p50 {statistics.median(alone):.2f} s alone, {statistics.median(beside):.2f} s beside it; "
        f"p95 {_p95(alone):.2f} s and {_p95(beside):.2f} s, {ratio:.2f} times ({busy:.1f} processors busy)"
    )
    wrong = [f"p95 is {ratio:.2f} times that alone"] if ratio >= 2 else []
    yield Row(f"{lines} sentences typed beside the longest job", found, (*wrong, *tracebacks))


def _sentences(count: int) -> list[str]:
    """Sentences of which no two in a row have the same subject, whose pictures could be equal."""
    chosen = random.Random(0)
    forms = {subject: chosen.sample(NUMBERED, len(NUMBERED)) for subject in SUBJECTS}
    return [forms[subject].pop().format(subject) for subject in islice(cycle(SUBJECTS), count)]


def _pictures_of(tab, sentence: str) -> float:
    """Seconds from the last key of a sentence until its pictures are on the page."""
    box = tab.get_by_label("Sentence", exact=True).first
    shown = tab.locator(PICTURES).first.get_attribute("src")
    begun = time.monotonic()
    box.fill(sentence)
    box.press("Enter")
    tab.wait_for_function(
        "([selector, before]) => { const shown = document.querySelector(selector);"
        " return shown && shown.src !== before && !shown.closest('[data-stale=true]'); }",
        arg=[PICTURES, shown],
        timeout=PATIENCE_MS,
    )
    return time.monotonic() - begun


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, round(0.95 * (len(values) - 1)))]


def visitors(folder: Path, path: str, count: int, seconds: float) -> Iterator[Row]:
    """Run concurrent sessions that go from page to page; report memory before, during and after."""
    Study().build()
    with server(folder) as site:
        asyncio.run(_visit(site.address, path, 1, 0))  # each page once, so that what all share is there
        time.sleep(20)
        before, largest, ended = site.memory(), [site.memory()], Event()

        def watch() -> None:
            while not ended.wait(1):
                largest.append(site.memory())

        Thread(target=watch, daemon=True).start()
        taken, failed = asyncio.run(_visit(site.address, path, count, seconds))
        ended.set()
        begun = time.monotonic()
        while (after := site.memory()) > CLOSE_ENOUGH * before and time.monotonic() - begun < STAYING_SECONDS:
            time.sleep(5)
        waited, tracebacks = time.monotonic() - begun, site.tracebacks()
    wrong = [*failed, *tracebacks]
    wrong += [f"memory stayed at {after / before:.2f} times"] if after > CLOSE_ENOUGH * before else []
    found = (
        f"{len(taken)} pages opened, p50 {statistics.median(taken):.1f} s, p95 {_p95(taken):.1f} s; memory "
        f"{before:,.0f} MB before, {max(largest):,.0f} MB during, {after:,.0f} MB {waited:.0f} s after"
    )
    yield Row(f"{count} browser sessions for {seconds:.0f} s on all pages", found, tuple(wrong))


async def _visit(address: str, path: str, count: int, seconds: float) -> tuple[list[float], list[str]]:
    """Seconds of each page visit, and failures; every session sees every page at least once."""
    from playwright.async_api import async_playwright

    taken: list[float] = []
    failed: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        contexts = [await browser.new_context(viewport=WINDOW) for _ in range(count)]
        ends = time.monotonic() + seconds
        await asyncio.gather(*(_session(one, address, n, ends, taken, failed) for n, one in enumerate(contexts)))
        await browser.close()
    return taken, failed


async def _session(context, address: str, number: int, ends: float, taken: list, failed: list) -> None:
    tab = await context.new_page()
    order = random.Random(number)
    await tab.goto(address, timeout=PATIENCE_MS)
    left = order.sample(PAGES, len(PAGES))
    while left or time.monotonic() < ends:
        page = left.pop() if left else order.choice(PAGES)
        begun = time.monotonic()
        try:
            await link_to(tab, page).click(timeout=PATIENCE_MS)
            await tab.get_by_role("heading", name=page.heading, exact=True).wait_for(timeout=PATIENCE_MS)
            await tab.locator(READY[page]).first.wait_for(timeout=PATIENCE_MS)
            taken.append(time.monotonic() - begun)
        except Exception as error:  # whatever it is, it is the finding
            failed.append(f"visitor {number} on {page.title}: {str(error).splitlines()[0]}")
            if time.monotonic() > ends:
                return
        if await tab.get_by_test_id("stException").count():
            failed.append(f"visitor {number}: an exception on {page.title}")
        await tab.wait_for_timeout(order.uniform(500, 3000))
