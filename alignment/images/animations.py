"""Animations from a sequence of pictures, as GIF and MP4: frame duration, size, optional reversed second half."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from alignment.errors import InputError
from alignment.files.writing import write_file

FRAME_SECONDS = 0.12  # of each picture of an animation
MIN_MP4_PIXELS = 256  # smaller pictures are enlarged, unless another size is asked for
MIN_SIZE, MAX_SIZE = 16, 2048  # of an animation, in pixels


def save_animation(
    pictures: np.ndarray,
    path: str | Path,
    *,
    seconds: float = FRAME_SECONDS,
    size: int | None = None,
    and_back: bool = False,
) -> None:
    """Write pictures, uint8 (n, h, w, 3), as an animation, each shown for ``seconds``; see :func:`gif` for the rest.

    Raises
    ------
    InputError
        When the file does not end in .gif or .mp4 or cannot be written, and for a size out of range.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in ANIMATIONS:
        raise InputError(f"{path} is not the name of an animation; write to a name such as cat.gif or cat.mp4.")
    write_file(path, ANIMATIONS[suffix](pictures, seconds=seconds, size=size, and_back=and_back))


def check_size(size: int | None) -> None:
    """Raise InputError for a size of an animation that is odd or out of range; None is the size as drawn."""
    if size is not None and (not MIN_SIZE <= size <= MAX_SIZE or size % 2):
        raise InputError(f"An animation has an even size from {MIN_SIZE} to {MAX_SIZE} pixels; got {size}.")


def gif(
    pictures: np.ndarray, *, seconds: float = FRAME_SECONDS, size: int | None = None, and_back: bool = False
) -> bytes:
    """Pictures, uint8 (n, h, w, 3), as a GIF that repeats without end.

    Parameters
    ----------
    seconds : float
        For which each picture is shown.
    size : int, even, 16 to 2048, optional
        Pixels of the longer side; pictures are brought to it by a Lanczos filter. By default they are as they are.
    and_back : bool
        Whether the pictures follow in reverse order, the last and the first shown once.

    Raises
    ------
    InputError
        For a size out of range.
    """
    first, *others = [picture.quantize(256) for picture in _resize(pictures, size)]
    others += others[-2::-1] if and_back else []
    file = io.BytesIO()
    milliseconds = round(1000 * seconds)
    first.save(file, "GIF", save_all=True, append_images=others, duration=milliseconds, loop=0, optimize=False)
    return file.getvalue()


def mp4(
    pictures: np.ndarray, *, seconds: float = FRAME_SECONDS, size: int | None = None, and_back: bool = False
) -> bytes:
    """Pictures, uint8 (n, h, w, 3), as an H.264 film that browsers play; parameters as of :func:`gif`.

    Colours are stored at half the resolution (yuv420p), and sides must be even: small pictures are therefore enlarged
    (Lanczos) by the smallest even factor that brings them to at least 256 pixels, unless a size is asked for.
    """
    import av

    size = size or _size_of_film(pictures)
    frames = np.concatenate([pictures, pictures[-2:0:-1]]) if and_back else pictures
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=Fraction(seconds).limit_denominator(1000) ** -1)
        stream.width, stream.height = (side // 2 * 2 for side in _sides(pictures, size))
        stream.pix_fmt, stream.options = "yuv420p", {"crf": "16"}
        for picture in _resize(frames, size):
            frame = av.VideoFrame.from_image(picture)
            film.mux(stream.encode(frame.reformat(stream.width, stream.height, "yuv420p", interpolation="LANCZOS")))
        film.mux(stream.encode())
    return file.getvalue()


def _size_of_film(pictures: np.ndarray) -> int | None:
    """Pixels of the longer side to which small pictures are enlarged in a film; None where they are large enough."""
    shorter, longer = sorted(pictures.shape[1:3])
    return None if shorter >= MIN_MP4_PIXELS else longer * 2 * -(-MIN_MP4_PIXELS // (2 * shorter))


def _resize(pictures: np.ndarray, size: int | None) -> Iterator:
    """Yield pictures, uint8 (n, h, w, 3), as Pillow images whose longer side has ``size`` pixels (Lanczos)."""
    from PIL import Image

    sides = _sides(pictures, size)
    for picture in pictures:
        image = Image.fromarray(np.ascontiguousarray(picture))
        yield image if sides == image.size else image.resize(sides, Image.Resampling.LANCZOS)


def _sides(pictures: np.ndarray, size: int | None) -> tuple[int, int]:
    """Width and height of frames whose longer side has ``size`` pixels."""
    check_size(size)
    height, width = pictures.shape[1:3]
    factor = 1 if size is None else size / max(height, width)
    return round(width * factor), round(height * factor)


ANIMATIONS = {".gif": gif, ".mp4": mp4}
