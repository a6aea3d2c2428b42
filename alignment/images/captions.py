"""Captions drawn into pictures, with fonts for Latin, Greek, Cyrillic, Chinese, Japanese and Korean."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

FONTS = Path(__file__).parent / "fonts"
ALPHABETS, EAST_ASIAN = "NotoSans-subset.ttf", "NotoSansCJKtc-subset.otf"
ALPHABETIC = ((0x20, 0x530), (0x1E00, 0x2070), (0x20A0, 0x20C0))  # code points that are taken from ALPHABETS
ELLIPSIS = "…"


def draw_caption(
    draw: ImageDraw, position: tuple[float, float], text: str, colour: str, *, width: float, size: int
) -> None:
    """Draw one line of text, truncated with an ellipsis where it is wider than ``width``.

    Parameters
    ----------
    draw : PIL.ImageDraw.ImageDraw
    position : (x, y) of the line's top left corner, pixels
    text : str
        Each run of whitespace is drawn as one space.
    colour : str
    width, size : pixels
        Of the line and of the font.
    """
    text = unicodedata.normalize("NFC", " ".join(text.split()))  # an accent by itself has no glyph
    if _length(text, size) > width:
        while text and _length(text + ELLIPSIS, size) > width:
            text = text[:-1]
        text += ELLIPSIS
    x, y = position
    baseline = y + _font(ALPHABETS, size).getmetrics()[0]
    for name, run in _runs(text):
        font = _font(name, size)
        draw.text((x, baseline), run, colour, font, anchor="ls")
        x += font.getlength(run)


def _length(text: str, size: int) -> float:
    return sum(_font(name, size).getlength(run) for name, run in _runs(text))


def _runs(text: str) -> list[tuple[str, str]]:
    """Split a text into runs of one font each: (font file, run)."""
    return [(name, "".join(part)) for name, part in groupby(text, _font_of)]


def _font_of(character: str) -> str:
    return ALPHABETS if any(low <= ord(character) < high for low, high in ALPHABETIC) else EAST_ASIAN


@lru_cache(maxsize=8)
def _font(name: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(FONTS / name, size)
