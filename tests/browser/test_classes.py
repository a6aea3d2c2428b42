"""The wall of classes in a real browser."""

import re

from playwright.sync_api import expect

from tests.browser.visits import boxes, settle, wait_until

READY = 600_000  # the spaces are drawn once, which compiles numba's part of UMAP


def test_a_class_is_searched_and_opened(page, study):
    page.goto("/classes")
    tiles = page.locator(".wall .tile")
    tiles.first.wait_for()
    expect(tiles).to_have_count(len(study.classes))
    page.get_by_role("searchbox", name="Search").fill("lemon")
    expect(tiles).to_have_count(1)
    page.wait_for_url("**search=lemon**")
    picture = page.locator(".wall .picture").first
    wait_until(lambda: boxes(picture)[0]["width"] > 60, "its picture is large")
    expect(picture).to_have_css("background-image", re.compile("data:image"))
    assert not picture.evaluate("e => e.style.backgroundImage")  # not as many times as there are tiles
    page.get_by_role("link", name="lemon", exact=True).click()
    expect(page.get_by_label("Sentence", exact=True)).to_have_value("A lemon")


def test_the_choices_of_the_sidebar_stay_in_the_address_of_what_is_opened(page):
    page.goto("/classes?mapping=Ridge&search=lemon")
    page.get_by_role("link", name="lemon", exact=True).click()
    page.wait_for_url(re.compile(r"/generate\?(?=.*prompt=A\+lemon)(?=.*mapping=Ridge)"))
    settle(page)
    page.go_back()
    page.wait_for_url("**/classes?mapping=Ridge&search=lemon")


def test_the_link_to_a_card_is_large_enough_for_a_finger_and_covers_no_tile(page):
    page.goto("/classes")
    page.locator(".wall .tile").first.wait_for()
    links, starts = (page.locator(f".wall section:first-of-type .{kind}") for kind in ("card", "start"))
    wait_until(lambda: all(box["height"] >= 24 and box["width"] >= 80 for box in boxes(links)), "links are large")
    assert not [
        (a, b)
        for a in boxes(links)
        for b in boxes(starts)
        if a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]
    ]


def test_a_group_and_its_number_of_classes_are_read_as_two_words(page):
    page.goto("/classes")
    page.get_by_role("heading", name=re.compile(r"^bird \d+$", re.I)).wait_for()


def test_the_card_of_a_class_opens_each_time(page):
    for name in ("lemon", "red fox"):
        page.goto("/classes") if name == "lemon" else page.get_by_role("link", name="Classes", exact=True).click()
        page.get_by_role("searchbox", name="Search").fill(name)
        page.get_by_role("link", name=f"Details of {name}").click()
        page.get_by_role("heading", name=name, exact=True).wait_for(timeout=READY)
        settle(page)
