"""A bare matrix with classes of one's own in a real browser: what is laid out without pictures."""

import re
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.visits import boxes, settle, wait_until

PHONE = {"width": 390, "height": 900}
NAMES = ("lemon", "a bicycle with three wheels", "castle", "goose", "violin")


@pytest.fixture
def address_of(tmp_path):
    """Address of a page with a matrix of five classes, of which two have groups that differ in case."""
    groups = ("iPod", "ipod", "fruit bowl", "مجموعة", "fruit bowl")
    rows = [f"{name},{group}" for name, group in zip(NAMES, groups, strict=True)]
    (tmp_path / "own.csv").write_text("\n".join(["name,group", *rows]) + "\n", encoding="utf-8")
    np.save(tmp_path / "own.npy", np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32))
    files = {"generator": str(tmp_path / "own.npy"), "class_file": str(tmp_path / "own.csv")}
    return lambda page, **link: f"/{page}?{urlencode({'pair': 'Own models', 'encoder': 'minilm'} | files | link)}"


def test_bars_of_the_nearest_classes_begin_and_end_alike(page, address_of):
    for link in ({"tab": "Picture"}, {"tab": "Steer"}):
        page.goto(address_of("generate", **link))
        bars = page.locator(".nearest .bar")
        expect(bars).to_have_count(len(NAMES))
        wait_until(
            lambda bars=bars: len({(round(box["left"]), round(box["right"])) for box in boxes(bars)}) == 1,
            f"they do in {link}",
        )


def test_bars_are_as_wide_as_a_narrow_list(page, address_of):
    page.set_viewport_size({"width": 834, "height": 900})
    page.goto(address_of("generate", tab="Steer"))
    bars = page.locator(".nearest .bar")
    expect(bars).to_have_count(len(NAMES))
    page.add_style_tag(content="html { font-size: 24px !important; }")  # a list of fewer letters' width

    def are_wide():
        (whole,) = boxes(page.locator(".nearest"))
        return all(box["width"] > 0.9 * whole["width"] for box in boxes(bars))

    wait_until(are_wide, "each is about as wide as the list")


def test_the_nearest_classes_are_above_the_sliders_that_move_them_on_a_phone(page, address_of):
    page.set_viewport_size(PHONE)
    page.goto(address_of("generate", tab="Steer"))
    nearest, sliders = page.locator(".nearest"), page.get_by_role("slider", name=re.compile("↔"))
    sliders.first.wait_for()
    wait_until(lambda: boxes(nearest)[0]["bottom"] < boxes(sliders)[0]["top"], "they are above")


@pytest.mark.parametrize("name", ["generate", "interpolation"])
def test_places_of_controls_that_are_left_out_take_no_room_on_a_phone(page, address_of, name):
    page.set_viewport_size(PHONE)
    page.goto(address_of(name))
    page.get_by_role("slider", name=re.compile("Snap")).wait_for()
    settle(page)
    columns = page.locator("[data-testid=stColumn]")
    sliders = columns.filter(has=page.locator("[data-testid=stSlider]"))
    wait_until(lambda: all(box["height"] > 0 for box in boxes(sliders)), "sliders are seen")
    empty = columns.filter(has_text=re.compile("^$"))
    wait_until(lambda: not any(box["width"] for box in boxes(empty)), "nothing else takes room")


def test_groups_on_the_wall_are_titled_as_they_are_written(page, address_of):
    page.goto(address_of("classes"))
    titles = page.locator(".wall h2")
    expect(titles).to_have_count(4)
    expect(titles).to_have_text(["fruit bowl 2", "iPod 1", "ipod 1", "مجموعة 1"], use_inner_text=True)

    def left(of: str) -> float:
        return titles.last.evaluate(
            "(one, what) => { const range = document.createRange(); range.selectNodeContents(one[what]);"
            "return range.getBoundingClientRect().left; }",
            of,
        )

    wait_until(lambda: left("firstChild") < left("lastChild"), "the count is behind the title")


@pytest.mark.parametrize(("name", "titles"), [("classes", ".wall h2"), ("latent-spaces", ".legend button")])
def test_a_group_of_one_long_word_is_on_the_page_on_a_phone(page, tmp_path, address_of, name, titles):
    word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
    listed = (tmp_path / "own.csv").read_text(encoding="utf-8")
    (tmp_path / "own.csv").write_text(listed.replace("fruit bowl", word), encoding="utf-8")
    page.set_viewport_size(PHONE)
    page.goto(address_of(name))
    title = page.locator(titles, has_text=word)
    title.wait_for()
    settle(page)
    wait_until(
        lambda: (
            title.evaluate(
                "one => { const range = document.createRange(); range.selectNodeContents(one);"
                "return range.getBoundingClientRect().right; }"
            )
            <= PHONE["width"]
        ),
        "the whole word is on the page",
    )
