"""Colours set by the charts; the default series and scales are in .streamlit/config.toml."""

import numpy as np
from plotly.colors import hex_to_rgb, sample_colorscale, unlabel_rgb

TEAL, ORANGE = "#12908a", "#e07b39"  # the first two series colours
DARK_TEAL, RED, OCHRE = "#0b7a75", "#b5564d", "#b3992e"
GREY, MIDDLE_GREY = "#84969a", "#808080"  # visible on light and dark backgrounds
TRANSPARENT = "rgba(0,0,0,0)"
PALE_TO_DARK = (  # the sequential scale of the light theme
    *("#e3f3f1", "#c3e5e1", "#9fd5cf", "#79c4bc", "#55b1a9"),
    *("#359c95", "#1c8781", "#0b706b", "#065955", "#03423f"),
)


def faint(colour: str, opacity: float) -> str:
    """Colour "#rrggbb" with an opacity, as "rgba(r, g, b, opacity)"."""
    return f"rgba{(*hex_to_rgb(colour), opacity)}"


def shades(shares: np.ndarray) -> list[str]:
    """Colours between pale (0) and dark (1), each as "rgb(r, g, b)"."""
    return sample_colorscale(PALE_TO_DARK, np.clip(shares, 0, 1))


def text_on(colour: str) -> str:
    """Black or white, whichever has more contrast on a colour "rgb(r, g, b)"; one always has at least 4.5.

    Source: contrast ratio of WCAG 2.1.
    """
    levels = np.array(unlabel_rgb(colour)) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    return "black" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "white"
