"""How long the page Generate takes to redraw: from the keystroke or click in Chromium to the new picture on screen."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable

from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.study import Study
from benchmarks.browser import PICTURES, WINDOW, add_chromium, chromium, served

HELP = "time from a change on the page Generate to the new picture, in Chromium"
WORDS = ("cat", "dog", "lemon", "pizza", "violin", "lighthouse", "train", "mushroom", "banana", "guitar", "owl", "bus")
OTHER_MAPPING = "prototypes"

# The time of the last key or click, and the time at which the first picture is another one and is painted.
WATCH = """() => {
  const shown = () => document.querySelector('.pictures img')?.src;
  const act = () => { window.acted = performance.now(); window.before = shown(); window.painted = null; };
  for (const kind of ['keydown', 'pointerdown']) window.addEventListener(kind, act, true);
  new MutationObserver(() => {
    const image = document.querySelector('.pictures img');
    if (window.painted || !image || image.src === window.before) return;
    image.decode().then(() => requestAnimationFrame(() => { window.painted ??= performance.now(); }));
  }).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['src']});
}"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--changes", type=int, default=12, help="changes of each kind (default 12)")
    add_chromium(parser)


def run(arguments) -> None:
    study = Study()  # all is in the cache before the clock starts
    study.build()
    study.mapping(OTHER_MAPPING)
    with chromium(arguments.chromium) as browser, served() as (address, _):
        times = measure(browser.new_page(viewport=WINDOW), address, arguments.changes)
    print("| change | median | slowest | changes |\n| --- | --- | --- | --- |")
    for name, taken in times.items():
        print(f"| {name} | {statistics.median(taken):.0f} ms | {max(taken):.0f} ms | {len(taken)} |")


def measure(page, address: str, changes: int) -> dict[str, list[float]]:
    """Milliseconds of each change of every kind; a change's first two are practice."""
    page.goto(f"{address}/generate")
    page.locator(PICTURES).first.wait_for(timeout=120_000)
    page.evaluate(WATCH)
    labels = [MAPPINGS[key].label for key in (OTHER_MAPPING, DEFAULT_MAPPING)]
    sentence, truncation = page.get_by_label("Sentence", exact=True), page.get_by_role("slider", name="Truncation")

    def type_word(turn: int) -> None:
        sentence.fill(f"I have a {WORDS[turn % len(WORDS)]} no {turn}")
        sentence.press("End")  # a key that changes nothing: the clock starts at the last letter
        sentence.press("x")

    def choose_mapping(turn: int) -> None:
        page.get_by_role("combobox", name="Mapping").click()
        page.get_by_role("option", name=labels[turn % 2], exact=True).click()

    kinds: dict[str, Callable[[int], None]] = {
        "prompt": type_word,
        "truncation": lambda turn: truncation.press("ArrowRight"),
        "noise": lambda turn: page.get_by_test_id("stNumberInputStepUp").click(),
        "mapping": choose_mapping,
    }
    return {name: [_timed(page, change, turn) for turn in range(changes + 2)][2:] for name, change in kinds.items()}


def _timed(page, change: Callable[[int], None], turn: int) -> float:
    page.wait_for_timeout(700)  # nothing of the last change is under way any more
    change(turn)
    page.wait_for_function("window.painted", timeout=60_000)
    return page.evaluate("window.painted - window.acted")
