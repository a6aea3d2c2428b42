"""What tests do with the linked scatter in a browser."""

import io
from contextlib import contextmanager

import numpy as np
from PIL import Image

from dashboard.components import linked_scatter
from tests.browser.linked_scatter_app import COLUMNS, POSITIONS, ROWS
from tests.browser.visits import visitor

NO_WEBGL = """HTMLCanvasElement.prototype.getContext = (get => function (kind, ...rest) {
    return kind === "webgl2" ? null : get.call(this, kind, ...rest);
})(HTMLCanvasElement.prototype.getContext)"""


@contextmanager
def exported_page(chromium, path, scene, webgl=True):
    """The exported page of a scene, opened as a file."""
    path = path / "page.html"
    path.write_text(linked_scatter.to_html(scene, "A page", "PCA"), encoding="utf-8")
    with visitor(chromium, path.as_uri()) as page:
        page.add_init_script("" if webgl else NO_WEBGL)
        page.goto(path.as_uri())
        wait_for_state(page, "renderer", "webgl" if webgl else "canvas")
        yield page


def wait_for_state(page, name, value):
    """Wait until the scatter says in a data attribute that it is in this state."""
    page.locator(f".linked-scatter[data-{name}={value!r}]").wait_for()


def position(page, pane, row):
    """Where a class of the grid is on the screen."""
    box = page.locator(f'[data-key="{pane}"] .overlay').bounding_box()
    x, y = POSITIONS[row]
    if pane == "b":
        x = COLUMNS - 1 - x
    scale = min(box["width"] / (COLUMNS - 1), box["height"] / (ROWS - 1)) / 1.1
    return (
        box["x"] + box["width"] / 2 + scale * (x - (COLUMNS - 1) / 2),
        box["y"] + box["height"] / 2 - scale * (y - (ROWS - 1) / 2),
    )


def drag(page, *points):
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def box_around(page, pane, first, last, margin=12):
    """Corners of a box around two classes of the grid."""
    (x, y), (u, v) = position(page, pane, first), position(page, pane, last)
    left, right, top, bottom = min(x, u) - margin, max(x, u) + margin, min(y, v) - margin, max(y, v) + margin
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def colour_depth(page, pane, row):
    """How far the colour of the page is from white at a class's position."""
    x, y = position(page, pane, row)
    shot = Image.open(io.BytesIO(page.screenshot(clip={"x": x - 1, "y": y - 1, "width": 3, "height": 3})))
    return 255 - np.asarray(shot.convert("RGB"))[1, 1].astype(int).min()
