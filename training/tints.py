"""Recolouring of pictograms by the tints of the catalogue."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

NONE = "-"
"""The tint that changes nothing."""

LUMINANCE = np.array([0.3, 0.59, 0.11], dtype=np.float32)


def tinted(image: np.ndarray, tint: str) -> np.ndarray:
    """Apply a tint to an RGBA image with straight alpha, float array (h, w, 4).

    ``#rrggbb/#rrggbb`` paints a one-colour pictogram: its shape in the first colour, the holes it encloses in the
    second. ``hue:D`` turns the hue by D degrees. ``gain:R,G,B`` multiplies the channels. ``tone:#rrggbb`` gives the
    middle brightness this colour and keeps light and shade. ``-`` leaves the image as it is.

    Raises
    ------
    ValueError
        For an unknown tint.
    """
    if tint in ("", NONE):
        return image
    if tint.startswith("#"):
        shape, _, holes = tint.partition("/")
        return _paint(image, shape, holes)
    kind, _, value = tint.partition(":")
    if kind not in _COLOUR_CHANGES:
        raise ValueError(f"unknown tint {tint!r}; use '#rrggbb/#rrggbb', 'hue:D', 'gain:R,G,B' or 'tone:#rrggbb'")
    out = image.copy()
    out[..., :3] = _COLOUR_CHANGES[kind](image, value)
    return out


def _paint(image: np.ndarray, shape: str, holes: str) -> np.ndarray:
    """Paint a one-colour pictogram in one colour, or in a second one in its holes."""
    alpha = image[..., 3:]
    hull = ndimage.binary_fill_holes(alpha[..., 0] > 0.5)[..., None].astype(np.float32)
    out = image.copy()
    out[..., :3] = _rgb(shape) * alpha + _rgb(holes or shape) * (1 - alpha)
    out[..., 3:] = np.maximum(alpha, hull if holes else 0)
    return out


def _gain(image: np.ndarray, value: str) -> np.ndarray:
    return np.clip(image[..., :3] * np.array(value.split(","), dtype=np.float32), 0, 1)


def _hue(image: np.ndarray, value: str) -> np.ndarray:
    hsv = np.asarray(Image.fromarray((image[..., :3] * 255).astype(np.uint8)).convert("HSV")).copy()
    hsv[..., 0] = (hsv[..., 0].astype(int) + int(float(value) / 360 * 256)) % 256
    return np.asarray(Image.fromarray(hsv, "HSV").convert("RGB"), dtype=np.float32) / 255


def _tone(image: np.ndarray, value: str) -> np.ndarray:
    grey = image[..., :3] @ LUMINANCE
    middle = np.median(grey[image[..., 3] > 0.5])
    share = (grey / middle)[..., None]
    lighter = 1 - (1 - _rgb(value)) * (1 - grey[..., None]) / (1 - middle)
    return np.where(share < 1, _rgb(value) * share, lighter)


_COLOUR_CHANGES = {"gain": _gain, "hue": _hue, "tone": _tone}


def _rgb(code: str) -> np.ndarray:
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32) / 255
