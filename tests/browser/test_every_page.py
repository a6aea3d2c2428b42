"""What a screen reader and weak eyes meet: axe-core's rules on every page, and focus that is seen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from dashboard.pages import OVERVIEW, PAGES
from tests.browser.visits import settle

SERIOUS = ("serious", "critical")
ATTEMPTS = 20  # a second apart: a colour that is still fading in is no fault
STATES = ("lesson?step=9", "generate?tab=Steer", "mapping-error?section=Confidence")  # beside how pages open


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.address)
def test_axe_finds_nothing_serious(page, entry):
    page.goto("/" if entry is OVERVIEW else f"/{entry.address}")
    page.locator("h1").wait_for()
    settle(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        settle(page)
        page.wait_for_function(f"() => getComputedStyle(document.querySelector('.stApp')).colorScheme === '{scheme}'")
        assert not lasting(page), scheme


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious_in_a_state(page, state):
    page.goto(f"/{state}")
    page.locator("h1").wait_for()
    settle(page)
    assert not lasting(page)


def lasting(page) -> list[tuple]:
    """What :func:`serious` finds again and again."""
    for _ in range(ATTEMPTS):
        if not (found := serious(page)):
            break
        page.wait_for_timeout(1000)
    return found


def serious(page) -> list[tuple]:
    """The rules that are broken, where, and how."""
    return [
        (violation["id"], node["html"][:200], node["failureSummary"])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


def test_what_the_keyboard_is_on_is_seen(page):
    page.goto("/generate")
    page.get_by_label("Sentence", exact=True).wait_for()
    settle(page)
    page.locator("h1").click()
    outline = "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow; }"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(outline) != "nonenone", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
