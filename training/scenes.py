"""Settings in which the things stand: two painted layers each, far and near.

A layer is a list of shapes on a 100 x 100 canvas, of which the camera sees about the middle 80. The far layer is
opaque; the near one lets it show through and moves more when the camera pans, as near things do.
"""

from __future__ import annotations


def rectangle(x: float, y: float, width: float, height: float, fill: str) -> str:
    """A rectangle with its upper left corner at (x, y)."""
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str) -> str:
    """An ellipse around (x, y)."""
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}"/>'


def polygon(points: str, fill: str) -> str:
    """A polygon, corners as ``"x,y x,y x,y"``."""
    return f'<polygon points="{points}" fill="{fill}"/>'


def path(commands: str, fill: str) -> str:
    """A shape bounded by curves, in the commands of an SVG path."""
    return f'<path d="{commands}" fill="{fill}"/>'


def gradient(top: str, bottom: str, y: float = 0, height: float = 100) -> str:
    """A rectangle across the canvas whose colour runs from `top` to `bottom`."""
    name = f"g{top[1:]}{bottom[1:]}"
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1"><stop stop-color="{top}"/>'
        f'<stop offset="1" stop-color="{bottom}"/></linearGradient>' + rectangle(0, y, 100, height, f"url(#{name})")
    )


def pines(fill: str, base: float, *tips: tuple[float, float]) -> str:
    """Triangular trees with their tips at (x, y), all rooted at the height `base`."""
    return "".join(polygon(f"{x},{y} {x - 9},{base} {x + 9},{base}", fill) for x, y in tips)


SKY = gradient("#6db3ee", "#d3ecfb")

