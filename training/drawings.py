"""Drawings made for this project: SVG documents whose parts are shaded one by one and may be icon-set pictograms.

A drawing is ``drawings/NAME.svg``, on a canvas of 100 x 100; the catalogue calls it ``drawing:NAME``. Its parts, the
children of the root, are put on top of each other in order. A part is a shape, a group that is lit as one body, or an
``image`` whose ``href`` is a pictogram, ``set:name``, with a tint as ``data-tint``. Its ``class`` sets the operation:

========= ==========================================================================================================
(none)    shapes are inflated, images are put there as they are; both cast a soft shadow on what is below
``flat``  as it is, neither lit nor with a shadow: pupils, letters, thin lines
``paint`` gives what is below this colour and keeps its light and shade, and its outline
``cut``   takes away what is below
========= ==========================================================================================================

``data-radius`` is how far the rounding of a shape's rim reaches, in hundredths of the side.
"""

from __future__ import annotations

import base64
import functools
import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np
from PIL import Image
from scipy import ndimage

from training import raster, shading, tints

FOLDER = Path(__file__).parent / "drawings"
PREFIX = "drawing"
"""What the catalogue writes before the name of a drawing, as before those of an icon set."""

RADIUS = 6.0
"""Rounding of a shape where it does not say its own, in hundredths of the side."""

CAST, CAST_BLUR, CAST_SHIFT = 0.28, 0.012, (0.014, 0.008)
"""Darkness of the shadow of a part on what is below, its blur and its offset (down, right) as shares of the side."""

KINDS = ("", "flat", "paint", "cut")
"""What the class of a part may be."""

Pictured = Callable[[str, str], np.ndarray]
"""A pictogram and its tint as an image, float array (h, w, 4), straight alpha."""


@functools.cache
def document(name: str) -> str:
    """Read the SVG document of a drawing.

    Raises
    ------
    ValueError
        If there is no such drawing.
    """
    path = FOLDER / f"{name}.svg"
    if not path.exists():
        raise ValueError(f"there is no drawing {name!r} in {FOLDER}")
    return path.read_text(encoding="utf-8")


def pictograms_of(pictogram: str) -> tuple[str, ...]:
    """Icon-set pictograms used in a drawing, ``drawing:NAME``."""
    images = _root(pictogram.partition(":")[2]).iter(f"{{{raster.SVG}}}image")
    return tuple(image.attrib["href"] for image in images)


def documents(pictogram: str) -> tuple[str, ...]:
    """SVG document of a pictogram that is one of these drawings, as a tuple; () for others."""
    prefix, _, name = pictogram.partition(":")
    return (document(name),) if prefix == PREFIX else ()


def draw(name: str, pictured: Pictured) -> np.ndarray:
    """Render a drawing with shading: RGBA, float32 array (512, 512, 4), straight alpha.

    Parameters
    ----------
    pictured : callable
        Renders the pictograms that the drawing uses.

    Raises
    ------
    ValueError
        If there is no such drawing, it is not an SVG document, or a part has an unknown class or pictogram.
    """
    root = _root(name)
    definitions = [part for part in root if part.tag == f"{{{raster.SVG}}}defs"]
    canvas = np.zeros((raster.SIDE, raster.SIDE, 4), dtype=np.float32)
    for part in root:
        if part.tag != f"{{{raster.SVG}}}defs":
            canvas = _add_part(canvas, part, definitions, pictured)
    return canvas


def _root(name: str) -> Element:
    try:
        return ElementTree.fromstring(document(name))
    except ElementTree.ParseError as error:
        raise ValueError(f"drawings/{name}.svg is no SVG document: {error}") from None


def _add_part(canvas: np.ndarray, part: Element, definitions: list[Element], pictured: Pictured) -> np.ndarray:
    """Draw one part onto the canvas, and return it."""
    kind = part.attrib.get("class", "")
    if kind not in KINDS:
        raise ValueError(f"a part of a drawing has the unknown class {kind!r}; use 'flat', 'paint', 'cut' or none")
    images = list(part.iter(f"{{{raster.SVG}}}image"))
    for image in images:
        _embed(image, pictured)
    layer = raster.rasterise(raster.document_of(part, definitions))
    if kind == "cut":
        canvas[..., 3] *= 1 - layer[..., 3]
        return canvas
    if kind == "paint":
        return _paint(canvas, layer)
    if kind == "":
        if not images:
            layer = _inflate(layer, float(part.attrib.get("data-radius", RADIUS)) / 100)
        canvas[..., :3] *= 1 - CAST * _shadow(layer[..., 3])[..., None]
    return raster.over(layer, canvas)


def _inflate(layer: np.ndarray, radius: float) -> np.ndarray:
    """Shade a layer as if its shapes were inflated, within the bounding box of what is not empty."""
    rows, columns = np.nonzero(layer[..., 3] > 0)
    if not len(rows):
        return layer
    window = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    out = layer.copy()
    out[window] = shading.inflated(layer[window], radius=radius, side=len(layer))
    return out


def _embed(image: Element, pictured: Pictured) -> None:
    """Replace the pictogram name in an ``image`` element by the rendered pictogram."""
    if "href" not in image.attrib:
        raise ValueError("an image of a drawing has no href; write href='set:name'")
    picture = pictured(image.attrib["href"], image.attrib.pop("data-tint", tints.NONE))
    file = io.BytesIO()
    Image.fromarray(raster.as_bytes(picture)).save(file, "PNG", compress_level=1)
    image.attrib["href"] = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _shadow(alpha: np.ndarray) -> np.ndarray:
    """Soft shadow that a part casts on the parts below it."""
    side = len(alpha)
    moved = ndimage.shift(alpha, [share * side for share in CAST_SHIFT], order=1)
    return ndimage.gaussian_filter(moved, CAST_BLUR * side)


def _paint(canvas: np.ndarray, layer: np.ndarray) -> np.ndarray:
    """Recolour the canvas with a layer's colours, keeping its light and shade."""
    share = layer[..., 3:]
    where = (share[..., 0] > 0.5) & (canvas[..., 3] > 0.5)
    if not where.any():
        return canvas
    grey = canvas[..., :3] @ tints.LUMINANCE
    light = (grey / max(float(np.median(grey[where])), 0.05))[..., None]
    colour = layer[..., :3]
    lit = np.where(light < 1, colour * light, 1 - (1 - colour) / np.maximum(light, 1))
    out = canvas.copy()
    out[..., :3] = canvas[..., :3] * (1 - share) + np.clip(lit, 0, 1) * share
    return out
