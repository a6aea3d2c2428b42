"""Every page at every width in both themes: axe-core's rules, focus that is seen, nothing cut, and a look as it was."""

import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from alignment.study import CACHE
from alignment.study.runs.measure import measure_runs, runs_over
from alignment.study.runs.table import RunTable
from dashboard.pages import LATENT_SPACES, OVERVIEW, PAGES
from tests.browser.likeness import reduced, share_that_differs
from tests.browser.visits import BROKEN_WORDS, settle, wait_until

SERIOUS = ("serious", "critical")
ALSO = ("heading-order",)  # rules that axe takes less seriously
LOOKED_AT = {"exclude": [{"fromShadowDom": ["[data-testid=stBidiComponentIsolated]", ".tile:nth-child(n+3)"]}]}
STATES = (  # beside how pages open
    "lesson?step=9",
    "generate?tab=Steer",
    "latent-spaces?focus=281",
    *(
        f"mapping-error?section={section}"
        for section in ("Two mappings", "Confusions", "Confidence", "Encoder and seeds")
    ),
)
ATTEMPTS = 20  # a second apart: a colour that is still fading in is no fault

REFERENCES = Path(__file__).parent / "screenshots"
WIDTHS = {"light": (1280, 1024, 640, 390), "dark": (1280, 1920, 768, 390)}  # 640 is what a zoom of 200 % leaves of 1280
HEIGHT = 1600  # of the window, so that most of a page is seen
HIDDEN = {LATENT_SPACES: "canvas"}  # positions that rounding decides
RUNS_SHOWN = ("ridge", "procrustes")
ALLOWED = 0.1  # share of what is seen; without the project's stylesheets more than twice as much differs
LOOKS = 60  # a second apart: what is still computed, loaded or faded in is no fault
STILL_MS = 2000  # that a page is given to come to rest before it becomes the reference
SIDEWAYS = """[document.scrollingElement, document.querySelector('[data-testid=stMain]')]
    .some(element => element.scrollWidth > element.clientWidth)"""
PRESSED = """all => all.map(one => {
    one.scrollIntoView({ block: "center" });
    const { left, top, right, bottom, width, height } = one.getBoundingClientRect();
    const corners = [left + 1, right - 1].flatMap(x => [top + 1, bottom - 1].map(y => document.elementFromPoint(x, y)));
    return [Math.min(width, height), corners.filter(corner => one.contains(corner)).length];
})"""
FAULTS = {
    "the pipeline does not wrap": ".pipeline { flex-wrap: nowrap !important; }",
    "pictures are missing": "img { visibility: hidden; }",
}
DROP_STYLESHEETS = """document.querySelectorAll('style').forEach(style => {
    if (/--accent:|\\.nearest|\\.pipeline/.test(style.textContent)) style.remove();
})"""


@pytest.fixture(scope="module", autouse=True)
def same_runs(study):
    """The table of runs holds these alone, whatever was measured before: Runs shows what is in it."""
    table = RunTable(CACHE)
    shown = measure_runs(runs_over([study.settings], RUNS_SHOWN, random_space=False), table).rows["key"]
    kept = table.read().table["key"]
    table.remove(kept[~kept.isin(shown)])


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.address)
def test_a_page_is_accessible_and_looks_as_it_did(page, entry, tmp_path):
    visit(page, "" if entry is OVERVIEW else entry.address)
    taken = []
    for scheme, widths in WIDTHS.items():
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": widths[0], "height": HEIGHT})
        settle(page)
        page.wait_for_function(f"() => getComputedStyle(document.querySelector('.stApp')).colorScheme === '{scheme}'")
        assert not lasting(page), scheme
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            reference = REFERENCES / entry.address / f"{width}-{scheme}.webp"
            if not reference.exists():
                taken.append(take(page, entry, reference))
            if lasting_difference(page, entry, reference) > ALLOWED:
                page.screenshot(path=tmp_path / "now.png")
                pytest.fail(f"{tmp_path / 'now.png'} does not look like {reference}")
            assert not scrolls_sideways(page), f"{width} pixels are too few"
    assert not taken, "New references: look at them, and run the tests again."


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious_in_a_state(page, state):
    visit(page, state)
    assert not lasting(page)


