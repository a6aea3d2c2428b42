"""The linked scatter in a real browser: on a page, and as the file that is exported."""

import base64
import io
import re
import time
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from dashboard.components import linked_scatter
from tests.browser.linked_scatter_app import COLUMNS, POSITIONS, ROWS, make_scene
from tests.browser.visits import boxes, served, touch, visitor

HOSTILE = "</script><img src=x onerror=alert(1)>"
NO_WEBGL = """HTMLCanvasElement.prototype.getContext = (get => function (kind, ...rest) {
    return kind === "webgl2" ? null : get.call(this, kind, ...rest);
})(HTMLCanvasElement.prototype.getContext)"""
HOLDS_POINTS = """points => {
    const copy = new OffscreenCanvas(points.width, points.height).getContext("2d");
    copy.drawImage(points, 0, 0);
    const { data } = copy.getImageData(0, 0, points.width, points.height);
    return data.some((value, i) => value !== data[i % 4]);
}"""  # a colour other than the first pixel's


@pytest.fixture(scope="module")
def demo(chromium):
    with served("streamlit", "run", "tests/browser/linked_scatter_app.py") as address:
        yield address


@pytest.fixture
def page(chromium, demo):
    with visitor(chromium, demo) as page:
        page.goto("/")
        wait_for_state(page, "renderer", "webgl")
        yield page


@contextmanager
def exported_page(chromium, path, scene, webgl=True):
    """The exported page of a scene, opened as a file."""
    path = path / "page.html"
    path.write_text(linked_scatter.to_html(scene, "A page", "PCA"), encoding="utf-8")
    with visitor(chromium, path.as_uri()) as page:
        page.add_init_script("" if webgl else NO_WEBGL)
        page.goto(path.as_uri())
        wait_for_state(page, "renderer", "webgl" if webgl else "canvas")
        yield page


def wait_for_state(page, name, value):
    """Wait until the scatter says in a data attribute that it is in this state."""
    page.locator(f".linked-scatter[data-{name}={value!r}]").wait_for()


def position(page, pane, row):
    """Where a class of the grid is on the screen."""
    box = page.locator(f'[data-key="{pane}"] .overlay').bounding_box()
    x, y = POSITIONS[row]
    if pane == "b":
        x = COLUMNS - 1 - x
    scale = min(box["width"], box["height"]) / 2.2 / ((COLUMNS - 1) / 2)
    return (
        box["x"] + box["width"] / 2 + scale * (x - (COLUMNS - 1) / 2),
        box["y"] + box["height"] / 2 - scale * (y - (ROWS - 1) / 2),
    )


def wait_until(condition, what, seconds=10):
    """Wait for what no element of the page tells."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"still not so: {what}"
        time.sleep(0.05)


def drag(page, *points):
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def box_around(page, pane, first, last, margin=12):
    """Corners of a box around two classes of the grid."""
    (x, y), (u, v) = position(page, pane, first), position(page, pane, last)
    left, right, top, bottom = min(x, u) - margin, max(x, u) + margin, min(y, v) - margin, max(y, v) + margin
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def colour_depth(page, pane, row):
    """How far the colour of the page is from white at a class's position."""
    x, y = position(page, pane, row)
    shot = Image.open(io.BytesIO(page.screenshot(clip={"x": x - 1, "y": y - 1, "width": 3, "height": 3})))
    return 255 - np.asarray(shot.convert("RGB"))[1, 1].astype(int).min()


def test_what_is_shown_stays_in_the_address(page):
    page.locator('[data-key="a"] .overlay').hover()
    page.mouse.wheel(0, -300)
    page.get_by_role("button", name="Overlaid (morph)").click()
    page.get_by_label("From space A to space B").fill("0.25")
    page.wait_for_url(re.compile(r"\?camera=a_.*&morph=a_b_0\.25$"))
    address = page.url
    page.reload()
    wait_for_state(page, "morph", "0.250")
    wait_for_state(page, "arrangement", "morph")
    page.get_by_role("button", name="Side by side").click()  # writes the cameras that are shown now
    page.wait_for_url(address.partition("&morph")[0])


