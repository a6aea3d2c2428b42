"""The glossary in a real browser."""

from playwright.sync_api import expect


def test_a_formula_is_one_click_away(page):
    page.goto("/glossary?term=csls")
    page.get_by_text("Formula and source").first.wait_for()
    formula = page.locator(".katex").first
    expect(formula).to_be_hidden()
    page.get_by_text("Formula and source").first.click()
    expect(formula).to_be_visible()
    expect(page.locator(".katex-error")).to_have_count(0)
    expect(page.get_by_text("arXiv:1710.04087")).to_be_visible()


def test_every_formula_is_set(page):
    page.goto("/glossary")
    page.get_by_role("heading", name="UMAP").wait_for()
    page.locator(".katex").nth(14).wait_for(state="attached")  # set one after the other, inside what is folded
    expect(page.locator(".katex-error")).to_have_count(0)


def test_a_tooltip_holds_the_definition(page):
    page.goto("/generate")
    page.get_by_label("Truncation").first.wait_for()
    page.locator("[data-testid=stSlider]", has_text="Truncation").locator("[data-testid=stTooltipIcon]").hover()
    expect(page.get_by_text("How far the noise may spread.")).to_be_visible()
