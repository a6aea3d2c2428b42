"""The dashboard in a real browser."""

import base64
import contextlib
import io
import re
from collections import Counter

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import TimeoutError, expect

from dashboard.pages import PAGES
from tests.browser.visits import boxes, settle, wait_until

PICTURES = "[data-testid=stImage] img, .pictures img"
NEAREST = ".nearest .name"


def sources(page):
    return page.eval_on_selector_all(PICTURES, "images => images.map(image => image.src)")


def wait_for_pictures(page, count, other_than=()):
    page.wait_for_function(
        """([selector, count, old]) => {
            const images = [...document.querySelectorAll(selector)];
            return images.length === count && images.every(i => i.complete && i.naturalWidth && !old.includes(i.src));
        }""",
        arg=[PICTURES, count, list(other_than)],
    )


def test_a_sentence_typed_becomes_a_picture(page):
    page.goto("/")
    page.get_by_role("link", name="Generate").click()
    wait_for_pictures(page, 4)
    before = sources(page)
    page.get_by_label("Sentence", exact=True).fill("A lemon on the table")
    wait_for_pictures(page, 4, before)
    for source in sources(page):
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))).convert("RGB"))
        assert picture.std() > 10, "a blank picture"
    wait_until(lambda: page.locator(PICTURES).first.bounding_box()["width"] >= 150, "pictures are large")
    expect(page.locator(NEAREST)).to_have_count(5)
    page.wait_for_url("**prompt=A+lemon+on+the+table**")

    drawn = sources(page)
    page.reload()  # the address alone brings the same pictures back
    wait_for_pictures(page, 4)
    expect(page.get_by_label("Sentence", exact=True)).to_have_value("A lemon on the table")
    assert sources(page) == drawn


def test_every_page_has_a_title_of_its_own(page):
    page.goto("/")
    titles = set()
    for entry in PAGES:
        page.get_by_role("link", name=entry.title, exact=True).click()
        expect(page).to_have_title(f"{entry.title} · Words to pictures")
        titles.add(page.title())
        settle(page)  # pictures of a page that is left too soon are gone when the browser asks for them
    assert len(titles) == len(PAGES)


def test_an_address_in_the_text_of_a_link_leads_nowhere(page):
    asked = "sign in: https://evil.example www.evil.example evil@example.org :streamlit:"
    page.goto(f"/overview?pair={asked.replace(' ', '+')}")
    warning = page.get_by_test_id("stAlert")
    expect(warning).to_contain_text(asked[:60])
    expect(warning.locator("a, img, [role=img]:not([data-testid=stAlertDynamicIcon] *)")).to_have_count(0)


def test_back_leads_to_a_page_as_it_was_left(page):
    page.goto("/generate")
    settle(page)
    sentence = page.get_by_label("Sentence", exact=True)
    sentence.fill("a castle")
    page.wait_for_url("**/generate?prompt=a+castle")
    settle(page)
    page.get_by_role("link", name="Mapping error").click()
    page.wait_for_url("**/mapping-error")
    settle(page)
    page.go_back()
    expect(sentence).to_have_value("a castle")
    settle(page)


def test_back_leads_to_the_step_and_the_sentence_before(page):
    page.goto("/lesson")
    first, second = (page.get_by_role("heading", name=re.compile(rf"^{step} · ")) for step in (1, 2))
    first.wait_for()
    page.get_by_role("button", name="Next").click()
    second.wait_for()
    page.go_back()
    first.wait_for()
    page.go_forward()
    second.wait_for()
    settle(page)

    page.goto("/generate?prompt=a+castle")
    sentence = page.get_by_label("Sentence", exact=True)
    wait_for_pictures(page, 4)
    before = sources(page)
    sentence.fill("a zebra")
    wait_for_pictures(page, 4, before)
    page.go_back()
    expect(sentence).to_have_value("a castle")
    page.wait_for_function(
        "([selector, drawn]) => document.querySelector(selector)?.src === drawn", arg=[PICTURES, before[0]]
    )
    settle(page)


