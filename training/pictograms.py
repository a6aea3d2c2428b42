"""Textures of the catalogue's pictograms for the renderer."""

from __future__ import annotations

import numpy as np

from training import drawings, sources
from training.raster import decode, premultiplied, rasterise, reduced
from training.shading import cast_shadow, inflated
from training.tints import tinted

MARGIN = 1.12
"""Side of a texture, in longer sides of the object on it: leaves space for its shadow."""

HEIGHT_OF_FOOT = 0.62
"""Share of the free height of a texture that is above the object."""


def drawing(pictogram: str, tint: str) -> np.ndarray:
    """Render a pictogram with its tint, inflated if it is flat: RGBA, float32 array (h, w, 4), straight alpha."""
    prefix, _, name = pictogram.partition(":")
    if prefix == drawings.PREFIX:
        return tinted(drawings.draw(name, drawing), tint)
    if sources.source_of(pictogram).is_rendered:
        return tinted(decode(sources.webp(pictogram)), tint)
    flat = rasterise(sources.svg(pictogram))
    return inflated(tinted(flat, tint), engraved=flat[..., 3] if tint.startswith("#") else None)


def texture(pictogram: str, tint: str, side: int) -> np.ndarray:
    """Texture of a pictogram: trimmed, scaled to fill a square, placed in its lower half, with its shadow.

    Returns
    -------
    float32 array (5, side, side)
        Premultiplied RGBA in [0, 1], and the shadow it casts.
    """
    image = premultiplied(drawing(pictogram, tint))
    rows, columns = np.nonzero(image[..., 3] > 0.05)
    image = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    height, width, _ = image.shape
    longer = max(height, width)
    whole = int(longer * MARGIN)
    square = np.zeros((whole, whole, 4), dtype=np.float32)
    top = (whole - longer) // 2 + int(HEIGHT_OF_FOOT * (longer - height))
    left = (whole - width) // 2
    square[top : top + height, left : left + width] = image
    planes = reduced(square, side)
    return np.concatenate([planes, cast_shadow(planes[3])[None]])
