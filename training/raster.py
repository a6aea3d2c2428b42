"""Images as arrays: SVG rasterisation, decoding of image files, compositing, downscaling."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from xml.etree.ElementTree import Element

import numpy as np
from PIL import Image

SVG = "http://www.w3.org/2000/svg"
"""The namespace of SVG's elements."""

SIDE = 512
"""Side of a rasterised drawing in pixels, before it is reduced to a texture."""


def document_of(part: Element, definitions: Iterable[Element]) -> str:
    """SVG document with a single part of a drawing, on a canvas of 100 x 100."""
    root = Element(f"{{{SVG}}}svg", {"viewBox": "0 0 100 100"})
    root.extend([*definitions, part])
    return ElementTree.tostring(root, encoding="unicode")


def rasterise(document: str, side: int = SIDE) -> np.ndarray:
    """Rasterise an SVG document.

    Returns
    -------
    float32 array (side, side, 4), RGBA in [0, 1], straight alpha
    """
    import resvg_py

    return decode(bytes(resvg_py.svg_to_bytes(svg_string=document, width=side, height=side)))


def decode(data: bytes) -> np.ndarray:
    """Decode an image file (PNG, WebP, ...) to a float32 array (h, w, 4), RGBA in [0, 1], straight alpha."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"), dtype=np.float32) / 255


def premultiplied(image: np.ndarray) -> np.ndarray:
    """An RGBA image (h, w, 4) with its colours multiplied by its alpha, float32."""
    return np.concatenate([image[..., :3] * image[..., 3:], image[..., 3:]], axis=-1).astype(np.float32)


def over(layer: np.ndarray, canvas: np.ndarray) -> np.ndarray:
    """Composite a layer over a canvas, RGBA images (h, w, 4) with straight alpha, float32."""
    alpha = layer[..., 3:]
    below = canvas[..., 3:] * (1 - alpha)
    whole = alpha + below
    rgb = (layer[..., :3] * alpha + canvas[..., :3] * below) / np.maximum(whole, 1e-6)
    return np.concatenate([rgb, whole], axis=-1).astype(np.float32)


def reduced(image: np.ndarray, side: int) -> np.ndarray:
    """An RGBA image (h, w, 4) averaged down to a square, planes first: float32 array (4, side, side)."""
    kind = Image.Resampling.BOX if image.shape[0] >= 2 * side else Image.Resampling.LANCZOS
    planes = [Image.fromarray(image[..., c]).resize((side, side), kind) for c in range(4)]
    return np.stack([np.asarray(plane) for plane in planes]).clip(0, 1).astype(np.float32)


def as_bytes(planes: np.ndarray) -> np.ndarray:
    """Quantise numbers in [0, 1] to uint8."""
    return np.round(255 * planes).astype(np.uint8)
