"""The lesson in a real browser."""

from playwright.sync_api import expect

from tests.browser.visits import settle


def test_a_presenter_moves_by_address_and_arrow_keys(page):
    page.goto("/lesson?step=4")
    heading = page.locator("h3").first
    heading.wait_for()
    settle(page)
    expect(heading).to_contain_text("4 ·")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    expect(heading).to_contain_text("5 ·")
    page.wait_for_url("**step=5**")
    page.locator(".cards img").nth(3).wait_for()
    settle(page)
    slider = page.locator("[data-testid=stSlider] input, [data-testid=stSlider] [role=slider]").first
    slider.focus()
    page.keyboard.press("ArrowRight")  # the slider's own key now
    page.get_by_text("After 20 sentences about 20 classes").wait_for()
    expect(heading).to_contain_text("5 ·")


def test_an_answer_is_hidden_until_it_is_asked_for_and_the_way_on_keeps_the_state(page):
    page.goto("/lesson?step=9&failure=counting")
    answer = page.get_by_text("words with two meanings")
    page.locator(".nearest").wait_for()
    expect(answer).to_be_hidden()
    page.get_by_text("Show the answer").click()
    expect(answer).to_be_visible()
    page.get_by_text("Look word by word").click()
    page.locator(".words").wait_for()
    expect(page.get_by_label("Sentence", exact=True)).to_have_value("Seven lemons")


def test_the_worksheet_opens_without_a_server(page, tmp_path):
    page.goto("/lesson")
    with page.expect_download() as download:
        page.get_by_role("button", name="Worksheet").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and "{" not in text.split("</style>")[1]
