"""The lesson in a real browser."""

from playwright.sync_api import expect

from tests.browser.visits import boxes, settle, wait_until


def test_a_presenter_moves_by_address_and_arrow_keys(page):
    page.goto("/lesson?step=4")
    heading = page.locator("h2").first
    heading.wait_for()
    settle(page)
    expect(heading).to_contain_text("4 ·")
    page.locator("h1").click()
    press_until(page, "ArrowRight", lambda: "5 ·" in heading.inner_text())
    page.wait_for_url("**step=5**")
    page.locator(".cards img").nth(3).wait_for()
    settle(page)
    slider = page.locator("[data-testid=stSlider] input, [data-testid=stSlider] [role=slider]").first
    slider.focus()
    page.keyboard.press("ArrowRight")  # the slider's own key now
    page.get_by_text("After 20 sentences about 20 classes").wait_for()
    expect(heading).to_contain_text("5 ·")


def press_until(page, key, done):
    """Press a key; again after some seconds, as a person would, where the page had not yet come to rest."""
    for _ in range(10):
        page.keyboard.press(key)
        for _ in range(100):
            if done():
                return
            page.wait_for_timeout(100)
    raise AssertionError(f"{key} does nothing")


def test_back_and_next_stand_side_by_side_in_a_narrow_window(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/lesson?step=2")
    settle(page)

    def side_by_side():
        back, forward = boxes(page.locator(".st-key-step_back, .st-key-step_forward"))
        return back["y"] == forward["y"] and back["right"] <= forward["left"]

    wait_until(side_by_side, "they stand side by side")


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


def test_the_first_step_is_read_in_any_window_and_the_worksheets_open_without_a_server(page):
    page.goto("/lesson")
    page.get_by_test_id("stMetric").wait_for()
    settle(page)
    picture_column = page.get_by_test_id("stColumn").filter(has=page.get_by_test_id("stMetric"))
    row_and_text_column = picture_column.locator("xpath=.. | ../*[1]")

    def share_of_text():
        row, text_column = boxes(row_and_text_column)
        return text_column["width"] / row["width"]

    for width in (1024, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        wait_until(lambda: 0.3 < share_of_text() < 0.45, f"two fifths are for the text at {width} pixels")
    page.set_viewport_size({"width": 320, "height": 900})
    steps = page.get_by_role("radiogroup", name="Step")
    wait_until(lambda: steps.evaluate("steps => steps.scrollWidth <= steps.clientWidth"), "no step is cut off")
    numbers = page.locator(".st-key-lesson_numbers .xtick text")
    expect(numbers.filter(has_text="1500").filter(visible=True)).to_be_visible()  # the last of 1536
    for name, lines in (("worksheet", True), ("worksheet_with_answers", False)):
        with page.expect_download() as download:
            page.locator(f".st-key-save_{name}_html button").click()
        assert download.value.suggested_filename == f"{name}.html"
        text = download.value.path().read_text(encoding="utf-8")
        assert text.startswith("<!doctype html>") and "{" not in text.split("</style>")[1]
        assert ('class="line"' in text) == lines
