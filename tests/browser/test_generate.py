"""The tabs of Generate in a real browser: compare, many, gallery."""

import io
import itertools
import zipfile
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from dashboard.views.generate.gallery_file import read_archive
from tests.browser.visits import boxes, settle, wait_until

PICTURES = ".pictures img"
SPILT = "texts => texts.filter(text => text.scrollWidth > text.clientWidth + 1).length"


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def test_mappings_stand_side_by_side(page):
    page.goto("/generate?prompt=A+lemon+on+the+table")
    page.locator(PICTURES).first.wait_for()
    open_tab(page, "Compare")
    page.locator(".cards .card").nth(2).wait_for()
    expect(page.locator(".cards .gauge")).to_have_count(6)
    seen = "images => images.filter(i => i.naturalWidth * i.clientWidth).length"
    wait_until(lambda: page.eval_on_selector_all(".cards img", seen) == 6, "six pictures are seen")
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query)["tab"] == ["Compare"])


def test_pictures_to_choose_from_stand_in_twos_in_a_narrow_window(page):
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("/generate?tab=Steer")
    page.locator(".st-key-choose_8").wait_for()
    settle(page)

    def in_twos():
        first, second, third = boxes(page.locator(".st-key-choose_1, .st-key-choose_2, .st-key-choose_3"))
        return first["y"] == second["y"] < third["y"] and first["right"] < second["left"]

    wait_until(in_twos, "two in a row")
    wait_until(
        lambda: boxes(page.locator(".st-key-negative"))[0]["width"] > 300, "what holds them is no pair of columns"
    )


def test_the_steered_picture_stays_above_its_sliders_in_a_narrow_window(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/generate?tab=Steer")
    page.locator(".st-key-steered img").first.wait_for()
    settle(page)

    def stands_above(sliders):
        one, picture = boxes(page.locator(f"{sliders}, .st-key-steered"))
        return picture["bottom"] <= one["top"]

    wait_until(lambda: stands_above(".st-key-start"), "the picture stands above")
    slider = page.locator(".st-key-direction_6")
    slider.evaluate("slider => slider.scrollIntoView({block: 'end'})")
    expect(page.locator(".st-key-steered img").first).to_be_in_viewport(ratio=1)
    wait_until(lambda: stands_above(".st-key-direction_6"), "it stays above")


@pytest.mark.parametrize("width", [844, 390])
def test_every_tab_and_all_of_the_dice_is_in_sight_in_a_narrow_window(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/generate?tab=Gallery")
    expect(page.get_by_role("tab")).to_have_count(7)
    settle(page)
    tabs, dice = page.get_by_role("tab"), page.locator(".st-key-dice button .stMarkdownEllipsis")
    wait_until(lambda: all(tab["left"] >= 0 and tab["right"] <= width for tab in boxes(tabs)), "every tab is in sight")
    whole = "all => all.every(one => one.scrollWidth <= one.clientWidth + 1)"
    wait_until(lambda: dice.evaluate_all(whole), "nothing of the dice is cut")


def test_a_list_is_drawn_and_its_files_open(page):
    page.goto("/generate?tab=List")
    page.get_by_label("Prompts, one per line").fill("a lemon\na dog")
    page.get_by_label("Prompts, one per line").press("Control+Enter")
    page.wait_for_url("**/generate?list=a+lemon%0Aa+dog&tab=List")
    page.get_by_role("button", name="Draw 2 prompts").click()
    page.get_by_role("button", name="ZIP of all pictures").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="ZIP of all pictures").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert {"001_a_lemon.png", "002_a_dog.png", "prompts.csv"} <= set(archive.namelist())
        lemon = np.asarray(Image.open(io.BytesIO(archive.read("001_a_lemon.png"))))
    assert lemon.std() > 10, "a blank picture"
    page.wait_for_url("**drawn_list=**")
    page.reload()  # the list is taken up again, and is drawn already
    page.get_by_role("button", name="ZIP of all pictures").wait_for()


def test_a_kept_picture_stays_and_its_link_draws_it_again(page):
    page.goto("/generate?prompt=A+lemon+on+the+table&noise=5&count=1")
    page.locator(PICTURES).first.wait_for()
    drawn = page.locator(PICTURES).first.get_attribute("src")
    styled = "document.querySelector('.pictures').computedStyleMap().get('display').toString()"
    wait_until(lambda: page.evaluate(styled) == "grid", "the page has its stylesheet")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Added to the gallery").wait_for()
    wait_until(lambda: page.evaluate(styled) == "grid", "the page has it still")
    open_tab(page, "Gallery")
    page.get_by_label("Name").wait_for()
    expect(page.get_by_label("Name")).to_have_value("A lemon on the table")
    expect(page.locator(PICTURES).first).to_have_attribute("src", drawn)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save all").click()
    ((item, name),) = read_archive(saved.value.path().read_bytes())
    assert name == item.settings["prompt"] == "A lemon on the table" and "noise=5" in item.link
    page.get_by_text("Side by side", exact=True).click()
    page.locator(".cards .card").wait_for()
    link = page.locator("[data-testid=stLinkButton] a").first.get_attribute("href")
    page.goto("/generate" + link[link.index("?") :])
    page.locator(PICTURES).first.wait_for()
    expect(page.locator(PICTURES).first).to_have_attribute("src", drawn)


@pytest.mark.parametrize("shown", ["/generate", "/interpolation?steps=2&edge=2"])
def test_no_level_of_headings_is_left_out(page, shown):
    page.goto(shown)
    page.locator("h2").first.wait_for()
    settle(page)
    levels = page.locator("h1, h2, h3, h4, h5").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert levels[0] == 1 and all(after - before <= 1 for before, after in itertools.pairwise(levels))
    expect(page.locator(".stMarkdown h2")).not_to_have_count(0)
    for heading in page.locator(".stMarkdown h2").all():  # quiet lines above lists, once the page has its style
        expect(heading).to_have_css("font-size", "14.4px")


def test_a_very_long_word_that_is_not_read_stays_in_its_card(page):
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"/generate?tab=Compare&prompt=a+cat+{'sunflowerhouse' * 8}")
    reasons = page.locator(".cards .reason")
    expect(reasons).to_have_count(3)
    settle(page)
    wait_until(lambda: not reasons.evaluate_all(SPILT), "no line is longer than its card")