def test_a_box_in_one_pane_marks_the_same_classes_in_all_and_is_reported(page):
    page.get_by_role("button", name="Names").click()  # they would cover points
    page.get_by_role("button", name="Box").click()
    left_top, _, right_bottom, _ = box_around(page, "b", 6, 12)
    drag(page, left_top, right_bottom)
    wait_for_state(page, "selected", "6,7,11,12")
    page.get_by_text("kept [6, 7, 11, 12] None").wait_for()
    page.mouse.move(0, 0)
    for pane in "ab":
        assert colour_depth(page, pane, 6) > 2 * colour_depth(page, pane, 0) > 0, "the others fade"
    left_top, _, right_bottom, _ = box_around(page, "a", 0, 0)
    page.keyboard.down("Shift")
    drag(page, left_top, right_bottom)
    page.keyboard.up("Shift")
    page.get_by_text("kept [0, 6, 7, 11, 12] None").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("kept [] None").wait_for()


def test_a_lasso_selects_what_it_goes_around(page):
    page.get_by_role("button", name="Lasso").click()
    (x, y), (u, v), (p, q) = position(page, "a", 0), position(page, "a", 4), position(page, "a", 15)
    drag(page, (x - 12, y + 12), (u + 25, v + 12), (p - 12, q - 25))  # the lower left triangle
    wait_for_state(page, "selected", "0,1,2,3,4,5,6,7,10,11,15")
    page.get_by_text("kept [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 15] None").wait_for()


def test_a_click_focuses_and_what_the_page_selects_wins(page):
    page.mouse.click(*position(page, "a", 13))
    page.get_by_text("kept [13] 13").wait_for()
    page.keyboard.down("Shift")
    page.mouse.click(*position(page, "b", 2))
    page.keyboard.up("Shift")
    page.get_by_text("kept [2, 13] 2").wait_for()
    page.get_by_role("button", name="Search").click()
    wait_for_state(page, "selected", "7,8")
    wait_for_state(page, "focused", "8")
    page.get_by_text("Numbers").click()  # another scene, the same selection and tools
    page.locator(".colour-scale").wait_for()
    wait_for_state(page, "selected", "7,8")
    page.get_by_text("Numbers").click()
    page.get_by_role("button", name="line 2 5").click()
    page.get_by_text("kept [10, 11, 12, 13, 14] 8").wait_for()
    page.get_by_role("button", name="Search").click()  # the same search once more
    wait_for_state(page, "selected", "7,8")


def test_a_hovered_class_has_a_tooltip(page):
    page.mouse.move(*position(page, "a", 7))
    page.locator(".tooltip", has_text="class 07").wait_for()
    x, y = position(page, "a", 7)
    page.mouse.move(x + 30, y + 30)
    page.locator(".tooltip").wait_for(state="hidden")


def test_points_are_still_there_when_the_page_is_printed(page):
    assert page.locator('[data-key="a"] .points').evaluate(HOLDS_POINTS)


def test_signs_and_pressed_buttons_are_seen_where_colours_are_forced(page):
    page.emulate_media(forced_colors="active")
    background = "all => new Set(all.map(one => getComputedStyle(one).backgroundColor)).size"
    assert page.locator(".legend .dot:not(.ring)").evaluate_all(background) > 1
    assert page.locator(".button-group button").evaluate_all(background) == 2, "pressed, not pressed"


def test_zoom_moves_both_panes_and_double_click_resets_them(page):
    page.mouse.move(*position(page, "a", 0))
    before = colour_depth(page, "b", 19)
    for _ in range(6):
        page.mouse.wheel(0, -60)
    wait_until(lambda: colour_depth(page, "b", 19) < before / 2, "the class moves out of its position")
    x, y = position(page, "a", 12)
    page.mouse.dblclick(x + 5, y + 25)
    page.mouse.move(0, 0)
    wait_until(lambda: colour_depth(page, "b", 19) == before, "the class is back")


def test_a_pinch_on_a_trackpad_zooms(page):
    x, y = position(page, "a", 12)
    page.mouse.move(x, y)
    page.keyboard.down("Control")  # so Chromium and Firefox send it
    for _ in range(6):
        page.mouse.wheel(0, -7)
    page.keyboard.up("Control")
    page.wait_for_url(re.compile(r"\?camera=a_2\.0"))  # exp(6 * 7 * 4 / 240)


