"""Linked views in a real browser: on a page, and as the file that is exported."""

import io
import re
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from dashboard.components import linked_scatter as linked
from tests.browser.linked_scatter_app import ACROSS, PLACES, UP, scene
from tests.browser.visits import served, visitor

HOSTILE = "</script><img src=x onerror=alert(1)>"
NO_WEBGL = """HTMLCanvasElement.prototype.getContext = (get => function (kind, ...rest) {
    return kind === "webgl2" ? null : get.call(this, kind, ...rest);
})(HTMLCanvasElement.prototype.getContext)"""


@pytest.fixture(scope="module")
def demo(chromium):
    with served("streamlit", "run", "tests/browser/linked_scatter_app.py") as address:
        yield address


@pytest.fixture
def page(chromium, demo):
    with visitor(chromium, demo) as page:
        page.goto("/")
        state(page, "drawn", "webgl")
        yield page


@contextmanager
def opened(chromium, path, shown, webgl=True):
    """The exported page of a scene, opened as a file."""
    path = path / "page.html"
    path.write_text(linked.as_page(shown, "A page"), encoding="utf-8")
    with visitor(chromium, path.as_uri()) as page:
        if not webgl:
            page.add_init_script(NO_WEBGL)
        page.goto(path.as_uri())
        state(page, "drawn", "webgl" if webgl else "canvas")
        yield page


def state(page, name, value):
    """Wait until the views say that they stand so."""
    page.locator(f".linked[data-{name}={value!r}]").wait_for()


def place(page, pane, row):
    """Where a class of the grid is on the screen."""
    box = page.locator(f'[data-key="{pane}"] .marks').bounding_box()
    x, y = PLACES[row]
    if pane == "b":
        x = ACROSS - 1 - x
    scale = min(box["width"], box["height"]) / 2.2 / ((ACROSS - 1) / 2)
    return (
        box["x"] + box["width"] / 2 + scale * (x - (ACROSS - 1) / 2),
        box["y"] + box["height"] / 2 - scale * (y - (UP - 1) / 2),
    )


def drag(page, *points):
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def around(page, pane, first, last, away=12):
    """Corners of a box around two classes of the grid."""
    (x, y), (u, v) = place(page, pane, first), place(page, pane, last)
    left, right, top, bottom = min(x, u) - away, max(x, u) + away, min(y, v) - away, max(y, v) + away
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def colour_at(page, pane, row):
    """How far the page's colour is from white where a class stands."""
    x, y = place(page, pane, row)
    shot = Image.open(io.BytesIO(page.screenshot(clip={"x": x - 1, "y": y - 1, "width": 3, "height": 3})))
    return 255 - np.asarray(shot.convert("RGB"))[1, 1].astype(int).min()


def test_a_box_in_one_pane_marks_the_same_classes_in_all_and_is_reported(page):
    page.get_by_role("button", name="Box").click()
    left_top, _, right_bottom, _ = around(page, "b", 6, 12)
    drag(page, left_top, right_bottom)
    state(page, "selected", "6,7,11,12")
    page.get_by_text("kept [6, 7, 11, 12] None").wait_for()
    page.mouse.move(0, 0)
    for pane in "ab":
        assert colour_at(page, pane, 6) > 2 * colour_at(page, pane, 0) > 0, "the others fade"
    left_top, _, right_bottom, _ = around(page, "a", 0, 0)
    page.keyboard.down("Shift")
    drag(page, left_top, right_bottom)
    page.keyboard.up("Shift")
    page.get_by_text("kept [0, 6, 7, 11, 12] None").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("kept [] None").wait_for()


def test_a_lasso_selects_what_it_goes_around(page):
    page.get_by_role("button", name="Lasso").click()
    (x, y), (u, v), (p, q) = place(page, "a", 0), place(page, "a", 4), place(page, "a", 15)
    drag(page, (x - 12, y + 12), (u + 25, v + 12), (p - 12, q - 25))  # the lower left triangle
    state(page, "selected", "0,1,2,3,4,5,6,7,10,11,15")
    page.get_by_text("kept [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 15] None").wait_for()


