"""The linked scatter as the file that is exported, opened in a real browser."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from dashboard.components import linked_scatter
from tests.browser.linked_scatter_app import POSITIONS, make_scene
from tests.browser.scatter_actions import colour_depth, drag, exported_page, position, wait_for_state
from tests.browser.visits import boxes, wait_until

FACTS = {f"A figure of some length, {number}": range(20) for number in range(4)}
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.mark.parametrize("webgl", [True, False])
def test_the_exported_file_morphs_and_lists_what_is_selected(chromium, tmp_path, webgl):
    with exported_page(chromium, tmp_path, make_scene(selected=[0, 9], details={"Rank": range(20)}), webgl) as page:
        listed = page.locator("#selected tbody tr")
        expect(listed).to_have_text(["class 00line 00", "class 09line 19"])
        wait_until(lambda: colour_depth(page, "b", 0) > 100, "the selected point is seen")
        page.get_by_role("button", name="Overlaid (morph)").click()
        plot = page.locator('[data-key=""] .plot')
        start = plot.screenshot()
        page.get_by_label("From space A to space B").fill("0.5")
        wait_for_state(page, "morph", "0.500")
        wait_until(lambda: plot.screenshot() != start, "points have moved")
        halfway = plot.screenshot()
        page.get_by_role("button", name="Play").click()
        wait_for_state(page, "morph", "1.000")
        wait_until(lambda: plot.screenshot() not in (start, halfway), "points have moved on")
        page.get_by_role("button", name="Side by side").click()
        page.mouse.click(*position(page, "b", 3))
        wait_for_state(page, "selected", "3")
        expect(listed).to_have_text(["class 03line 03"])


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
            wait_until(lambda: plot.screenshot() != pictures[-1], f"{part} are shown or hidden")
            pictures.append(plot.screenshot())
        assert len(set(pictures)) == 4
        x, y = position(page, "b", 7)
        page.mouse.move(x + 11, y + 11)  # a corner of the picture, far from the point
        page.locator(".tooltip", has_text="class 07").wait_for()


def test_controls_are_large_enough_and_grow_with_the_page(chromium, tmp_path):
    with exported_page(chromium, tmp_path, make_scene()) as page:
        buttons = page.locator(".linked-scatter button:visible")
        wait_until(lambda: min(box["height"] for box in boxes(buttons)) >= 24, "buttons are large enough")
        size = "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
        texts = page.locator(".linked-scatter :is(button, .count, figcaption *, .legend *)")
        before = texts.evaluate_all(size)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wait_until(lambda: texts.evaluate_all(size) == [2 * one for one in before], "all text is twice as large")


@pytest.mark.parametrize("arrangement", ["Side by side", "Overlaid (morph)"])
def test_all_controls_fit_a_narrow_window(chromium, tmp_path, arrangement):
    panes = [linked_scatter.Pane("a", "A space with a long title"), linked_scatter.Pane("b", "Another long title")]
    with exported_page(chromium, tmp_path, make_scene(panes=panes, selected=[0], details=FACTS)) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        page.get_by_role("button", name=arrangement).click()
        wait_until(lambda: page.evaluate("document.documentElement.scrollWidth") == 390, "nothing is wider")


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
