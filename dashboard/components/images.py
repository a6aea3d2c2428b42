"""Pictures for the browser: upscaled, and encoded as PNG or JPEG data URIs."""

from __future__ import annotations

import base64
import io

import numpy as np

from alignment.images.picture_files import png
from alignment.study.pictures import THUMBNAIL_PIXELS

PAGE_WIDTH = 1200  # rows of pictures grow no wider, however wide the window
LOSSLESS_PIXELS = 160
SHOWN_PIXELS = 256  # a smaller picture is enlarged to at least this


def enlarged(picture: np.ndarray, pixels: int = SHOWN_PIXELS) -> np.ndarray:
    """Upscale a picture (Lanczos) by the smallest integer factor that makes it at least ``pixels`` wide.

    Parameters
    ----------
    picture : uint8 array (h, w, 3)
    pixels : int
        Minimum width; a picture at least as wide is returned unchanged.

    Returns
    -------
    uint8 array (f h, f w, 3)
    """
    from PIL import Image

    height, width, _ = picture.shape
    factor = -(-pixels // width)
    if factor <= 1:
        return picture
    size = (width * factor, height * factor)
    return np.asarray(Image.fromarray(np.ascontiguousarray(picture)).resize(size, Image.Resampling.LANCZOS))


def data_uri(picture: np.ndarray) -> str:
    """Picture, uint8 (h, w, 3), as a PNG data URI."""
    return "data:image/png;base64," + base64.b64encode(png(picture)).decode("ascii")


def jpeg(picture: np.ndarray, quality: int = 92) -> bytes:
    """Picture, uint8 (h, w, 3), as a JPEG: a fraction of the size of a PNG, with invisible differences from a quality
    of 92."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()


def jpeg_uri(picture: np.ndarray, quality: int = 92) -> str:
    """:func:`jpeg` as a data URI."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg(picture, quality)).decode("ascii")


def picture_uri(picture: np.ndarray) -> str:
    """Picture, uint8 (h, w, 3), as a data URI: a JPEG beyond ``LOSSLESS_PIXELS``, else a PNG."""
    return data_uri(picture) if picture.shape[1] <= LOSSLESS_PIXELS else jpeg_uri(picture)


def thumbnail(picture: np.ndarray) -> str:
    """:func:`data_uri` of a picture scaled (Lanczos) to ``THUMBNAIL_PIXELS`` a side."""
    from PIL import Image

    size = (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS)
    return data_uri(np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS)))