def test_a_click_focuses_and_what_the_page_selects_wins(page):
    page.mouse.click(*place(page, "a", 13))
    page.get_by_text("kept [13] 13").wait_for()
    page.keyboard.down("Shift")
    page.mouse.click(*place(page, "b", 2))
    page.keyboard.up("Shift")
    page.get_by_text("kept [2, 13] 2").wait_for()
    page.get_by_role("button", name="Search").click()
    state(page, "selected", "7,8")
    state(page, "focused", "8")
    page.get_by_text("Numbers").click()  # another scene, the same selection and tools
    page.locator(".scale").wait_for()
    state(page, "selected", "7,8")
    page.get_by_text("Numbers").click()
    page.get_by_role("button", name="line 2 5").click()
    page.get_by_text("kept [10, 11, 12, 13, 14] 8").wait_for()
    page.get_by_role("button", name="Search").click()  # the same search once more
    state(page, "selected", "7,8")


def test_a_class_pointed_at_has_a_card(page):
    page.mouse.move(*place(page, "a", 7))
    page.locator(".card", has_text="class 07").wait_for()
    page.mouse.move(
        *place(
            page,
            "a",
            7,
        )
    )
    x, y = place(page, "a", 7)
    page.mouse.move(x + 30, y + 30)
    page.locator(".card").wait_for(state="hidden")


def test_zoom_moves_both_panes_and_double_click_brings_all_back(page):
    page.mouse.move(*place(page, "a", 0))
    before = colour_at(page, "b", 19)
    for _ in range(6):
        page.mouse.wheel(0, -60)
    page.wait_for_timeout(200)
    assert colour_at(page, "b", 19) < before / 2, "the class has left its place"
    x, y = place(page, "a", 12)
    page.mouse.dblclick(x + 5, y + 25)
    page.mouse.move(0, 0)
    page.wait_for_timeout(200)
    assert colour_at(page, "b", 19) == before


@pytest.mark.parametrize("webgl", [True, False])
def test_the_exported_file_morphs_and_lists_what_is_selected(chromium, tmp_path, webgl):
    with opened(chromium, tmp_path, scene(selected=[0, 9], details={"Rank": range(20)}), webgl) as page:
        assert page.locator("#selected tbody tr").all_inner_texts() == ["class 00\tline 0\t0", "class 09\tline 1\t9"]
        assert colour_at(page, "b", 0) > 100
        page.get_by_role("button", name="Over one another").click()
        plot = page.locator('[data-key=""] .plot')
        start = plot.screenshot()
        page.get_by_label("From space A to space B").fill("0.5")
        state(page, "morph", "0.500")
        halfway = plot.screenshot()
        assert start != halfway
        page.get_by_role("button", name="Play").click()
        state(page, "morph", "1.000")
        assert plot.screenshot() not in (start, halfway)
        page.get_by_role("button", name="Side by side").click()
        page.mouse.click(*place(page, "b", 3))
        state(page, "selected", "3")
        assert page.locator("#selected tbody tr").all_inner_texts() == ["class 03\tline 0\t3"]


def test_three_dimensions_turn_by_dragging(chromium, tmp_path):
    deep = np.c_[PLACES, np.arange(20) % 3]
    with opened(chromium, tmp_path, scene(positions={"a": deep, "b": deep})) as page:
        plot = page.locator('[data-key="b"] .plot')
        before = plot.screenshot()
        x, y = place(page, "a", 7)
        drag(page, (x + 20, y + 20), (x + 90, y + 50))
        page.mouse.move(0, 0)
        page.wait_for_timeout(200)
        assert plot.screenshot() != before, "panes of one frame turn together"
        state(page, "selected", "")


def test_text_of_users_does_nothing_in_the_exported_file(chromium, tmp_path):
    shown = replace(
        scene(selected=[0]),
        names=[HOSTILE] * 20,
        groups=[HOSTILE] * 20,
        colour=linked.Colour(HOSTILE, [HOSTILE] * 20),
        details={HOSTILE: [HOSTILE] * 20},
        panes=[linked.Pane("a", HOSTILE, HOSTILE, "one"), linked.Pane("b", HOSTILE, "", "one")],
        pins=[linked.Pin(HOSTILE, 1, {"a": (2, 1.5), "b": (2, 1.5)}, [HOSTILE])],
    )
    with opened(chromium, tmp_path, shown) as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        box = page.locator('[data-key="a"] .marks').bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.locator(".card", has_text=re.compile("Nearest")).wait_for()
        page.mouse.move(*place(page, "a", 4))
        page.locator(".card", has_text=HOSTILE).wait_for()
        assert page.locator("img").count() == 0
