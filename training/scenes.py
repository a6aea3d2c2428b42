"""Settings in which the things stand: two painted layers each, far and near.

A layer is a list of shapes on a 100 x 100 canvas, of which the camera sees
about the middle 80. The far layer is opaque; the near one lets it show through
and moves more when the camera pans, as near things do.
"""

import numpy as np
from scipy import ndimage

from training.glyphs import rasterise, shrink

MARGIN = 1.5
"""Side of a scene texture, in sides of the picture."""


def rect(x, y, width, height, fill):
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>'


def oval(x, y, rx, ry, fill):
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}"/>'


def shape(points, fill):
    return f'<polygon points="{points}" fill="{fill}"/>'


def curve(path, fill):
    return f'<path d="{path}" fill="{fill}"/>'


def fade(top, bottom, y=0, height=100):
    """Return a rectangle across the canvas whose colour runs from `top` to `bottom`."""
    name = f"g{top[1:]}{bottom[1:]}"
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1"><stop stop-color="{top}"/>'
        f'<stop offset="1" stop-color="{bottom}"/></linearGradient>' + rect(0, y, 100, height, f"url(#{name})")
    )


def _pines(fill, base, *tips):
    return "".join(shape(f"{x},{y} {x - 9},{base} {x + 9},{base}", fill) for x, y in tips)


SKY = fade("#6db3ee", "#d3ecfb")

