"""Pictures as files: grids, single pictures and animations."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from alignment.errors import InputError


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


def save_picture(picture: np.ndarray, path: str | Path) -> None:
    """Write one picture, uint8 (h, w, 3), in the format its name ends in (PNG, JPEG, WebP, ...).

    Raises
    ------
    InputError
        When the ending names no picture format, or the file cannot be written.
    """
    from PIL import Image

    try:
        Image.fromarray(picture).save(path)
    except ValueError as error:
        raise InputError(f"{path} does not end in a picture format; write to a name such as cat.png.") from error
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}.") from error


def save_animation(pictures: np.ndarray, path: str | Path, *, seconds: float = 0.12) -> None:
    """Write pictures, uint8 (n, h, w, 3), as a GIF that runs for ever, each shown for ``seconds``.

    Raises
    ------
    InputError
        When the file does not end in .gif or cannot be written.
    """
    from PIL import Image

    if Path(path).suffix.lower() != ".gif":
        raise InputError(f"{path} is not the name of an animation; write to a name such as cat.gif.")
    first, *others = [Image.fromarray(picture).quantize(256) for picture in pictures]
    try:
        first.save(path, save_all=True, append_images=others, duration=round(1000 * seconds), loop=0, optimize=False)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}.") from error
