"""Response times of controls and selections on the pages Latent spaces and Mapping error, in Chromium."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from urllib.parse import urlencode

from alignment.mappings import DEFAULT_MAPPING
from alignment.study import Settings, Study
from benchmarks.arguments import add_class_embeddings
from benchmarks.browser import WINDOW, add_chromium, chromium, served
from benchmarks.page_changes import changes_table, milliseconds, sentence

HELP = "time from a control or a selection on the analyst's pages to the answer, in Chromium"

# Resolves with the milliseconds from the last key or click to the frame in which the page says what is waited for.
ANSWER = """(wanted) => new Promise((resolve, reject) => {
  setTimeout(() => reject(`The page does not say: ${wanted}`), 60000);
  const roots = [...document.querySelectorAll('*')].map(element => element.shadowRoot).filter(Boolean);
  const views = roots.map(root => root.querySelector('.linked-scatter'));
  const parts = () => [document.querySelector('[data-testid=stMain]'), ...views];
  const said = () => parts().some(part => part?.innerText.includes(wanted) || `pins ${part?.dataset.pins}` === wanted);
  const look = () => said() ? resolve(performance.now() - window.acted) : requestAnimationFrame(look);
  look();
})"""
CLOCK = """for (const kind of ['keydown', 'pointerdown', 'pointerup'])
  window.addEventListener(kind, () => { window.acted = performance.now(); }, true);"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_class_embeddings(parser)
    parser.add_argument("--changes", type=int, default=8, help="changes of each kind (default 8)")
    add_chromium(parser)


def run(arguments) -> None:
    study = Study(Settings(class_embeddings=arguments.class_embeddings))
    study.build()  # all is in the cache before the clock starts
    study.evaluations.compare([DEFAULT_MAPPING])  # with the baselines of Mapping error
    study.projections.layout()
    own = {"pair": "Own models", "encoder": "minilm", "generator": arguments.class_embeddings}
    link = urlencode(own) if arguments.class_embeddings else ""
    with chromium(arguments.chromium) as browser, served() as (address, _):
        context = browser.new_context(viewport=WINDOW)
        context.add_init_script(CLOCK)
        page = context.new_page()
        page.set_default_timeout(60_000)
        times = spaces(page, f"{address}/latent-spaces?{link}", study, arguments.changes)
        times |= errors(page, f"{address}/mapping-error?{link}", study, arguments.changes)
    print(f"{len(study.classes)} classes, {len(study.seeds):,} sentences\n")
    print(changes_table(times))


def spaces(page, address: str, study: Study, changes: int) -> dict[str, list[float]]:
    """Milliseconds of every change on the page Latent spaces."""
    page.goto(address)
    page.locator(".linked-scatter canvas").first.wait_for()
    classes, colours = len(study.classes), ("Norm", "Group", "Neighbourhood change", "Error")

    def select_box(turn: int) -> str:
        page.get_by_role("button", name="Box", exact=True).click()
        box = page.locator('[data-key="text"] .overlay').bounding_box()  # the first map, which is in the window
        edge, count = (0.95, 0.6)[turn % 2], page.locator(".linked-scatter").get_by_text(f"of {classes:,} selected")
        before = count.inner_text()
        page.mouse.move(box["x"] + 3, box["y"] + 3)
        page.mouse.down()
        page.mouse.move(box["x"] + edge * box["width"], box["y"] + edge * box["height"], steps=3)
        page.mouse.up()
        changed = "([shown, before]) => shown.innerText !== before"  # looked at in every frame
        page.wait_for_function(changed, arg=[count.element_handle(), before])
        return f"{count.inner_text().split()[0]} selected"  # the heading of the table beneath

    def colour(turn: int) -> str:
        page.get_by_role("combobox", name="Colour").click()
        page.get_by_role("option", name=colours[turn % 4], exact=True).click()
        return {"Error": "Rank"}.get(colours[turn % 4], colours[turn % 4]) + "\n"  # the legend's title

    def pin(turn: int) -> str:
        box = page.get_by_role("combobox", name="Pin sentences")
        box.fill(sentence(turn))
        box.press("Enter")
        return f"pins {turn + 1}"  # among the marks of the views

    return {
        "Latent spaces: box selection, to the table beneath": answers(page, select_box, changes),
        "Latent spaces: colour": answers(page, colour, changes),
        "Latent spaces: pinned sentence": answers(page, pin, changes),
    }


def errors(page, address: str, study: Study, changes: int) -> dict[str, list[float]]:
    """Milliseconds of every change on the page Mapping error."""
    page.goto(address)
    page.locator("[data-testid=stPlotlyChart] .main-svg").first.wait_for()
    groups = study.classes.groups
    known = sorted(set(groups), key=groups.count)[-4:]
    figures = ("P@10", "Cosine")

    def figure(turn: int) -> str:
        page.get_by_role("combobox", name="Figure").click()
        page.get_by_role("option", name=figures[turn % 2], exact=True).click()
        return f"with that {figures[turn % 2][0].lower()}{figures[turn % 2][1:]}"

    def group(turn: int) -> str:
        box = page.get_by_role("combobox", name="Group", exact=True)
        box.fill(known[turn % 4])
        box.press("Enter")
        return f"{groups.count(known[turn % 4])} classes, worst first"

    return {
        "Mapping error: figure, to its histogram": answers(page, figure, changes),
        "Mapping error: group": answers(page, group, changes),
    }


def answers(page, change: Callable[[int], str], changes: int) -> list[float]:
    """Milliseconds from each change to the appearance of the text that ``change`` returns."""
    return milliseconds(page, lambda turn: page.evaluate(ANSWER, change(turn)), changes)