# name: (far layer, near layer)
SCENES = {
    "underwater": (
        fade("#4cc3dd", "#0b4a7d")
        + shape("20,0 34,0 18,80 0,80", "#7ddcea")
        + shape("62,0 74,0 92,80 76,80", "#6fd3e6"),
        curve("M0 86 Q25 78 50 86 T100 84 V100 H0Z", "#c9b27c")
        + oval(12, 80, 3, 12, "#1f7f5c")
        + oval(90, 78, 3, 14, "#1f7f5c"),
    ),
    "water": (
        fade("#8fc7f0", "#e4f3fb", 0, 46)
        + oval(24, 22, 13, 4, "#ffffff")
        + oval(76, 30, 11, 3, "#ffffff")
        + fade("#3d8fc4", "#17598f", 46, 54),
        oval(24, 64, 16, 1.6, "#86c4e6") + oval(76, 74, 18, 1.8, "#79b9df") + oval(38, 87, 20, 2, "#6aaed8"),
    ),
    "beach": (
        fade("#79c4f2", "#dff2fb", 0, 42) + fade("#2fa3c4", "#6fd0d6", 42, 30),
        curve("M0 60 Q30 54 60 60 T100 57 V100 H0Z", "#ffffff")
        + curve("M0 63 Q30 57 60 63 T100 60 V100 H0Z", "#f0dba6"),
    ),
    "sky": (
        fade("#3f8fdf", "#bfe2f8") + oval(84, 16, 7, 7, "#fff3b8"),
        oval(18, 72, 18, 8, "#ffffff")
        + oval(34, 76, 14, 6, "#f3f9fd")
        + oval(82, 60, 16, 6, "#ffffff")
        + oval(70, 88, 22, 8, "#f0f7fc"),
    ),
    "savanna": (
        fade("#8fc4e8", "#f6ecd0", 0, 52) + oval(76, 30, 8, 8, "#fffbe0") + fade("#b9b566", "#8f9440", 52, 48),
        rect(15, 34, 2.5, 22, "#5f4326") + oval(16, 33, 14, 4.5, "#6b7a2c") + oval(70, 84, 24, 2.5, "#d2cc84"),
    ),
    "desert": (
        fade("#7fc0ea", "#f4e3c0", 0, 60) + curve("M0 54 Q25 40 50 54 T100 50 V100 H0Z", "#ecd9a8"),
        curve("M0 72 Q35 60 70 74 T100 70 V100 H0Z", "#dcc088")
        + rect(86, 46, 4, 22, "#4f8a4a")
        + rect(82, 52, 3, 9, "#4f8a4a"),
    ),
    "forest": (
        fade("#d5ecd6", "#9ccb9c", 0, 64)
        + _pines("#569a6a", 66, (8, 8), (26, 16), (74, 14), (92, 6), (50, 24))
        + fade("#86a852", "#5a8238", 64, 36),
        rect(4, 0, 7, 72, "#53391f") + rect(90, 0, 8, 76, "#4a321b") + oval(50, 90, 34, 5, "#a3c46c"),
    ),
    "snow": (
        fade("#93b7dc", "#dbe8f4", 0, 56)
        + shape("0,56 22,28 44,56", "#a9bdd4")
        + shape("50,56 78,22 100,50 100,56", "#b7c9dd")
        + fade("#eef4fa", "#c9d8e8", 56, 44),
        _pines("#4f7a72", 62, (8, 38), (93, 36)) + oval(62, 84, 30, 4, "#ffffff"),
    ),
    "mountain": (
        SKY
        + rect(0, 66, 100, 34, "#7f9a78")
        + shape("0,70 30,22 60,70", "#7a86a0")
        + shape("22,35 30,22 38,35", "#ffffff")
        + shape("42,70 76,30 100,62 100,70", "#8b97ae"),
        curve("M0 68 Q30 60 60 69 T100 66 V100 H0Z", "#6f9a58")
        + oval(18, 88, 12, 4, "#8f9488")
        + oval(84, 82, 10, 4, "#8f9488"),
    ),
    "meadow": (
        SKY + oval(24, 20, 12, 4, "#ffffff") + curve("M0 56 Q25 46 50 55 T100 52 V100 H0Z", "#8cc152"),
        curve("M0 74 Q30 66 60 74 T100 72 V100 H0Z", "#6aa83c")
        + oval(14, 88, 2, 2, "#fff7c0")
        + oval(88, 86, 2, 2, "#ffffff"),
    ),
    "garden": (
        fade("#a9d8f0", "#e3f4e0", 0, 62)
        + curve("M0 42 Q25 24 50 40 T100 36 V70 H0Z", "#4f9448")
        + fade("#8ccb5e", "#5fa63c", 62, 38),
        oval(10, 72, 4, 4, "#ef6f8f")
        + oval(20, 80, 3, 3, "#ffd75a")
        + oval(88, 74, 4, 4, "#c77fe0")
        + oval(80, 84, 3, 3, "#ffffff"),
    ),
    "road": (
        SKY + curve("M0 48 Q30 40 60 48 T100 46 V62 H0Z", "#7fb262") + fade("#6b7078", "#4d5158", 60, 40),
        rect(6, 78, 16, 3, "#f2f2ea") + rect(42, 78, 16, 3, "#f2f2ea") + rect(78, 78, 16, 3, "#f2f2ea"),
    ),
    "street": (
        fade("#9cc4e4", "#dfeaf2")
        + rect(0, 18, 22, 52, "#b5806a")
        + rect(24, 30, 18, 40, "#c9b08a")
        + rect(60, 26, 18, 44, "#93a0b4")
        + rect(80, 12, 20, 58, "#a9745f")
        + rect(4, 26, 5, 8, "#f5e6a8")
        + rect(13, 26, 5, 8, "#f5e6a8")
        + rect(86, 22, 6, 8, "#f5e6a8"),
        rect(0, 68, 100, 6, "#b8bbc0") + rect(0, 74, 100, 26, "#5a5e66"),
    ),
    "rail": (
        SKY + curve("M0 52 Q30 42 60 52 T100 48 V100 H0Z", "#86a860"),
        rect(0, 70, 100, 30, "#9a8c7c") + rect(0, 78, 100, 2.5, "#4c5058") + rect(0, 88, 100, 2.5, "#4c5058"),
    ),
    "kitchen": (
        fade("#f3e9d6", "#e3d2b4")
        + rect(0, 8, 30, 26, "#8fb0a0")
        + rect(70, 8, 30, 26, "#8fb0a0")
        + rect(38, 12, 24, 24, "#d6edf8"),
        rect(0, 66, 100, 5, "#8a8f96") + rect(0, 71, 100, 29, "#5f8577"),
    ),
    "table": (
        fade("#d9b79a", "#b98d70") + oval(20, 24, 12, 12, "#efd9b8") + oval(80, 30, 12, 12, "#e6caa4"),
        rect(0, 60, 100, 40, "#8e5a34") + oval(50, 80, 40, 12, "#f2ede4") + oval(50, 79, 30, 8, "#dfe6ea"),
    ),
    "livingroom": (
        fade("#c9d6c4", "#b4c4b0", 0, 68)
        + rect(8, 14, 20, 24, "#8a6a4a")
        + rect(10, 16, 16, 20, "#b9dcea")
        + rect(78, 26, 3, 42, "#6a5a4a")
        + shape("72,26 88,26 84,12 76,12", "#f4dfa0"),
        rect(0, 66, 100, 34, "#a8774c") + oval(50, 84, 42, 9, "#9a4550"),
    ),
    "bedroom": (
        fade("#b8b4dc", "#9d99c6", 0, 66)
        + rect(36, 10, 28, 28, "#dfeefa")
        + rect(28, 8, 9, 36, "#7a6fb0")
        + rect(63, 8, 9, 36, "#7a6fb0"),
        rect(0, 64, 100, 36, "#e9e4f2") + rect(0, 64, 100, 8, "#8a7fc0"),
    ),
    "bathroom": (
        fade("#8cc6d6", "#6fb0c4")
        + "".join(rect(x, 0, 1.2, 70, "#b4dee8") for x in (16, 39, 61, 84))
        + "".join(rect(0, y, 100, 1.2, "#b4dee8") for y in (22, 46)),
        rect(0, 68, 100, 32, "#4f7f96") + rect(0, 68, 100, 3, "#d4eef4"),
    ),
    "desk": (
        fade("#a9b9cf", "#8a9db8")
        + rect(6, 14, 26, 22, "#f4d58a")
        + rect(72, 10, 6, 30, "#5a7fb0")
        + rect(79, 14, 5, 26, "#b05a5a")
        + rect(85, 12, 6, 28, "#5aa07a")
        + rect(68, 40, 28, 3, "#7a5a3a"),
        rect(0, 64, 100, 36, "#b98a58") + rect(0, 64, 100, 3, "#d9ae78"),
    ),
    "stage": (
        fade("#5a1230", "#2a0a1e")
        + shape("34,0 44,0 80,72 24,72", "#8a3448")
        + shape("62,0 70,0 84,72 40,72", "#7c2c42"),
        rect(0, 72, 100, 28, "#7a4a2a")
        + oval(50, 82, 36, 7, "#e0b070")
        + rect(0, 0, 8, 76, "#a01c30")
        + rect(92, 0, 8, 76, "#a01c30"),
    ),
    "field": (
        fade("#8cc4f0", "#d4eafa", 0, 34)
        + rect(0, 26, 100, 18, "#8890a4")
        + rect(0, 30, 100, 3, "#c46a6a")
        + rect(0, 37, 100, 3, "#6a8ac4")
        + fade("#57a84a", "#3c8a38", 44, 56),
        rect(0, 58, 100, 2, "#eaf6e6") + oval(50, 84, 44, 8, "#64b456"),
    ),
    "workshop": (
        fade("#8d9096", "#74777d")
        + rect(8, 12, 84, 26, "#a98a62")
        + rect(16, 16, 3, 16, "#50545c")
        + rect(28, 16, 3, 12, "#a8483a")
        + rect(72, 16, 3, 16, "#50545c")
        + rect(82, 16, 4, 10, "#3a6a9a"),
        rect(0, 66, 100, 34, "#6e4a2c") + rect(0, 66, 100, 4, "#96683e"),
    ),
    "wardrobe": (
        fade("#ead9e0", "#d4bcc8")
        + rect(0, 12, 100, 2.5, "#8a7a80")
        + rect(8, 14, 9, 40, "#6a8ab0")
        + rect(20, 14, 8, 34, "#b06a7a")
        + rect(74, 14, 8, 36, "#7aa080")
        + rect(85, 14, 9, 42, "#c0a060"),
        rect(0, 74, 100, 26, "#a97f68"),
    ),
    "night": (
        fade("#101a3e", "#3c4f86")
        + oval(80, 20, 7, 7, "#f4ecc0")
        + "".join(oval(x, y, 0.9, 0.9, "#ffffff") for x, y in ((18, 16), (36, 26), (56, 12), (24, 42), (66, 38))),
        curve("M0 76 Q25 68 50 76 T100 72 V100 H0Z", "#1c2a3a"),
    ),
}
"""Every setting by name."""


def texture(name, resolution):
    """Return the two layers of a scene, slightly out of focus as a background is.

    Parameters
    ----------
    name : str
        A key of `SCENES`.
    resolution : int
        Side of the pictures they are for, in pixels.

    Returns
    -------
    ndarray of shape (2, 4, s, s), float32
        Premultiplied RGBA in [0, 1]; far, then near; s is `MARGIN` times the resolution.
    """
    side, layers = round(MARGIN * resolution), []
    for body, blur in zip(SCENES[name], (0.012, 0.0086), strict=True):
        image = rasterise(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{body}</svg>')
        image[..., :3] *= image[..., 3:]
        sigma = blur * side
        layers.append(ndimage.gaussian_filter(shrink(image, side), (0, sigma, sigma), mode="nearest"))
    return np.stack(layers)
