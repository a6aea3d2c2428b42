"""Pages that the browser translates: what they say is as in the page's own language."""

import pytest

from tests.browser.visits import settle, wait_until

MARK = "§"  # "translated" text begins with it
# As Chrome's translator: every text node is replaced by two nested FONT elements, new ones too.
TRANSLATE = f"""() => {{
    const replace = text => {{
        const isSkipped = text.parentElement?.closest("[translate=no], font, script, style, svg, option, textarea");
        if (!text.data.trim() || !text.parentElement || isSkipped) return;
        const [outer, inner] = [document.createElement("font"), document.createElement("font")];
        inner.textContent = "{MARK}" + text.data;
        outer.append(inner);
        text.replaceWith(outer);
    }};
    const translate = root => {{
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const texts = root instanceof Text ? [root] : [];
        while (walker.nextNode()) texts.push(walker.currentNode);
        texts.forEach(replace);
    }};
    translate(document.body);
    new MutationObserver(records => records.forEach(record => record.addedNodes.forEach(translate)))
        .observe(document.body, {{ childList: true, subtree: true }});
}}"""
TEXT = "() => document.querySelector('.stMain').innerText"


def lines(page) -> list[str]:
    words = page.evaluate(TEXT).replace(MARK, "").split("\n")
    return [stripped for word in words if (stripped := word.strip())]


def go_on(page, role, name):
    page.get_by_role(role, name=f"{MARK}{name}", exact=True).first.click()


@pytest.fixture
def translated(page):
    page.goto("/lesson")
    settle(page)
    page.evaluate(TRANSLATE)
    assert MARK in page.evaluate(TEXT)
    return page


def test_a_translated_page_goes_on_to_say_what_is_so(translated, profile):
    with profile.new_page() as other:
        for step in ("2", "3", "4"):
            go_on(translated, "radio", step)
            translated.wait_for_url(f"**/lesson?step={step}")
            other.goto(translated.url)
            settle(other)
            wait_until(lambda: lines(translated) == lines(other), f"step {step} says the same, translated")
        for sentence in ("A red fox", "Seven lemons"):
            translated.locator("[data-testid=stSidebarNavLink][href$=generate]").click()
            box = translated.locator("[data-testid=stTextInput] input").first
            box.fill(sentence)
            box.press("Enter")
            translated.wait_for_url("**/generate?prompt=*")
            settle(translated)
            other.goto(translated.url)
            settle(other)
            wait_until(lambda: lines(translated) == lines(other), f"“{sentence}” has the same figures, translated")


def test_code_and_formulas_are_not_translated(page):
    page.goto("/glossary?term=csls")
    page.get_by_text("Formula and source").first.click()
    page.locator(".katex[translate=no]").first.wait_for()
    page.goto("/generate")
    page.get_by_role("button", name="Code").first.click()
    page.locator("pre[translate=no]", has_text="alignment generate").first.wait_for()
