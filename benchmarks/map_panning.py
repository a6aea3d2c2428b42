"""Frame times while panning maps with pictures in place of points, in Chromium."""

from __future__ import annotations

import argparse
import base64
import io
import tempfile
from pathlib import Path

import numpy as np

from alignment.images.picture_files import grid
from benchmarks.browser import WINDOW, add_chromium, chromium
from benchmarks.reporting import markdown_table
from dashboard.components import linked_scatter

HELP = "time from frame to frame while maps with pictures are panned, in Chromium"
SPACES = ("Text space", "Mapped text", "Class space")
GROUPS = 30
SHEET_COLUMNS, PICTURE_PIXELS = 32, 64
WHEEL_TURNS = 5  # from zoom 1 to e^(5/4)
MOVES = 90  # of the mouse, per measurement
START_FRAMES = """() => {
  window.frames = [];
  const note = time => { window.frames.push(time); window.request = requestAnimationFrame(note); };
  window.request = requestAnimationFrame(note);
}"""
TAKE_FRAMES = "() => { cancelAnimationFrame(window.request); return window.frames; }"
COUNT = """() => [...document.querySelectorAll('.pane')].filter(pane => !pane.hidden)
  .reduce((sum, pane) => sum + Number(pane.dataset.pictures), 0)"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--classes", type=int, default=1000, help="classes, with a picture each (default 1000)")
    add_chromium(parser)


def run(arguments) -> None:
    rows: list[list] = []
    with chromium(arguments.chromium) as browser, tempfile.TemporaryDirectory() as folder:
        page, file = browser.new_page(viewport=WINDOW), Path(folder, "maps.html")
        for places in ("clusters", "grid"):
            file.write_text(linked_scatter.to_html(scene(arguments.classes, places), "Maps", places), encoding="utf-8")
            page.goto(file.as_uri())
            page.locator(".linked-scatter[data-selected]").wait_for()
            for shown in ("names", "pictures and names"):
                set_shown(page, shown)
                for arrangement, maps in (("Side by side", 3), ("Overlaid (morph)", 1)):
                    page.get_by_role("button", name=arrangement).click()
                    rows += [[places, shown, maps, str(zoom), *measure(page, zoom)] for zoom in (1.0, 3.5)]
    names = [
        "classes in",
        "shown",
        "maps",
        "zoom",
        "pictures drawn",
        "median frame, ms",
        "95 % of frames, ms",
        "frames per second",
    ]
    print(f"{arguments.classes:,} classes, {WINDOW['width']} x {WINDOW['height']} pixels\n")
    print(markdown_table(rows, names))


def scene(classes: int, places: str) -> linked_scatter.Scene:
    """A map of classes in clusters, as in a projection, or on a grid, where most pictures have room."""
    rng = np.random.default_rng(0)
    group = np.arange(classes) % GROUPS
    side = int(np.ceil(np.sqrt(classes)))
    grid_places = np.stack([np.arange(classes) % side, np.arange(classes) // side], axis=1).astype(np.float32)
    positions = {
        name: grid_places
        if places == "grid"
        else rng.normal(size=(GROUPS, 2))[group] * 3 + rng.normal(size=(classes, 2))
        for name in SPACES
    }
    return linked_scatter.Scene(
        panes=[linked_scatter.Pane(name, name, frame="all") for name in SPACES],
        names=[f"class number {row}" for row in range(classes)],
        groups=[f"group {number}" for number in group],
        positions=positions,
        colour=linked_scatter.Colour("Group", [f"group {number}" for number in group]),
        thumbnails=thumbnails(rng, classes),
    )


def thumbnails(rng: np.random.Generator, count: int) -> linked_scatter.Thumbnails:
    """Pictures of coloured squares."""
    from PIL import Image

    coarse = rng.integers(0, 256, (count, 8, 8, 3), dtype=np.uint8)
    sheet, scale = io.BytesIO(), PICTURE_PIXELS // 8
    pictures = coarse.repeat(scale, axis=1).repeat(scale, axis=2)
    Image.fromarray(grid(pictures, columns=SHEET_COLUMNS, gap=0)).save(sheet, "JPEG", quality=85)
    uri = "data:image/jpeg;base64," + base64.b64encode(sheet.getvalue()).decode("ascii")
    return linked_scatter.Thumbnails(uri, SHEET_COLUMNS, PICTURE_PIXELS)


def set_shown(page, shown: str) -> None:
    """Set the buttons Names and Pictures, so that exactly those in ``shown`` are pressed."""
    for name in ("Names", "Pictures"):
        button = page.get_by_role("button", name=name, exact=True)
        if (button.get_attribute("aria-pressed") == "true") != (name.casefold() in shown):
            button.click()


def measure(page, zoom: float) -> tuple[int, str, str, str]:
    """Pan; return pictures drawn, median and 95th percentile of milliseconds between frames, frames per second."""
    page.get_by_role("button", name="Reset view").click()
    box = page.locator(".overlay:visible").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    for _ in range(WHEEL_TURNS if zoom > 1 else 0):
        page.mouse.wheel(0, -60)
    page.wait_for_timeout(800)
    count = page.evaluate(COUNT)
    page.mouse.down()
    page.mouse.move(x + 5, y + 5)
    page.evaluate(START_FRAMES)
    for move in range(MOVES):
        page.mouse.move(x + 60 * np.sin(move / 8), y + 40 * np.cos(move / 8))
    times = np.diff(page.evaluate(TAKE_FRAMES))
    page.mouse.up()
    return count, f"{np.median(times):.0f}", f"{np.quantile(times, 0.95):.0f}", f"{1000 / times.mean():.0f}"