def test_faults_are_seen(page):
    reference = REFERENCES / OVERVIEW.address / "1024-light.webp"
    visit(page, "")
    page.set_viewport_size({"width": 1024, "height": HEIGHT})
    assert lasting_difference(page, OVERVIEW, reference) <= ALLOWED
    for fault, style in FAULTS.items():
        tag = page.add_style_tag(content=style)
        assert difference(page, OVERVIEW, reference) > ALLOWED, fault
        tag.evaluate("tag => tag.remove()")
    page.evaluate(DROP_STYLESHEETS)
    assert difference(page, OVERVIEW, reference) > 2 * ALLOWED


def visit(page, address: str):
    page.goto(f"/{address}")
    page.locator("h1").wait_for()
    settle(page)


def lasting(page) -> list[tuple]:
    """What :func:`serious` finds again and again."""
    for _ in range(ATTEMPTS):
        if not (found := serious(page)):
            break
        page.wait_for_timeout(1000)
    return found


def serious(page) -> list[tuple]:
    """The rules that are broken, where, and how; of a wall of tiles, the first two of every group are looked at."""
    return [
        (violation["id"], node["html"][:200], node["failureSummary"])
        for violation in Axe().run(page, LOOKED_AT).response["violations"]
        if violation["impact"] in SERIOUS or violation["id"] in ALSO
        for node in violation["nodes"]
    ]


def take(page, entry, reference: Path) -> Path:
    """Make what the window shows the reference."""
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_timeout(STILL_MS)
    reference.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(look(page, entry)).save(reference, lossless=True)
    return reference


def scrolls_sideways(page) -> bool:
    """Whether the page is wider than the window, and stays so: a table follows the window after a moment."""
    for _ in range(ATTEMPTS):
        if not (found := page.evaluate(SIDEWAYS)):
            break
        page.wait_for_timeout(1000)
    return found


def lasting_difference(page, entry, reference: Path) -> float:
    """What :func:`difference` still is after there was time to draw all."""
    for _ in range(LOOKS):
        if (found := difference(page, entry, reference)) <= ALLOWED:
            break
        page.wait_for_timeout(1000)
    return found


def difference(page, entry, reference: Path) -> float:
    """Share of what is seen that differs from the reference, 0 to 1."""
    return share_that_differs(look(page, entry), np.asarray(Image.open(reference)))


def look(page, entry) -> np.ndarray:
    """What the window shows, reduced; uint8 array (rows, columns, 3)."""
    settle(page)
    hide = f"{HIDDEN[entry]} {{ opacity: 0; }}" if entry in HIDDEN else None
    return reduced(page.screenshot(style=hide, animations="disabled"))


def test_what_the_keyboard_is_on_is_seen(page):
    page.goto("/generate")
    page.get_by_label("Sentence", exact=True).wait_for()
    settle(page)
    page.locator("h1").click()
    outline = "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow; }"
    for _ in range(12):
        page.keyboard.press("Tab")
        wait_until(lambda: page.evaluate(outline) != "nonenone", "what has the focus shows it")


@pytest.mark.parametrize("width", [1280, 390])
def test_what_helps_is_large_enough_to_be_pressed(page, width):
    page.set_viewport_size({"width": width, "height": HEIGHT})
    visit(page, "mapping-error")
    helps = page.get_by_test_id("stMain").get_by_role("button", name=re.compile("^Help"))
    helps.nth(3).wait_for()
    settle(page)
    wait_until(
        lambda: all(size >= 23.9 and corners == 4 for size, corners in helps.evaluate_all(PRESSED)),
        "each is 24 pixels large, as a browser rounds them, and covered by nothing",
    )


@pytest.mark.parametrize("width", [1024, 834])  # 834: a tablet held upright, where an open sidebar leaves little room
@pytest.mark.parametrize("place", ["lesson?step=9", "generate?tab=Steer", "runs"])
def test_no_name_of_a_class_is_broken_within_a_word(page, place, width):
    page.set_viewport_size({"width": width, "height": HEIGHT})
    visit(page, place)
    names = page.locator(".nearest .name")
    names.nth(2).wait_for()
    wait_until(lambda: names.evaluate_all(BROKEN_WORDS) == [], "every word of a name is on one line")
