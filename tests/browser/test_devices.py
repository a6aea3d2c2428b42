"""What a device or a browser's settings change: a touch screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visits import boxes, settle, wait_until, watched_page

TABLET = {"viewport": {"width": 834, "height": 1112}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def touched(chromium, address):
    """Page of the dashboard on a tablet held upright."""
    context = chromium.new_context(**TABLET, base_url=address)
    with watched_page(context, address) as page:
        yield page
    context.close()


def test_the_toolbar_of_a_table_lies_on_nothing_on_a_touch_screen(touched):
    touched.goto("/seed-pairs")
    caption = touched.get_by_text(re.compile(r"^[\d,]+ of [\d,]+ sentences"))
    caption.wait_for()
    settle(touched)
    toolbar = touched.locator("[data-testid=stElementToolbar]").filter(visible=True)

    def lies_below():
        (above,), (below,) = boxes(caption), boxes(toolbar)
        return above["bottom"] <= below["top"] + 1

    expect(toolbar).to_have_count(1)
    wait_until(lies_below, "the toolbar stands below the caption")


def test_no_option_is_hidden_where_there_is_little_room(touched):
    touched.goto("/generate?tab=Steer")
    options = touched.locator(".st-key-start").get_by_role("radio")
    expect(options).to_have_count(2)
    settle(touched)

    def all_are_seen():
        (strip,) = boxes(touched.locator(".st-key-start"))
        return all(strip["left"] <= box["left"] < box["right"] <= strip["right"] for box in boxes(options))

    wait_until(all_are_seen, "all are where the strip is")
    edges = options.evaluate_all("options => options.map(option => getComputedStyle(option).borderLeftColor)")
    assert "rgba(0, 0, 0, 0)" not in edges, "each row has an edge on its left"
