"""Colours of charts are told apart by eyes that lack a kind of cones, simulated."""

import math
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from dashboard.components.colours import ORANGE, PALE_TO_DARK, TEAL, shades, text_on
from dashboard.views.interpolation.charts import CURVE_STYLES
from dashboard.views.lesson.charts import NEGATIVE, POSITIVE

CODE = Path(__file__).parents[3] / "dashboard"
# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
SIMULATIONS = {
    "full colour vision": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(  # of sRGB, over the white of D65
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
LEAST_DIFFERENCE = 20  # CIE 1976; 2.3 can just be seen side by side
LEAST_CONTRAST = 1.8  # with the page, light or dark


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def seen(colour: str, simulation) -> np.ndarray:
    """CIE L*a*b* of a colour as it is seen."""
    xyz = TO_XYZ @ np.clip(np.asarray(simulation) @ linear(colour), 0, 1) / WHITE
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def theme() -> dict:
    tomllib = pytest.importorskip("tomllib")  # Python 3.11
    config = CODE / ".streamlit" / "config.toml"
    return tomllib.loads(config.read_text(encoding="utf-8"))["theme"]


def palette() -> list[str]:
    return theme()["chartCategoricalColors"]


def test_colours_in_code_are_those_of_the_theme():
    assert palette()[:2] == [TEAL, ORANGE]
    assert list(PALE_TO_DARK) == theme()["light"]["chartSequentialColors"]
    script = (CODE / "components" / "linked_scatter" / "js" / "colours.js").read_text(encoding="utf-8")
    assert re.findall(r'"(#\w{6})"', script) == palette()


def test_every_pair_of_colour_and_shape_comes_once():
    script = (CODE / "components" / "linked_scatter" / "js" / "shapes.js").read_text(encoding="utf-8")
    shapes = re.search(r"SHAPES = \[(.*?)\]", script)[1].split(",")
    assert math.gcd(len(shapes), len(palette())) == 1


@pytest.mark.parametrize("share", np.linspace(0, 1, 21))
def test_text_is_read_on_every_shade(share):
    colour = shades(np.array([share]))[0]
    written = {"black": 0.0, "white": 1.0}[text_on(colour)]
    levels = "#" + "".join(f"{int(level):02x}" for level in colour.removeprefix("rgb(").rstrip(")").split(","))
    dark, light = sorted((float(linear(levels) @ TO_XYZ[1]), written))
    assert (light + 0.05) / (dark + 0.05) > 4.5


@pytest.mark.parametrize("name", SIMULATIONS)
def test_colours_are_told_apart(name):
    pairs = [*combinations(palette(), 2), (NEGATIVE, POSITIVE), tuple(style["color"] for style in CURVE_STYLES)]
    alike = {
        pair: round(float(difference), 1)
        for pair in pairs
        if (difference := np.linalg.norm(np.subtract(*(seen(colour, SIMULATIONS[name]) for colour in pair))))
        < LEAST_DIFFERENCE
    }
    assert not alike


def test_colours_stand_out_from_light_and_dark_pages():
    for colour in palette():
        light = TO_XYZ[1] @ linear(colour)
        dark = TO_XYZ[1] @ linear("#10181a")
        assert min(1.05 / (light + 0.05), (light + 0.05) / (dark + 0.05)) > LEAST_CONTRAST, colour
