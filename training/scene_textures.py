"""Textures of scenes for the renderer, with shaded bodies."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import ndimage

from training import scenes
from training.raster import SIDE, over, premultiplied, rasterise, reduced
from training.scenes import Body
from training.shading import inflated

MARGIN = 1.5
"""Side of a scene texture, in sides of the picture."""

LAYER_BLURS = (0.016, 0.006)
"""Standard deviation of the blur of the far and the near layer, as a share of the texture's side."""


def texture(name: str, resolution: int) -> np.ndarray:
    """Layers of both versions of a scene, softly lit, the far ones more blurred.

    Parameters
    ----------
    name : str
        One of :data:`training.scenes.NAMES`.
    resolution : int
        Side of the pictures they are for, in pixels.

    Returns
    -------
    float32 array (2, 2, 4, s, s)
        Premultiplied RGBA in [0, 1] for each version and layer; far, then near; s is `MARGIN` times the resolution.
    """
    return np.stack([_version(name, version, resolution) for version in range(1, scenes.VERSIONS + 1)])


def _version(name: str, version: int, resolution: int) -> np.ndarray:
    """The two layers of one version of a scene, (2, 4, s, s)."""
    side, layers = round(MARGIN * resolution), []
    for bodies, blur in zip(scenes.layers(name, version), LAYER_BLURS, strict=True):
        image = _layer(bodies)
        image[..., :3] = _light(image[..., :3])
        sigma = blur * side
        layers.append(ndimage.gaussian_filter(reduced(premultiplied(image), side), (0, sigma, sigma), mode="nearest"))
    return np.stack(layers)


def _layer(bodies: Iterable[Body]) -> np.ndarray:
    """Render a layer, RGBA with straight alpha, float array (side, side, 4): its bodies with their shadows."""
    out = np.zeros((SIDE, SIDE, 4), dtype=np.float32)
    for body in bodies:
        image = rasterise(body.document)
        if not body.is_flat:
            image = inflated(image, strength=0.5, radius=0.06, border="inside")
            shadow = ndimage.gaussian_filter(ndimage.shift(image[..., 3], (8, 4), order=1, mode="nearest"), 9)
            out[..., :3] *= 1 - 0.2 * shadow[..., None]
        out = over(image, out)
    return out


def _light(rgb: np.ndarray) -> np.ndarray:
    """Light colours (h, w, 3) softly from the upper left, and darken the lower corners."""
    y, x = np.mgrid[: len(rgb), : len(rgb)] / len(rgb)
    glow = np.exp(-(((x - 0.34) / 0.55) ** 2 + ((y - 0.26) / 0.5) ** 2))[..., None]
    corner = np.clip(np.hypot((x - 0.5) / 0.72, (y - 0.45) / 0.72) - 0.35, 0, None)[..., None]
    rgb = rgb * (1 - 0.28 * corner**1.3)
    return rgb + (1 - rgb) * 0.22 * glow
