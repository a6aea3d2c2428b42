"""Records the README's film of the pages, an animated GIF: ``python -m tests.browser.film docs/film.gif``."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from tests.browser.visits import served, settle, visitor

WINDOW = {"width": 1240, "height": 900}
WIDTH = 800  # pixels of the film
SCENE_SECONDS = 1.6
COLOURS = 96
MAX_MEGABYTES = 3


def scenes(page) -> Iterator[Image.Image]:
    """Screenshots of the film, in order."""
    yield from typed(page, ("A cat in the garden", "A grand piano", "A red sports car"))
    for step in (2, 5, 8):
        page.goto(f"/lesson?step={step}")
        page.locator("h2").first.wait_for()
        yield shot(page)
    page.goto("/classes")
    page.locator("h1").wait_for()
    yield shot(page)
    page.goto("/interpolation?prompt_1=a+cat&prompt_2=a+fox&steps=7")
    page.locator(".film img").nth(13).wait_for()
    yield shot(page, page.locator(".film").nth(1))
    page.goto("/latent-spaces")
    page.locator(".linked-scatter canvas").first.wait_for()
    yield shot(page, page.locator(".linked-scatter .panes"))


def typed(page, sentences: tuple[str, ...]) -> Iterator[Image.Image]:
    """Screenshots of sentences typed on the page Generate, each with its pictures."""
    page.goto("/generate")
    for sentence in sentences:
        page.get_by_label("Sentence", exact=True).fill(sentence)
        page.wait_for_url(f"**prompt={sentence.replace(' ', '+')}**")
        page.locator(".pictures img").nth(3).wait_for()
        yield shot(page)


def shot(page, middle=None) -> Image.Image:
    """Screenshot of the settled page, scaled to the film; ``middle`` is what stands in the middle of the window."""
    settle(page)
    page.wait_for_timeout(1500)  # fade-ins have ended
    settle(page)
    if middle is not None:
        middle.evaluate("element => element.scrollIntoView({ block: 'center' })")
        page.wait_for_timeout(500)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return picture.resize((WIDTH, round(WIDTH * picture.height / picture.width)), Image.Resampling.LANCZOS)


def write(pictures: list[Image.Image], path: Path) -> None:
    """Write the pictures as an endlessly looping GIF with one palette per picture."""
    frames = [picture.quantize(COLOURS, dither=Image.Dither.NONE) for picture in pictures]
    shown = {"duration": int(1000 * SCENE_SECONDS), "loop": 0}
    frames[0].save(path, save_all=True, append_images=frames[1:], optimize=True, **shown)


def main(path: Path) -> None:
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import chromium_path

    with served("dashboard") as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        with visitor(chromium, address) as page:
            page.set_default_timeout(300_000)
            page.set_viewport_size(WINDOW)
            write(list(scenes(page)), path)
        chromium.close()
    size = path.stat().st_size / 1e6
    print(f"{path}: {size:.2f} MB")
    if size >= MAX_MEGABYTES:
        raise SystemExit(f"The film must be smaller than {MAX_MEGABYTES} MB.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