def test_a_pinch_on_a_trackpad_zooms_in_safari(page):
    x, y = position(page, "a", 12)
    stayed = page.locator('[data-key="a"] .overlay').evaluate(
        """(overlay, [clientX, clientY]) => [["start", 1], ["change", 1.5], ["change", 3]].map(([kind, scale]) => {
            const event = new Event(`gesture${kind}`, { cancelable: true });
            return overlay.dispatchEvent(Object.assign(event, { scale, clientX, clientY }));
        })""",
        [x, y],
    )
    page.wait_for_url(re.compile(r"\?camera=a_3_"))
    assert stayed == [False] * 3, "the page does not zoom"


@pytest.fixture
def phone(chromium, demo):
    """The page on a telephone."""
    context = chromium.new_context(viewport={"width": 390, "height": 400}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(demo)
    wait_for_state(page, "renderer", "webgl")
    yield page
    context.close()


def fingers_on(page):
    """Where the first map, brought into sight, has room for fingers around."""
    overlay = page.locator('[data-key="a"] .overlay')
    overlay.scroll_into_view_if_needed()
    box = overlay.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + 90


def test_two_fingers_zoom_and_one_scrolls_the_page(phone):
    x, y = fingers_on(phone)
    touch(phone, [(x, y)], [(x, y), (x, y + 30)], [(x, y - 30), (x, y + 60)])
    phone.wait_for_url(re.compile(r"\?camera=a_3_"))  # three times as far apart
    wait_for_state(phone, "selected", "")
    touch(phone, [(x, y + 60)], [(x, y + 20)], [(x, y - 50)])
    overlay = phone.locator('[data-key="a"] .overlay')
    wait_until(lambda: overlay.bounding_box()["y"] < y - 110, "the page is scrolled")


def test_two_fingers_zoom_from_where_they_are_and_three_do_nothing(phone):
    x, y = fingers_on(phone)
    touch(phone, *([(x - 60, y), (x - 30, y), (x, y - 30)][:count] for count in (1, 2, 3)), [(x - 20, y)] * 3)
    phone.wait_for_timeout(1000)  # the address follows the camera a little later
    assert "camera" not in phone.url
    phone.get_by_role("button", name="Lasso").first.tap()
    x, y = fingers_on(phone)
    touch(phone, [(x - 60, y)], [(x - 20, y)], [(x + 30, y)], [(x + 30, y), (x + 70, y)], [(x, y), (x + 80, y)])
    phone.wait_for_url(re.compile(r"\?camera=a_2_"))
    wait_for_state(phone, "selected", "")


@pytest.mark.parametrize("webgl", [True, False])
def test_the_exported_file_morphs_and_lists_what_is_selected(chromium, tmp_path, webgl):
    with exported_page(chromium, tmp_path, make_scene(selected=[0, 9], details={"Rank": range(20)}), webgl) as page:
        assert page.locator("#selected tbody tr").all_inner_texts() == ["class 00\tline 0\t0", "class 09\tline 1\t9"]
        assert colour_depth(page, "b", 0) > 100
        page.get_by_role("button", name="Overlaid (morph)").click()
        plot = page.locator('[data-key=""] .plot')
        start = plot.screenshot()
        page.get_by_label("From space A to space B").fill("0.5")
        wait_for_state(page, "morph", "0.500")
        halfway = plot.screenshot()
        assert start != halfway
        page.get_by_role("button", name="Play").click()
        wait_for_state(page, "morph", "1.000")
        assert plot.screenshot() not in (start, halfway)
        page.get_by_role("button", name="Side by side").click()
        page.mouse.click(*position(page, "b", 3))
        wait_for_state(page, "selected", "3")
        assert page.locator("#selected tbody tr").all_inner_texts() == ["class 03\tline 0\t3"]


def test_names_contours_and_pictures_are_shown_by_choice(chromium, tmp_path):
    sheet = io.BytesIO()
    Image.new("RGB", (5 * 8, 4 * 8), (250, 0, 0)).save(sheet, "PNG")
    uri = "data:image/png;base64," + base64.b64encode(sheet.getvalue()).decode()
    around = np.array([(-1, -1), (5, -1), (5, 4), (-1, 4), (-1, -1)])
    scene = make_scene(thumbnails=linked_scatter.Thumbnails(uri, 5, 8), contours={"a": {0.5: [around]}})
    with exported_page(chromium, tmp_path, scene) as page:
        plot = page.locator('[data-key="a"] .plot')
        pictures = [plot.screenshot()]
        for shown, part in (("", "Names"), ("contours", "Contours"), ("contours,pictures", "Pictures")):
            page.get_by_role("button", name=part, exact=True).click()
            wait_for_state(page, "shown", shown)
            page.locator(f'[data-key="a"][data-pictures="{20 if part == "Pictures" else 0}"]').wait_for()
            pictures.append(plot.screenshot())
        assert len(set(pictures)) == 4
        x, y = position(page, "b", 7)
        page.mouse.move(x + 11, y + 11)  # a corner of the picture, far from the point
        page.locator(".tooltip", has_text="class 07").wait_for()


def test_the_keyboard_selects_and_clears_and_keeps_its_place(page):
    clear = page.get_by_role("button", name="Clear")
    page.get_by_role("button", name="line 1").press("Enter")
    wait_for_state(page, "selected", "5,6,7,8,9")
    clear.press("Enter")
    wait_for_state(page, "selected", "")
    expect(clear).to_be_disabled()
    expect(clear).to_be_focused()
    for pane in "ab":
        expect(page.locator(f'[data-key="{pane}"] .overlay')).to_have_accessible_description(re.compile("Arrow keys"))
    press = (
        "(map, keys) => !map.dispatchEvent(new KeyboardEvent('keydown', {...keys, key: 'ArrowUp', cancelable: true}))"
    )
    keys = ("shiftKey", "altKey", "ctrlKey", "metaKey")
    taken = [page.locator(".overlay").first.evaluate(press, {key: True}) for key in keys]
    assert taken == [True, False, False, False], "the browser's keys are left to it"


def test_controls_are_large_enough_and_grow_with_the_page(chromium, tmp_path):
    with exported_page(chromium, tmp_path, make_scene()) as page:
        buttons = page.locator(".linked-scatter button:visible")
        assert min(box["height"] for box in boxes(buttons)) >= 24
        size = "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
        texts = page.locator(".linked-scatter :is(button, .count, figcaption *, .legend *)")
        before = texts.evaluate_all(size)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert texts.evaluate_all(size) == [2 * one for one in before]


@pytest.mark.parametrize("arrangement", ["Side by side", "Overlaid (morph)"])
def test_all_controls_fit_a_narrow_window(chromium, tmp_path, arrangement):
    panes = [linked_scatter.Pane("a", "A space with a long title"), linked_scatter.Pane("b", "Another long title")]
    with exported_page(chromium, tmp_path, make_scene(panes=panes)) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        page.get_by_role("button", name=arrangement).click()
        assert page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_three_dimensions_turn_by_dragging(chromium, tmp_path):
    deep = np.c_[POSITIONS, np.arange(20) % 3]
    with exported_page(chromium, tmp_path, make_scene(positions={"a": deep, "b": deep})) as page:
        plot = page.locator('[data-key="b"] .plot')
        before = plot.screenshot()
        x, y = position(page, "a", 7)
        drag(page, (x + 20, y + 20), (x + 90, y + 50))
        page.mouse.move(0, 0)
        wait_until(lambda: plot.screenshot() != before, "panes of one frame turn together")
        wait_for_state(page, "selected", "")
        before = plot.screenshot()
        page.keyboard.press("Shift+ArrowRight")
        wait_until(lambda: plot.screenshot() != before, "they turn by keys")


def test_text_of_users_does_nothing_in_the_exported_file(chromium, tmp_path):
    scene = replace(
        make_scene(selected=[0]),
        names=[HOSTILE] * 20,
        groups=[HOSTILE] * 20,
        colour=linked_scatter.Colour(HOSTILE, [HOSTILE] * 20),
        details={HOSTILE: [HOSTILE] * 20},
        panes=[linked_scatter.Pane("a", HOSTILE, HOSTILE, "one"), linked_scatter.Pane("b", HOSTILE, "", "one")],
        pins=[linked_scatter.Pin(HOSTILE, 1, {"a": (2, 1.5), "b": (2, 1.5)}, [HOSTILE])],
    )
    with exported_page(chromium, tmp_path, scene) as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        box = page.locator('[data-key="a"] .overlay').bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.locator(".tooltip", has_text=re.compile("Nearest")).wait_for()
        page.mouse.move(*position(page, "a", 4))
        page.locator(".tooltip", has_text=HOSTILE).wait_for()
        assert page.locator("img").count() == 0
