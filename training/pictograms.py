"""From SVG pictograms to small premultiplied textures."""

import io

import numpy as np
from PIL import Image
from scipy import ndimage

from training.sources import svg

SIDE = 512
"""Side of a drawing in pixels before it is made small."""


def rasterise(document):
    """Return an SVG document as float RGBA in [0, 1], shape (SIDE, SIDE, 4), straight alpha."""
    import resvg_py

    png = bytes(resvg_py.svg_to_bytes(svg_string=document, width=SIDE, height=SIDE))
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"), dtype=np.float32) / 255


def _rgb(code):
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32) / 255


def recolour(image, tint):
    """Apply a tint to RGBA `image` (h, w, 4).

    ``#rrggbb/#rrggbb`` paints a one-colour pictogram: its shape in the first
    colour, the holes it encloses in the second. ``hue:D`` turns the hue by D
    degrees; ``gain:R,G,B`` multiplies the channels. Empty leaves it as it is.
    """
    if not tint:
        return image
    kind, _, value = tint.partition(":")
    out = image.copy()
    if kind == "gain":
        out[..., :3] = np.clip(image[..., :3] * np.array(value.split(","), dtype=np.float32), 0, 1)
    elif kind == "hue":
        hsv = np.asarray(Image.fromarray((image[..., :3] * 255).astype(np.uint8)).convert("HSV")).copy()
        hsv[..., 0] = (hsv[..., 0].astype(int) + int(float(value) / 360 * 256)) % 256
        out[..., :3] = np.asarray(Image.fromarray(hsv, "HSV").convert("RGB"), dtype=np.float32) / 255
    elif tint.startswith("#"):
        shape, _, inside = tint.partition("/")
        alpha = image[..., 3:]
        hull = ndimage.binary_fill_holes(alpha[..., 0] > 0.5)[..., None].astype(np.float32)
        out[..., :3] = _rgb(shape) * alpha + _rgb(inside or shape) * (1 - alpha)
        out[..., 3:] = np.maximum(alpha, hull if inside else 0)
    else:
        raise ValueError(f"unknown tint {tint!r}; use '#rrggbb/#rrggbb', 'hue:D' or 'gain:R,G,B'")
    return out


def shrink(image, side):
    """Return RGBA of shape (h, w, 4), averaged down to (4, side, side), float32."""
    planes = [Image.fromarray(image[..., c]).resize((side, side), Image.Resampling.BOX) for c in range(4)]
    return np.stack([np.asarray(plane) for plane in planes]).astype(np.float32)


def texture(glyph, tint, side):
    """Return a glyph trimmed, centred and scaled to fill a square.

    Returns
    -------
    ndarray of shape (4, side, side), float32
        Premultiplied RGBA in [0, 1].
    """
    image = recolour(rasterise(svg(glyph)), tint)
    image = np.concatenate([image[..., :3] * image[..., 3:], image[..., 3:]], axis=-1)
    rows, columns = np.nonzero(image[..., 3] > 0.05)
    image = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    whole = int(max(image.shape[:2]) * 1.06)
    square = np.zeros((whole, whole, 4), dtype=np.float32)
    top, left = (whole - image.shape[0]) // 2, (whole - image.shape[1]) // 2
    square[top : top + image.shape[0], left : left + image.shape[1]] = image
    return shrink(square, side)
