"""Pictures as files: grids, single pictures and animations."""

from __future__ import annotations

import io
import json
import math
import warnings
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

from alignment.errors import InputError
from alignment.files.writing import write_file

FRAME_SECONDS = 0.12  # of each picture of an animation
MIN_MP4_PIXELS = 256  # smaller pictures are enlarged


def grid(pictures: np.ndarray, *, columns: int | None = None, gap: int = 2) -> np.ndarray:
    """Pictures side by side on white, row by row.

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
    """Endings of the picture formats that hold a red-green-blue picture."""
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


def save_animation(pictures: np.ndarray, path: str | Path, *, seconds: float = FRAME_SECONDS) -> None:
    """Write pictures, uint8 (n, h, w, 3), as an animation, each shown for ``seconds``.

    Raises
    ------
    InputError
        When the file does not end in .gif or .mp4 or cannot be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in ANIMATIONS:
        raise InputError(f"{path} is not the name of an animation; write to a name such as cat.gif or cat.mp4.")
    write_file(path, ANIMATIONS[suffix](pictures, seconds=seconds))


def gif(pictures: np.ndarray, *, seconds: float = FRAME_SECONDS) -> bytes:
    """Pictures, uint8 (n, h, w, 3), as a GIF that repeats without end."""
    from PIL import Image

    first, *others = [Image.fromarray(picture).quantize(256) for picture in pictures]
    file = io.BytesIO()
    milliseconds = round(1000 * seconds)
    first.save(file, "GIF", save_all=True, append_images=others, duration=milliseconds, loop=0, optimize=False)
    return file.getvalue()


def mp4(pictures: np.ndarray, *, seconds: float = FRAME_SECONDS) -> bytes:
    """Pictures, uint8 (n, h, w, 3), as an H.264 film that browsers play.

    Colours are stored at half the resolution (yuv420p), and sides must be even: small pictures are therefore enlarged
    (Lanczos) by the smallest even factor that brings them to at least 256 pixels.
    """
    import av

    height, width = pictures.shape[1:3]
    factor = 1 if min(height, width) >= MIN_MP4_PIXELS else 2 * -(-MIN_MP4_PIXELS // (2 * min(height, width)))
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=Fraction(seconds).limit_denominator(1000) ** -1)
        stream.width, stream.height = (side * factor // 2 * 2 for side in (width, height))
        stream.pix_fmt, stream.options = "yuv420p", {"crf": "16"}
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture))
            film.mux(stream.encode(frame.reformat(stream.width, stream.height, "yuv420p", interpolation="LANCZOS")))
        film.mux(stream.encode())
    return file.getvalue()


ANIMATIONS = {".gif": gif, ".mp4": mp4}
