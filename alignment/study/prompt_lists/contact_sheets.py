"""Arranging the pictures of prompts on a contact sheet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alignment.errors import InputError
from alignment.images.captions import draw_caption
from alignment.images.picture_files import grid
from alignment.study.prompt_lists.drawn_prompts import DrawnPrompt

CELL_PIXELS = 128  # smaller pictures are enlarged to this on a contact sheet
CAPTION_LINES, LINE_PIXELS, FONT_PIXELS = 3, 16, 12
CAPTION_PIXELS = CAPTION_LINES * LINE_PIXELS + 1


def contact_sheet(items: Sequence[DrawnPrompt]) -> np.ndarray:
    """Arrange all pictures in a grid, each above its prompt, its nearest class and the confidence in that.

    Returns
    -------
    uint8 array (h, w, 3)

    Raises
    ------
    InputError
        When no prompt could be drawn.
    """
    cells = [_cell(item, item.picture) for item in items if item.picture is not None]
    if not cells:
        raise InputError(f"None of the prompts could be drawn; the first: {items[0].refused}")
    return grid(np.stack(cells), gap=8)


def _cell(item: DrawnPrompt, picture: np.ndarray) -> np.ndarray:
    from PIL import Image, ImageDraw

    size = max(CELL_PIXELS, picture.shape[1])
    cell = Image.new("RGB", (size, size + CAPTION_PIXELS), "white")
    cell.paste(Image.fromarray(np.ascontiguousarray(picture)).resize((size, size), Image.Resampling.LANCZOS))
    draw = ImageDraw.Draw(cell)
    lines = [(item.prompt, "#17262a"), (item.nearest, "#5b6c70"), (item.confidence_text, "#5b6c70")]
    for line, (text, colour) in enumerate(lines):
        draw_caption(draw, (1, size + LINE_PIXELS * line), text, colour, width=size - 2, size=FONT_PIXELS)
    return np.asarray(cell)