SCENES: dict[str, tuple[str, str]] = {
    "underwater": (
        gradient("#4cc3dd", "#0b4a7d")
        + polygon("20,0 34,0 18,80 0,80", "#7ddcea")
        + polygon("62,0 74,0 92,80 76,80", "#6fd3e6"),
        path("M0 86 Q25 78 50 86 T100 84 V100 H0Z", "#c9b27c")
        + ellipse(12, 80, 3, 12, "#1f7f5c")
        + ellipse(90, 78, 3, 14, "#1f7f5c"),
    ),
    "water": (
        gradient("#8fc7f0", "#e4f3fb", 0, 46)
        + ellipse(24, 22, 13, 4, "#ffffff")
        + ellipse(76, 30, 11, 3, "#ffffff")
        + gradient("#3d8fc4", "#17598f", 46, 54),
        ellipse(24, 64, 16, 1.6, "#86c4e6") + ellipse(76, 74, 18, 1.8, "#79b9df") + ellipse(38, 87, 20, 2, "#6aaed8"),
    ),
    "beach": (
        gradient("#79c4f2", "#dff2fb", 0, 42) + gradient("#2fa3c4", "#6fd0d6", 42, 30),
        path("M0 60 Q30 54 60 60 T100 57 V100 H0Z", "#ffffff") + path("M0 63 Q30 57 60 63 T100 60 V100 H0Z", "#f0dba6"),
    ),
    "sky": (
        gradient("#3f8fdf", "#bfe2f8") + ellipse(84, 16, 7, 7, "#fff3b8"),
        ellipse(18, 72, 18, 8, "#ffffff")
        + ellipse(34, 76, 14, 6, "#f3f9fd")
        + ellipse(82, 60, 16, 6, "#ffffff")
        + ellipse(70, 88, 22, 8, "#f0f7fc"),
    ),
    "savanna": (
        gradient("#8fc4e8", "#f6ecd0", 0, 52)
        + ellipse(76, 30, 8, 8, "#fffbe0")
        + gradient("#b9b566", "#8f9440", 52, 48),
        rectangle(15, 34, 2.5, 22, "#5f4326")
        + ellipse(16, 33, 14, 4.5, "#6b7a2c")
        + ellipse(70, 84, 24, 2.5, "#d2cc84"),
    ),
    "desert": (
        gradient("#7fc0ea", "#f4e3c0", 0, 60) + path("M0 54 Q25 40 50 54 T100 50 V100 H0Z", "#ecd9a8"),
        path("M0 72 Q35 60 70 74 T100 70 V100 H0Z", "#dcc088")
        + rectangle(86, 46, 4, 22, "#4f8a4a")
        + rectangle(82, 52, 3, 9, "#4f8a4a"),
    ),
    "forest": (
        gradient("#d5ecd6", "#9ccb9c", 0, 64)
        + pines("#569a6a", 66, (8, 8), (26, 16), (74, 14), (92, 6), (50, 24))
        + gradient("#86a852", "#5a8238", 64, 36),
        rectangle(4, 0, 7, 72, "#53391f") + rectangle(90, 0, 8, 76, "#4a321b") + ellipse(50, 90, 34, 5, "#a3c46c"),
    ),
    "snow": (
        gradient("#93b7dc", "#dbe8f4", 0, 56)
        + polygon("0,56 22,28 44,56", "#a9bdd4")
        + polygon("50,56 78,22 100,50 100,56", "#b7c9dd")
        + gradient("#eef4fa", "#c9d8e8", 56, 44),
        pines("#4f7a72", 62, (8, 38), (93, 36)) + ellipse(62, 84, 30, 4, "#ffffff"),
    ),
    "mountain": (
        SKY
        + rectangle(0, 66, 100, 34, "#7f9a78")
        + polygon("0,70 30,22 60,70", "#7a86a0")
        + polygon("22,35 30,22 38,35", "#ffffff")
        + polygon("42,70 76,30 100,62 100,70", "#8b97ae"),
        path("M0 68 Q30 60 60 69 T100 66 V100 H0Z", "#6f9a58")
        + ellipse(18, 88, 12, 4, "#8f9488")
        + ellipse(84, 82, 10, 4, "#8f9488"),
    ),
    "meadow": (
        SKY + ellipse(24, 20, 12, 4, "#ffffff") + path("M0 56 Q25 46 50 55 T100 52 V100 H0Z", "#8cc152"),
        path("M0 74 Q30 66 60 74 T100 72 V100 H0Z", "#6aa83c")
        + ellipse(14, 88, 2, 2, "#fff7c0")
        + ellipse(88, 86, 2, 2, "#ffffff"),
    ),
    "garden": (
        gradient("#a9d8f0", "#e3f4e0", 0, 62)
        + path("M0 42 Q25 24 50 40 T100 36 V70 H0Z", "#4f9448")
        + gradient("#8ccb5e", "#5fa63c", 62, 38),
        ellipse(10, 72, 4, 4, "#ef6f8f")
        + ellipse(20, 80, 3, 3, "#ffd75a")
        + ellipse(88, 74, 4, 4, "#c77fe0")
        + ellipse(80, 84, 3, 3, "#ffffff"),
    ),
    "road": (
        SKY + path("M0 48 Q30 40 60 48 T100 46 V62 H0Z", "#7fb262") + gradient("#6b7078", "#4d5158", 60, 40),
        rectangle(6, 78, 16, 3, "#f2f2ea") + rectangle(42, 78, 16, 3, "#f2f2ea") + rectangle(78, 78, 16, 3, "#f2f2ea"),
    ),
    "street": (
        gradient("#9cc4e4", "#dfeaf2")
        + rectangle(0, 18, 22, 52, "#b5806a")
        + rectangle(24, 30, 18, 40, "#c9b08a")
        + rectangle(60, 26, 18, 44, "#93a0b4")
        + rectangle(80, 12, 20, 58, "#a9745f")
        + rectangle(4, 26, 5, 8, "#f5e6a8")
        + rectangle(13, 26, 5, 8, "#f5e6a8")
        + rectangle(86, 22, 6, 8, "#f5e6a8"),
        rectangle(0, 68, 100, 6, "#b8bbc0") + rectangle(0, 74, 100, 26, "#5a5e66"),
    ),
    "rail": (
        SKY + path("M0 52 Q30 42 60 52 T100 48 V100 H0Z", "#86a860"),
        rectangle(0, 70, 100, 30, "#9a8c7c")
        + rectangle(0, 78, 100, 2.5, "#4c5058")
        + rectangle(0, 88, 100, 2.5, "#4c5058"),
    ),
    "kitchen": (
        gradient("#f3e9d6", "#e3d2b4")
        + rectangle(0, 8, 30, 26, "#8fb0a0")
        + rectangle(70, 8, 30, 26, "#8fb0a0")
        + rectangle(38, 12, 24, 24, "#d6edf8"),
        rectangle(0, 66, 100, 5, "#8a8f96") + rectangle(0, 71, 100, 29, "#5f8577"),
    ),
    "table": (
        gradient("#d9b79a", "#b98d70") + ellipse(20, 24, 12, 12, "#efd9b8") + ellipse(80, 30, 12, 12, "#e6caa4"),
        rectangle(0, 60, 100, 40, "#8e5a34") + ellipse(50, 80, 40, 12, "#f2ede4") + ellipse(50, 79, 30, 8, "#dfe6ea"),
    ),
    "livingroom": (
        gradient("#c9d6c4", "#b4c4b0", 0, 68)
        + rectangle(8, 14, 20, 24, "#8a6a4a")
        + rectangle(10, 16, 16, 20, "#b9dcea")
        + rectangle(78, 26, 3, 42, "#6a5a4a")
        + polygon("72,26 88,26 84,12 76,12", "#f4dfa0"),
        rectangle(0, 66, 100, 34, "#a8774c") + ellipse(50, 84, 42, 9, "#9a4550"),
    ),
    "bedroom": (
        gradient("#b8b4dc", "#9d99c6", 0, 66)
        + rectangle(36, 10, 28, 28, "#dfeefa")
        + rectangle(28, 8, 9, 36, "#7a6fb0")
        + rectangle(63, 8, 9, 36, "#7a6fb0"),
        rectangle(0, 64, 100, 36, "#e9e4f2") + rectangle(0, 64, 100, 8, "#8a7fc0"),
    ),
    "bathroom": (
        gradient("#8cc6d6", "#6fb0c4")
        + "".join(rectangle(x, 0, 1.2, 70, "#b4dee8") for x in (16, 39, 61, 84))
        + "".join(rectangle(0, y, 100, 1.2, "#b4dee8") for y in (22, 46)),
        rectangle(0, 68, 100, 32, "#4f7f96") + rectangle(0, 68, 100, 3, "#d4eef4"),
    ),
    "desk": (
        gradient("#a9b9cf", "#8a9db8")
        + rectangle(6, 14, 26, 22, "#f4d58a")
        + rectangle(72, 10, 6, 30, "#5a7fb0")
        + rectangle(79, 14, 5, 26, "#b05a5a")
        + rectangle(85, 12, 6, 28, "#5aa07a")
        + rectangle(68, 40, 28, 3, "#7a5a3a"),
        rectangle(0, 64, 100, 36, "#b98a58") + rectangle(0, 64, 100, 3, "#d9ae78"),
    ),
    "stage": (
        gradient("#5a1230", "#2a0a1e")
        + polygon("34,0 44,0 80,72 24,72", "#8a3448")
        + polygon("62,0 70,0 84,72 40,72", "#7c2c42"),
        rectangle(0, 72, 100, 28, "#7a4a2a")
        + ellipse(50, 82, 36, 7, "#e0b070")
        + rectangle(0, 0, 8, 76, "#a01c30")
        + rectangle(92, 0, 8, 76, "#a01c30"),
    ),
    "field": (
        gradient("#8cc4f0", "#d4eafa", 0, 34)
        + rectangle(0, 26, 100, 18, "#8890a4")
        + rectangle(0, 30, 100, 3, "#c46a6a")
        + rectangle(0, 37, 100, 3, "#6a8ac4")
        + gradient("#57a84a", "#3c8a38", 44, 56),
        rectangle(0, 58, 100, 2, "#eaf6e6") + ellipse(50, 84, 44, 8, "#64b456"),
    ),
    "workshop": (
        gradient("#8d9096", "#74777d")
        + rectangle(8, 12, 84, 26, "#a98a62")
        + rectangle(16, 16, 3, 16, "#50545c")
        + rectangle(28, 16, 3, 12, "#a8483a")
        + rectangle(72, 16, 3, 16, "#50545c")
        + rectangle(82, 16, 4, 10, "#3a6a9a"),
        rectangle(0, 66, 100, 34, "#6e4a2c") + rectangle(0, 66, 100, 4, "#96683e"),
    ),
    "wardrobe": (
        gradient("#ead9e0", "#d4bcc8")
        + rectangle(0, 12, 100, 2.5, "#8a7a80")
        + rectangle(8, 14, 9, 40, "#6a8ab0")
        + rectangle(20, 14, 8, 34, "#b06a7a")
        + rectangle(74, 14, 8, 36, "#7aa080")
        + rectangle(85, 14, 9, 42, "#c0a060"),
        rectangle(0, 74, 100, 26, "#a97f68"),
    ),
    "night": (
        gradient("#101a3e", "#3c4f86")
        + ellipse(80, 20, 7, 7, "#f4ecc0")
        + "".join(ellipse(x, y, 0.9, 0.9, "#ffffff") for x, y in ((18, 16), (36, 26), (56, 12), (24, 42), (66, 38))),
        path("M0 76 Q25 68 50 76 T100 72 V100 H0Z", "#1c2a3a"),
    ),
}
"""Far and near layer of every setting, by name."""

SHADOW_STRENGTHS = {"underwater": 0.4, "sky": 0.25, "night": 0.8, "water": 0.45}
"""How dark the shadow on the ground is, where it is not 1."""
