"""Shading of flat drawings (a height map from the silhouette gives normals, normals give light), and shadows."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

LIGHT = np.array([-0.45, -0.62, 0.64])
"""Direction of the light: from the left, above and in front."""

ENGRAVING_RADIUS = 0.025
"""Rounding of the lines of a one-colour pictogram, as a share of the side."""

HEIGHT_BLUR = 0.011
"""Standard deviation of the blur of the height, as a share of the side."""

DARK_TINT = np.array([0.12, -0.02, 0.2])
"""Added to red, green and blue of a fully shaded colour: shades turn slightly violet, as in Fluent Emoji."""


def inflated(
    image: np.ndarray,
    *,
    strength: float = 1.0,
    engraved: np.ndarray | None = None,
    radius: float = 0.14,
    border: str = "outside",
    side: int | None = None,
) -> np.ndarray:
    """Shade a flat drawing as if its silhouette were inflated.

    The distance to the rim gives the height h, the height gives the normal n = (-dh/dx, -dh/dy, 1) / length.
    Brightness follows the diffuse light n · l, on top of it lies a soft gloss (n · (l + v))^24.

    Parameters
    ----------
    image : float array (h, w, 4)
        RGBA with straight alpha.
    strength : float
        0 leaves the drawing flat.
    engraved : float array (h, w), optional
        Where a one-colour pictogram has its lines, which stand out a little.
    radius : float
        How far the rounding of the rim reaches, as a share of the side.
    border : {"outside", "inside"}
        What is assumed beyond the edge of the image.
    side : int, optional
        Side in pixels that shares refer to, by default the image's height; larger where the image is a window.

    Returns
    -------
    float32 array (h, w, 4)

    References
    ----------
    Johnston (2002), Lumo: illumination for cel animation, doi:10.1145/508530.508538.
    """
    normal = _normals(image[..., 3], engraved, radius, border, side or len(image))
    light = LIGHT / np.linalg.norm(LIGHT)
    diffuse = normal @ light
    halfway = light + np.array([0, 0, 1])
    gloss = np.maximum(normal @ (halfway / np.linalg.norm(halfway)), 0) ** 24
    brightness = 1 + strength * (0.62 * (diffuse - light[2]))
    brightness = np.clip(brightness, 0.35, 1.45)[..., None]
    rgb = image[..., :3]
    shade = np.where(brightness < 1, brightness + (1 - brightness) * DARK_TINT, brightness)
    rgb = np.where(shade > 1, rgb + (1 - rgb) * (shade - 1) * 0.8, rgb * shade)
    rgb = rgb + (1 - rgb) * (0.32 * strength * (gloss - 0.35).clip(0))[..., None]
    return np.concatenate([np.clip(rgb, 0, 1), image[..., 3:]], axis=-1).astype(np.float32)


def _normals(alpha: np.ndarray, engraved: np.ndarray | None, radius: float, border: str, side: int) -> np.ndarray:
    """Unit normals (h, w, 3) of the inflated silhouette."""
    pad = round(0.05 * side) if border == "outside" else side // 4
    inside = np.pad(alpha > 0.5, pad, mode="constant" if border == "outside" else "edge")
    height = 0.75 * _rounded(inside, radius * side) + 0.25 * _rounded(inside, 0.3 * radius * side)
    if engraved is not None:
        height = height + 0.7 * _rounded(np.pad(engraved > 0.5, pad), ENGRAVING_RADIUS * side)
    height = ndimage.gaussian_filter(height, HEIGHT_BLUR * side)
    down, across = np.gradient(height)
    normal = np.stack([-across, -down, np.ones_like(height)], axis=-1)[pad:-pad, pad:-pad]
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return normal


def _rounded(inside: np.ndarray, radius: float) -> np.ndarray:
    """Height in pixels of a shape whose rim is a quarter circle of `radius` pixels."""
    rim = np.minimum(ndimage.distance_transform_edt(inside) / radius, 1)
    return radius * np.sqrt(np.maximum(1 - (1 - rim) ** 2, 0))


def cast_shadow(alpha: np.ndarray) -> np.ndarray:
    """Shadow of an object on the ground: a soft drop shadow and a dense contact shadow under its foot.

    Parameters
    ----------
    alpha : float array (side, side)

    Returns
    -------
    float32 array (side, side), 0 to 1
    """
    side = len(alpha)
    drop = ndimage.gaussian_filter(ndimage.shift(alpha, (0.02 * side, 0.012 * side), order=1), 0.03 * side)
    foot = np.nonzero(alpha.max(axis=1) > 0.3)[0].max()
    low = alpha[max(0, foot - round(0.16 * side)) : foot + 1].max(axis=0)
    columns = np.nonzero(low > 0.3)[0]
    middle, half = (columns.min() + columns.max()) / 2, max(columns.max() - columns.min(), 0.2 * side) / 2
    y, x = np.mgrid[:side, :side]
    ellipse = ((x - middle) / (1.08 * half)) ** 2 + ((y - foot + 0.005 * side) / (0.045 * side)) ** 2
    contact = ndimage.gaussian_filter((ellipse < 1).astype(np.float32), (0.014 * side, 0.03 * side))
    return np.maximum(0.55 * drop, contact).astype(np.float32)
