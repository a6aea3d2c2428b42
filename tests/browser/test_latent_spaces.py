"""The page Latent spaces in a real browser: pinned sentences, and a selection that lives in the address."""

import re

from playwright.sync_api import expect

from dashboard.views.latent_spaces.bookmarks import from_json
from tests.browser.visits import settle

PLOTS = ".linked-scatter canvas"
READY = 600_000  # the spaces are drawn once, which compiles numba's part of UMAP


def pinned(page):
    return page.get_by_role("combobox", name="Pin sentences")


def test_sentences_are_pinned_and_come_back_with_the_link(page):
    page.goto("/latent-spaces")
    page.locator(PLOTS).first.wait_for(timeout=READY)
    for sentence in ("I have a lemon", "<img src=x onerror=alert(1)> a red car"):
        settle(page)  # Streamlit loses its place in a page that is typed in while it is still sent
        pinned(page).fill(sentence)
        pinned(page).press("Enter")
        page.get_by_text(sentence).first.wait_for()
    page.get_by_text("Pinned sentences", exact=True).wait_for()  # by role an open list hides it
    page.wait_for_url(re.compile("pins=I\\+have\\+a\\+lemon&pins="))
    page.reload()
    page.get_by_role("heading", name="Pinned sentences").wait_for()
    expect(page.locator("[data-testid=stAlert], img[src=x]")).to_have_count(0)
    pinned(page).press("Backspace")
    page.wait_for_url(lambda url: "onerror" not in url)
    assert "lemon" in page.url


def test_a_class_found_by_name_is_in_the_address_and_opens_its_card(page, study):
    page.goto("/latent-spaces")
    page.locator(PLOTS).first.wait_for(timeout=READY)
    page.get_by_role("combobox", name="Find a class").fill("lemon")
    page.get_by_role("option", name="lemon", exact=True).click()
    page.get_by_role("heading", name="lemon", exact=True).wait_for()
    index = study.classes.indices[study.classes.names.index("lemon")]
    page.wait_for_url(re.compile(f"classes={index}.*focus={index}|focus={index}.*classes={index}"))
    page.reload()
    page.get_by_role("heading", name="lemon", exact=True).wait_for()
    page.get_by_text(f"1 of {len(study.classes)} selected").wait_for()
    page.get_by_role("button", name="Clear", exact=True).click()
    page.wait_for_url(lambda url: "classes=" not in url)
    page.get_by_role("heading", name=f"All {len(study.classes)} classes").wait_for()


def test_a_bookmark_is_kept_at_once_and_its_file_holds_it(page):
    page.goto("/latent-spaces?dims=3-D")
    page.locator(PLOTS).first.wait_for(timeout=READY)
    page.get_by_role("button", name="Bookmarks").click()
    name = page.get_by_label("Name of this view")
    name.fill("from the side")
    name.press("Enter")
    page.get_by_role("link", name="from the side").wait_for()  # the popover is still open
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    (bookmark,) = from_json(download.value.path().read_bytes())
    assert bookmark.name == "from the side" and "dims=3-D" in bookmark.link
