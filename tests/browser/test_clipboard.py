"""Copying at an address without encryption, where browsers have no clipboard."""

import re

from playwright.sync_api import expect

from tests.browser.visits import settle


def test_code_and_links_are_copied_without_the_browsers_clipboard(page):
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto("/generate?prompt=A+red+fox")
    settle(page)
    page.get_by_role("button", name="Code").first.click()
    code = page.locator(".stCode").first
    code.hover()
    code.get_by_role("button").click()
    expect(code.get_by_role("button", name="Copied")).to_be_visible()
    expect(code).to_be_visible()
    page.keyboard.press("Escape")
    box = page.get_by_label("Sentence", exact=True)
    box.press("ControlOrMeta+a")
    box.press("ControlOrMeta+v")
    expect(box).to_have_value(re.compile("^python -m alignment generate .*'A red fox'$"))
    page.goto("/latent-spaces?classes=386")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