def test_figures_and_links_are_never_cut(page):
    for width in (320, 390, 768, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/")
        page.locator("[data-testid=stMetric]").nth(7).wait_for()
        cut = "parts => parts.filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.innerText)"
        parts = "[data-testid=stMetric], [data-testid=stMetric] div, [data-testid=stPageLink] *"
        wait_until(lambda: not page.eval_on_selector_all(parts, cut), f"nothing is cut at {width} pixels")  # noqa: B023


def test_a_sentence_of_markup_is_shown_as_text_and_refused_in_place(page):
    page.goto("/generate?prompt=%F0%9F%99%82%20%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    scripts = []
    page.on("dialog", lambda dialog: (scripts.append(dialog.message), dialog.dismiss()))
    page.get_by_label("Sentence", exact=True).wait_for()
    page.get_by_label("Sentence", exact=True).fill("![🙂](http://localhost/x.png) <b>$")
    page.locator("[data-testid=stAlert], " + PICTURES).first.wait_for()
    assert page.locator("[data-testid=stAlert] img, [data-testid=stAlert] b").count() == 0
    assert not scripts
    page.get_by_label("Sentence", exact=True).fill(" ")
    page.get_by_text("The sentence is empty").wait_for()
    page.get_by_label("Sentence", exact=True).fill("a cat")
    wait_for_pictures(page, 4)


def test_overview_shows_the_way_and_leads_to_generate(page):
    page.goto("/overview")  # which people type; links lead to the root
    wait_for_pictures(page, 4)
    menu = page.get_by_test_id("stSidebarNav")
    expect(menu.get_by_role("link", name="Overview")).to_have_count(1)
    expect(menu.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")
    expect(page.locator(".pipeline .picture img")).to_have_count(1)
    page.get_by_role("link", name="Try it").nth(1).click()
    page.wait_for_url(re.compile("/generate"))
    page.get_by_label("Sentence", exact=True).wait_for()
    wait_for_pictures(page, 4)
    expect(page.get_by_label("Sentence", exact=True)).to_have_value(re.compile("pizza"))


def test_seed_pairs_are_found_and_replaced(page, study):
    name = study.classes.names[0]
    page.goto("/")
    page.get_by_role("link", name="Seed pairs").click()
    page.locator("[data-testid=stDataFrame]").first.wait_for()
    page.get_by_placeholder("Word in a sentence").fill("zebra crossing of unicorns")
    page.get_by_text(re.compile(r"^0 of [\d,]+ sentences")).wait_for()
    page.get_by_role("tab", name="Upload").click()
    page.wait_for_url("**/seed-pairs?*section=Upload*")
    content = f"sentence,class\nOne sentence of my own,{name}\nAnother,no such class\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_text("Usable sentences: 1; refused rows: 1.").wait_for()
    page.get_by_text("instead of them").click()
    page.get_by_role("button", name="Use these sentences").click()
    page.get_by_text("Learning from your own seed pairs").wait_for()
    page.get_by_role("button", name="Back to the built-in pairs").click()
    page.get_by_text("Learning from your own seed pairs").wait_for(state="detached")


def test_changes_of_seed_pairs_outlast_a_search(page):
    page.goto("/seed-pairs?words=shark")
    table = page.locator("[data-testid=stDataFrame]").first
    table.wait_for()
    settle(page)
    cell = page.locator("#portal textarea")
    for _ in range(10):  # cells are drawn on a canvas, which takes no click before it is ready
        table.dblclick(position={"x": 200, "y": 55})
        with contextlib.suppress(TimeoutError):
            cell.wait_for(timeout=3000)
            break
    cell.fill("A picture of my own shark")
    cell.press("Enter")
    apply = page.get_by_role("button", name="Apply 1 change")
    apply.wait_for()
    page.get_by_placeholder("Word in a sentence").fill("my own shark")
    page.get_by_text(re.compile(r"^1 of [\d,]+ sentences")).wait_for()
    page.get_by_role("link", name="Glossary").click()
    page.wait_for_url("**/glossary")
    settle(page)
    page.get_by_role("link", name="Seed pairs").click()
    apply.wait_for()
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="No changes yet").wait_for()
    settle(page)


@pytest.mark.parametrize(("width", "rows"), [(1280, [7]), (768, [3, 4]), (390, [3, 2, 2])])
def test_no_stage_of_the_pipeline_stands_alone_in_a_row(page, width, rows):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/")
    drawn = page.locator(".pipeline .stage")
    expect(drawn).to_have_count(7)
    wait_until(lambda: list(Counter(round(box["top"]) for box in boxes(drawn)).values()) == rows, "in rows like these")


def test_nothing_lies_on_the_end_of_a_long_sentence(page):
    page.goto("/generate")
    box = page.get_by_label("Sentence", exact=True)
    box.fill("A lemon on the table " * 12)
    box.focus()
    expect(page.locator("[data-testid=InputInstructions]").filter(visible=True)).to_have_count(0)


def test_a_page_is_printed_whole_and_without_the_sidebar(page):
    page.goto("/mapping-error")
    main = page.get_by_test_id("stMain")
    page.locator("h1").wait_for()
    settle(page)
    page.wait_for_function("window.isPrepared")  # its script has run
    width = main.bounding_box()["width"]
    for _ in range(2):  # some browsers do not tell that the first has ended
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert float(main.evaluate("main => main.style.zoom")) == pytest.approx(700 / width, rel=0.02)  # A4 has 718 pixels
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert main.evaluate("main => main.style.zoom") == ""


def test_no_label_is_cut_on_paper(page):
    page.goto("/generate")
    label = page.locator(".stPopover .stMarkdownEllipsis").first
    label.wait_for()
    page.emulate_media(media="print")
    expect(label).to_have_css("overflow", "visible")


@pytest.mark.parametrize(
    ("place", "whole", "heading"),
    [
        ("interpolation", (".stPlotlyChart", ".film", ".films"), ".stElementContainer:has(h2)"),
        ("classes", (".tile",), ".wall h2"),
        ("latent-spaces", (".pane",), ".stElementContainer:has(h2)"),
    ],
)
def test_no_sheet_of_paper_ends_within_a_picture(page, place, whole, heading):
    page.goto(f"/{place}")
    page.emulate_media(media="print")
    for kind in whole:
        expect(page.locator(kind).first).to_have_css("break-inside", "avoid")
    expect(page.locator(heading).first).to_have_css("break-after", "avoid")


def test_what_a_colour_alone_says_is_seen_where_colours_are_forced(page):
    page.goto("/generate")
    page.locator(".bar i").first.wait_for()
    settle(page)
    page.emulate_media(forced_colors="active")
    tabs = page.get_by_role("tab")
    for colour, pair in (("backgroundColor", page.locator(".bar i, .bar")), ("color", tabs)):
        shown = f"all => all.slice(0, 2).map(one => getComputedStyle(one).{colour})"
        wait_until(lambda: len(set(pair.evaluate_all(shown))) == 2, f"two of {colour}")  # noqa: B023
    page.emulate_media(forced_colors="none")


def test_work_that_takes_long_is_told_of_and_so_is_its_end(page):
    page.goto("/generate")
    told = page.locator(".announcement[role=status]")
    told.wait_for(state="attached")
    settle(page)
    told.evaluate("""status => {
        window.told = [];
        new MutationObserver(() => window.told.push(status.textContent)).observe(status, { childList: true });
    }""")
    page.locator(".stApp").evaluate("""async app => {
        for (const state of ["running", "notRunning"]) {
            app.dataset.testScriptState = state;
            await new Promise(resolve => setTimeout(resolve, 1200));
        }
    }""")
    wait_until(lambda: page.evaluate("window.told.length") >= 2, "both are told")
    assert page.evaluate("window.told") == ["Working", "Ready"]
