"""The page Mapping error in a real browser: charts and tables that are taken away."""

import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import expect

from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from tests.browser.visits import settle, touch, wait_until

CHART = "[data-testid=stPlotlyChart]"
SAVE_PNG, SAVE_SVG = '[data-title="Download plot as a PNG"]', '[data-title="Download plot"]'
IN_PAGE_FONT = """title => {
    const [shown, ofPage] = [title, document.body].map(element => getComputedStyle(element).fontFamily.split(",")[0]);
    return shown === ofPage;
}"""


def saved(page, button) -> bytes:
    with page.expect_download() as download:
        button.click()
    with open(download.value.path(), "rb") as file:
        return file.read()


@pytest.fixture
def groups(page):
    page.goto("/mapping-error?section=Groups")
    page.locator(f"{CHART} .main-svg").first.wait_for(timeout=180_000)  # measured the first time
    return page


def test_a_chart_is_saved_as_png_and_as_svg(groups):
    chart = groups.locator(CHART).last
    chart.hover()
    picture = np.asarray(Image.open(io.BytesIO(saved(groups, chart.locator(SAVE_PNG)))).convert("RGBA"))
    shown, title = chart.evaluate(
        "chart => ['.main-svg', '.gtitle'].map(part => chart.querySelector(part).getBoundingClientRect().toJSON())"
    )
    assert picture.shape[:2] == pytest.approx((2 * shown["height"], 2 * shown["width"]), abs=4) and picture.std() > 5
    assert np.ptp(picture[:, :4]) == 0, "the names of groups are cut"
    wait_until(lambda: chart.locator(".gtitle").evaluate(IN_PAGE_FONT), "the title is in the page's font")
    above = picture[: round(2 * (title["y"] + title["height"] - shown["y"]))]
    columns = np.flatnonzero((above != picture[0, 0]).any(axis=(0, 2)))
    assert columns[-1] - columns[0] == pytest.approx(2 * title["width"], abs=8), "the title is not in the page's font"
    groups.get_by_role("radio", name="SVG").click()
    groups.wait_for_url("**chart_format=SVG**")
    settle(groups)
    chart.hover()
    root = ElementTree.fromstring(saved(groups, chart.locator(SAVE_SVG)))
    assert re.search(r"@font-face.*Source Sans.*url\(.data:font/woff2;base64,\w", root[0].text, re.DOTALL)
    assert root.tag.endswith("svg") and "weapon" in "".join(root.itertext())
    said = "".join(root.itertext())
    assert "by group" in said and f"{MAPPINGS[DEFAULT_MAPPING].label} · held-out classes" in said


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_is_saved_on_the_background_of_the_page(groups, scheme):
    groups.emulate_media(color_scheme=scheme)
    groups.wait_for_function(f"() => getComputedStyle(document.querySelector('.stApp')).colorScheme === '{scheme}'")
    chart = groups.locator(CHART).last
    chart.hover()
    corner = Image.open(io.BytesIO(saved(groups, chart.locator(SAVE_PNG)))).convert("RGBA").getpixel((0, 0))
    page_colour = groups.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert corner == (*map(int, re.findall(r"\d+", page_colour)), 255)


def test_on_a_touch_screen_the_toolbar_of_a_chart_waits_for_a_touch(groups):
    groups.context.new_cdp_session(groups).send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    chart = groups.locator(CHART).last
    toolbar = chart.locator(".modebar")
    groups.locator("h1").click()
    expect(toolbar).to_have_css("opacity", "0")
    chart.click()
    expect(toolbar).to_have_css("opacity", "1")


def test_a_click_on_a_name_chooses_the_class_and_another_table_forgets_the_click(page):
    page.goto("/mapping-error?mapping=Ridge")
    table = page.locator("[data-testid=stDataFrame]").last
    table.wait_for(timeout=180_000)
    settle(page)
    keys = "els => els.map(el => [...el.classList].find(name => name.startsWith('st-key-error_table')))"
    containers = "[class*=st-key-error_table]"
    first = page.eval_on_selector_all(containers, keys)
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 90, box["y"] + 2.5 * 35)
    page.wait_for_url("**class=**")
    page.get_by_text("sentences evaluated").wait_for()
    assert page.eval_on_selector_all(containers, keys) == first  # it stays where it was scrolled to
    page.get_by_role("radio", name="sentences").click()
    page.get_by_text("evaluated on sentences it has not seen").wait_for()
    settle(page)
    wait_until(lambda: page.eval_on_selector_all(containers, keys) != first, "the table is another")


def test_a_table_is_saved_as_csv_and_the_link_keeps_the_choices(groups, study):
    groups.get_by_role("tab", name="Classes").click()
    groups.get_by_placeholder("Part of a name").fill("cat")
    groups.get_by_text("Click a row to look at the class").wait_for()
    groups.wait_for_function("() => location.search.includes('named=cat')")
    groups.get_by_text(f"{len(study.classes)} classes, worst first").wait_for(state="hidden")
    settle(groups)  # a button pressed while its page is drawn anew saves nothing
    table = pd.read_csv(io.BytesIO(saved(groups, groups.locator(".st-key-save_error_per_class_csv button"))))
    assert len(table) and table["name"].str.contains("cat", case=False).all() and "p_at_10" in table
    groups.goto(groups.url + "&class=lemon&figure=Rank")
    groups.get_by_role("link", name="Its sentences").wait_for()
    expect(groups.get_by_placeholder("Part of a name")).to_have_value("cat")


def test_a_finger_on_a_chart_scrolls_the_page(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/mapping-error")
    chart = page.locator(".stPlotlyChart .nsewdrag").first
    chart.wait_for()
    settle(page)
    chart.scroll_into_view_if_needed()
    before = chart.bounding_box()
    x, y = before["x"] + before["width"] / 2, before["y"] + 50
    touch(page, [(x, y)], [(x, y + 20)], [(x, y + 60)], [(x, y + 100)])
    moved = "top => document.querySelector('.nsewdrag').getBoundingClientRect().top > top + 50"
    page.wait_for_function(moved, arg=before["y"])
