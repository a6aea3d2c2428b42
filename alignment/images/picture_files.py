"""Picture files: untrusted ones read, pictures written as PNG and other formats, contact sheets."""

from __future__ import annotations

import io
import json
import math
import re
import struct
import warnings
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from alignment.errors import InputError
from alignment.files.reading import read_file
from alignment.files.writing import write_file

T = TypeVar("T")
KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
OTHER_KINDS = {  # by the first bytes of a file
    re.compile(rb"II\*\x00|MM\x00\*|II\+\x00|MM\x00\+"): "a TIFF picture",
    re.compile(rb"....ftyp(?:hei|hev|mif|msf)", re.DOTALL): "a HEIC picture",
    re.compile(rb"....ftypavi", re.DOTALL): "an AVIF picture",
}
READABLE_SUFFIXES = ("png", "jpg", "jpeg", "webp", "gif", "bmp")
MAX_BYTES = 20_000_000
DAMAGES = (  # errors of Pillow's decoders, also for header fields that contradict one another
    *(OSError, EOFError, SyntaxError, struct.error, zlib.error),
    *(ValueError, TypeError, LookupError, ArithmeticError),
)
MAX_PIXELS = 25_000_000  # width times height: a small file may hold a picture that fills the memory


def read_picture(source: Path | bytes, pixels: int, called: str = "") -> np.ndarray:
    """Read a picture in the generator's format: its central square, scaled to ``pixels`` by a Lanczos filter.

    PNG, JPEG, WebP, GIF or BMP. The EXIF orientation is applied; transparent pixels become white. Of an animation the
    first frame is read.

    Parameters
    ----------
    source : Path or bytes
    pixels : int
        Width and height of the result.
    called : str
        Name of the file in errors.

    Returns
    -------
    uint8 array (pixels, pixels, 3)

    Raises
    ------
    InputError
        When the file cannot be read, is of another format, is damaged, or has too many bytes or pixels.
    """
    called = called or str(source)
    content = source if isinstance(source, bytes) else _read_content(source, called)
    return _decode(content, called, lambda picture: _square(picture, pixels))


def read_whole_picture(content: bytes, called: str) -> np.ndarray:
    """Read a PNG, JPEG, WebP, GIF or BMP at its own size: uint8 array (height, width, 3).

    Raises
    ------
    InputError
        As for :func:`read_picture`.
    """
    return _decode(content, called, lambda picture: np.asarray(picture.convert("RGB")))


def pixel_count(content: bytes, called: str) -> int:
    """Width times height of a PNG, JPEG, WebP, GIF or BMP, read from its header only.

    Raises
    ------
    InputError
        As for :func:`read_picture`.
    """
    return _decode(content, called, lambda picture: picture.width * picture.height)


def grid(pictures: np.ndarray, *, columns: int | None = None, gap: int = 2) -> np.ndarray:
    """Contact sheet: pictures side by side on white, row by row.

    Parameters
    ----------
    pictures : uint8 array (n, h, w, 3), n >= 1
    columns : int, default ceil(sqrt(n))
    gap : int, pixels between two pictures

    Returns
    -------
    uint8 array (rows (h + gap) - gap, columns (w + gap) - gap, 3)
    """
    n, height, width, _ = pictures.shape
    columns = columns or math.ceil(math.sqrt(n))
    rows = math.ceil(n / columns)
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, 3), 255, np.uint8)
    for i, picture in enumerate(pictures):
        top, left = (i // columns) * (height + gap), (i % columns) * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return sheet


def png(picture: np.ndarray, *, note: dict | None = None) -> bytes:
    """A picture, uint8 (h, w, 3), as a PNG file; ``note`` is stored in its text chunk "Settings" as JSON."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    if note is not None:
        info.add_itxt("Settings", json.dumps(note))
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(buffer, "PNG", compress_level=1, pnginfo=info)  # speed first
    return buffer.getvalue()


@cache
def picture_suffixes() -> frozenset[str]:
    """File name endings of the picture formats in which an RGB picture can be written."""
    from PIL import Image

    def holds_colours(kind: str) -> bool:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of formats that Pillow will give up
                Image.new("RGB", (1, 1)).save(io.BytesIO(), kind)
        except (OSError, ValueError, KeyError):
            return False
        return True

    suffixes = Image.registered_extensions()
    kinds = {kind for kind in set(suffixes.values()) & set(Image.SAVE) if holds_colours(kind)}
    return frozenset(suffix for suffix, kind in suffixes.items() if kind in kinds)


def save_picture(picture: np.ndarray, path: str | Path) -> None:
    """Write one picture, uint8 (h, w, 3), in the format its name ends in (PNG, JPEG, WebP, ...).

    Raises
    ------
    InputError
        When the ending names no picture format, or the file cannot be written.
    """
    from PIL import Image

    suffix = Path(path).suffix.lower()
    if suffix not in picture_suffixes():
        raise InputError(f"{path} does not end in a picture format; write to a name such as cat.png.")
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, Image.registered_extensions()[suffix])
    write_file(path, buffer.getvalue())


def _decode(content: bytes, called: str, convert: Callable[..., T]) -> T:
    """Open a picture with Pillow and apply ``convert``; refuse one that is too large or damaged."""
    from PIL import Image

    _check_size(len(content), called)
    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as picture:
            width, height = picture.size
            if width * height <= MAX_PIXELS:  # nothing is decoded before
                return convert(picture)
    except Image.DecompressionBombError as error:  # so large that Pillow does not give its size
        raise InputError(f"{called} has too many pixels; a picture may have {MAX_PIXELS:,} in all.") from error
    except DAMAGES as error:
        other = next((kind for first, kind in OTHER_KINDS.items() if first.match(content)), "no whole picture")
        raise InputError(f"{called} is {other}; give a PNG, JPEG, WebP, GIF or BMP file.") from error
    raise InputError(f"{called} has {width:,} by {height:,} pixels; a picture may have {MAX_PIXELS:,} in all.")


def _read_content(path: Path, called: str) -> bytes:
    try:
        size = path.stat().st_size if path.is_file() else 0
    except (OSError, ValueError):
        size = 0  # reading it raises the error
    _check_size(size, called)
    return read_file(path, called)


def _check_size(size: int, called: str) -> None:
    if size > MAX_BYTES:
        raise InputError(f"{called} has {size / 1e6:.0f} MB; a picture may have {MAX_BYTES / 1e6:.0f} MB.")


def _square(picture, pixels: int) -> np.ndarray:
    from PIL import Image, ImageOps

    picture.draft("RGB", (2 * pixels, 2 * pixels))  # a large JPEG is decoded at reduced size
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I;16"):
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if "A" in picture.getbands() or "transparency" in picture.info:
        small = ImageOps.fit(picture.convert("RGBA"), (pixels, pixels), Image.Resampling.LANCZOS)
        return np.asarray(Image.alpha_composite(Image.new("RGBA", small.size, "white"), small).convert("RGB"))
    return np.asarray(ImageOps.fit(picture.convert("RGB"), (pixels, pixels), Image.Resampling.LANCZOS))
