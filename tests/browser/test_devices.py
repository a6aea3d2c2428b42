"""What a device or a browser's settings change: a touch screen, a wide screen, larger text."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ARGUMENTS, chromium_path
from tests.browser.visits import BROKEN_WORDS, boxes, settle, wait_until, watched_page

TABLET = {"viewport": {"width": 834, "height": 1112}, "has_touch": True, "is_mobile": True}
LONGEST_PIXELS = 60 * 16
LARGE_PIXELS = 24  # of text, where browsers have 16 unless told otherwise
SPILT = """labels => labels.filter(label => {
    const { width } = label.parentElement.getBoundingClientRect();
    return Math.max(label.scrollWidth, label.offsetWidth) > width + 1;
}).map(String)"""
CUT = "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth).map(box => box.value)"


@pytest.fixture
def touched(chromium, address):
    """Page of the dashboard on a tablet held upright."""
    context = chromium.new_context(**TABLET, base_url=address)
    with watched_page(context, address) as page:
        yield page
    context.close()


@pytest.fixture(scope="module")
def large_text(playwright, address):
    """Page of the dashboard in a browser that is set to larger text."""
    settings = f"--blink-settings=defaultFontSize={LARGE_PIXELS}"
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*ARGUMENTS, settings])
    with watched_page(browser.new_context(base_url=address), address) as page:
        yield page
    browser.close()


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
    edges = "options => options.map(option => getComputedStyle(option).borderLeftColor)"
    wait_until(lambda: "rgba(0, 0, 0, 0)" not in options.evaluate_all(edges), "each row has an edge on its left")


def test_no_button_of_the_gallery_is_cut(touched):
    touched.goto("/generate")
    touched.get_by_role("button", name="Keep").first.click()
    settle(touched)
    touched.get_by_role("tab", name="Gallery").click()
    remove = touched.get_by_role("button", name="Remove")
    remove.wait_for()
    settle(touched)
    wait_until(lambda: remove.locator("p").evaluate_all(SPILT) == [], "the label has room")


def test_lines_are_no_longer_than_the_eye_can_follow(page):
    page.set_viewport_size({"width": 2560, "height": 1440})
    page.goto("/")
    lines = page.get_by_test_id("stMain").locator("p")
    page.get_by_text("A random space finds prompts too").wait_for()
    settle(page)
    wait_until(lambda: max(box["width"] for box in boxes(lines)) <= LONGEST_PIXELS, "every line ends in time")


def test_text_is_as_large_as_the_browser_is_told_and_no_name_is_broken(large_text):
    large_text.set_viewport_size({"width": 390, "height": 900})
    large_text.goto("/generate?tab=Steer")
    expect(large_text.locator("html")).to_have_css("font-size", f"{LARGE_PIXELS}px")
    names = large_text.locator(".st-key-steered .nearest .name")
    names.nth(4).wait_for()
    settle(large_text)
    wait_until(lambda: names.evaluate_all(BROKEN_WORDS) == [], "every word of a name is on one line")


def test_larger_figures_are_not_broken(large_text):
    large_text.set_viewport_size({"width": 390, "height": 900})
    large_text.goto("/seed-pairs?section=Upload")
    figures = large_text.locator("[data-testid=stMetricValue] p")
    expect(figures).to_have_count(3)
    settle(large_text)
    wait_until(lambda: figures.evaluate_all(BROKEN_WORDS) == [], "every figure is on one line")


def test_what_is_chosen_in_the_sidebar_is_not_cut_in_larger_text(large_text):
    large_text.set_viewport_size({"width": 1280, "height": 900})
    large_text.goto("/glossary")
    settle(large_text)
    chosen = large_text.locator("[data-testid=stSidebar] [data-testid=stSelectbox] input")
    expect(chosen).not_to_have_count(0)
    wait_until(lambda: chosen.evaluate_all(CUT) == [], "each is seen whole")


def test_no_row_of_a_chart_loses_its_name_in_larger_text(large_text):
    large_text.set_viewport_size({"width": 390, "height": 900})
    large_text.goto("/seed-pairs?section=Coverage")
    names = large_text.locator(".stPlotlyChart .ytick")
    names.first.wait_for()
    settle(large_text)
    groups = large_text.locator(".stPlotlyChart .trace.bars").first.locator(".point")
    wait_until(lambda: names.count() == groups.count() > 1, "a name for each row")


def test_a_table_of_few_rows_shows_them_all_in_larger_text(large_text):
    large_text.set_viewport_size({"width": 1280, "height": 900})
    large_text.goto("/latent-spaces?pins=a+lemon&groups=amphibian")
    tables = large_text.locator("[data-testid=stDataFrame]")
    expect(tables).to_have_count(2)
    settle(large_text)
    scrolled = tables.locator(".dvn-scroller")
    expect(scrolled).to_have_count(2)
    hidden = "all => all.filter(one => one.scrollHeight > one.clientHeight + 1).length"
    wait_until(lambda: scrolled.evaluate_all(hidden) == 0, "no table scrolls")
