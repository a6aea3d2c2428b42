"""The linked scatter on a page, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.scatter_actions import box_around, colour_depth, drag, position, wait_for_state
from tests.browser.visits import served, touch, visitor, wait_until

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
        wait_until(lambda: colour_depth(page, pane, 6) > 2 * colour_depth(page, pane, 0) > 0, "the others fade")  # noqa: B023
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
    points = page.locator('[data-key="a"] .points')
    wait_until(lambda: points.evaluate(HOLDS_POINTS), "there are points")


def test_signs_and_pressed_buttons_are_seen_where_colours_are_forced(page):
    page.emulate_media(forced_colors="active")
    colours = "all => new Set(all.map(one => getComputedStyle(one).backgroundColor)).size"
    signs, buttons = page.locator(".legend .dot:not(.ring)"), page.locator(".button-group button")
    wait_until(lambda: signs.evaluate_all(colours) > 1, "signs differ")
    wait_until(lambda: buttons.evaluate_all(colours) == 2, "pressed and not pressed differ")


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
