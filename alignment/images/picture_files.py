"""Pictures of a user's own, read from files that nobody vouches for."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np

from alignment.errors import InputError
from alignment.files.reading import read_file

KINDS = ("PNG", "JPEG", "WEBP")
SUFFIXES = ("png", "jpg", "jpeg", "webp")
MAX_BYTES = 20_000_000
MAX_PIXELS = 25_000_000  # width times height: a small file may hold a picture that fills the memory


def read_picture(source: Path | bytes, pixels: int, called: str = "") -> np.ndarray:
    """A PNG, JPEG or WebP as the generator would draw it: its middle square, brought to a size by a Lanczos filter.

    A picture is turned as its camera says, what is transparent becomes white; of an animation the first frame is read.

    Parameters
    ----------
    source : Path or bytes
    pixels : int
        Width and height of the result.
    called : str
        What the file is called in an error.

    Returns
    -------
    uint8 array (pixels, pixels, 3)

    Raises
    ------
    InputError
        When the file cannot be read, is no such picture, is damaged, or holds too many bytes or pixels.
    """
    called = called or str(source)
    content = source if isinstance(source, bytes) else _content(source, called)
    return _decoded(content, called, lambda picture: _square(picture, pixels))


def read_whole_picture(content: bytes, called: str) -> np.ndarray:
    """A PNG, JPEG or WebP as it is: uint8 array (height, width, 3).

    Raises
    ------
    InputError
        As for :func:`read_picture`.
    """
    return _decoded(content, called, lambda picture: np.asarray(picture.convert("RGB")))


def _decoded(content: bytes, called: str, convert: Callable) -> np.ndarray:
    """What ``convert`` makes of a picture of Pillow's, unless it is too large or damaged."""
    from PIL import Image

    if len(content) > MAX_BYTES:
        raise InputError(f"{called} has {len(content) / 1e6:.0f} MB; a picture may have {MAX_BYTES / 1e6:.0f} MB.")
    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as picture:
            width, height = picture.size
            if width * height <= MAX_PIXELS:  # nothing is decoded before
                return convert(picture)
    except Exception as error:  # whatever its decoder stumbles over
        raise InputError(f"{called} is no whole picture; give a PNG, JPEG or WebP file.") from error
    raise InputError(f"{called} has {width:,} by {height:,} pixels; a picture may have {MAX_PIXELS:,} in all.")


def _content(path: Path, called: str) -> bytes:
    try:
        size = path.stat().st_size if path.is_file() else 0
    except (OSError, ValueError):
        size = 0  # reading it says what is wrong
    if size > MAX_BYTES:
        raise InputError(f"{called} has {size / 1e6:.0f} MB; a picture may have {MAX_BYTES / 1e6:.0f} MB.")
    return read_file(path, called)


def _square(picture, pixels: int) -> np.ndarray:
    from PIL import Image, ImageOps

    picture.draft("RGB", (2 * pixels, 2 * pixels))  # of a large JPEG no more is decoded than is needed
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I;16"):
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if "A" in picture.getbands() or "transparency" in picture.info:
        small = ImageOps.fit(picture.convert("RGBA"), (pixels, pixels), Image.Resampling.LANCZOS)
        return np.asarray(Image.alpha_composite(Image.new("RGBA", small.size, "white"), small).convert("RGB"))
    return np.asarray(ImageOps.fit(picture.convert("RGB"), (pixels, pixels), Image.Resampling.LANCZOS))
