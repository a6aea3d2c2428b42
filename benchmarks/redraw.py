"""Time from a keystroke or click in Chromium to the new picture on screen."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.study import Study
from benchmarks.browser import PICTURES, WINDOW, add_chromium, chromium, served
from benchmarks.page_changes import changes_table, milliseconds, sentence

HELP = "time from a change on the pages Generate and Interpolation to the new picture, in Chromium"
OTHER_MAPPING = "prototypes"
CARDS, CELLS, FILM = ".cards img", ".words img", ".film img"  # of Compare, Word by word and Interpolation

# The time of the last key, letter or click, and when the first of some pictures is another one and is painted.
WATCH = """(pictures) => {
  const shown = () => document.querySelector(pictures)?.src;
  const act = () => { window.acted = performance.now(); window.before = shown(); window.painted = null; };
  for (const kind of ['keydown', 'pointerdown', 'input']) window.addEventListener(kind, act, true);
  new MutationObserver(() => {
    const image = document.querySelector(pictures);
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
    print(changes_table(times))


def measure(page, address: str, changes: int) -> dict[str, list[float]]:
    """Milliseconds of each change of every kind."""
    open_page(page, f"{address}/generate", PICTURES)
    labels = [MAPPINGS[key].label for key in (OTHER_MAPPING, DEFAULT_MAPPING)]
    truncation = page.get_by_role("slider", name="Truncation")

    def choose_mapping(turn: int) -> None:
        page.get_by_role("combobox", name="Mapping").click()
        page.get_by_role("option", name=labels[turn % 2], exact=True).click()

    kinds: dict[str, Callable[[int], None]] = {
        "prompt": typing(page, "Sentence"),
        "truncation": lambda turn: truncation.press("ArrowRight"),
        "noise": lambda turn: page.get_by_test_id("stNumberInputStepUp").click(),
        "mapping": choose_mapping,
    }
    times = {name: redraws(page, change, changes) for name, change in kinds.items()}
    for tab, pictures in (("Compare", CARDS), ("Word by word", CELLS)):
        open_page(page, f"{address}/generate?tab={tab}", pictures)
        times[f"{tab}: prompt"] = redraws(page, typing(page, "Sentence"), changes)
    open_page(page, f"{address}/interpolation", FILM)
    return times | {"Interpolation: prompt": redraws(page, typing(page, "A"), changes)}


def open_page(page, address: str, pictures: str) -> None:
    """Open an address, wait for the pictures, and watch the first of them for changes."""
    page.goto(address)
    page.locator(pictures).first.wait_for(timeout=120_000)
    page.evaluate(WATCH, pictures)


def typing(page, label: str) -> Callable[[int], None]:
    """A function that fills another sentence into a text box in each turn."""
    box = page.get_by_role("textbox", name=label, exact=True)
    return lambda turn: box.fill(sentence(turn))


def redraws(page, change: Callable[[int], None], changes: int) -> list[float]:
    """Milliseconds from each change to the new picture."""

    def redrawn(turn: int) -> float:
        change(turn)
        page.wait_for_function("window.painted", timeout=60_000)
        return page.evaluate("window.painted - window.acted")

    return milliseconds(page, redrawn, changes)
