"""Background scenes: SVG paintings in two versions, each with a far and a near layer.

A version is ``scenes/NAME-VERSION.svg``, on a canvas of 100 x 100, of which the camera sees about the middle 80. Its
groups ``far`` and ``near`` are the layers. The far one is opaque; the near one lets it show through and moves more when
the camera pans, as near things do. A child of a layer is one body: a shape, or a group of shapes that is lit as a
whole. The class ``flat`` marks what has no body: sky, walls, floors, light.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from training import raster

FOLDER = Path(__file__).parent / "scenes"

VERSIONS = 2
"""Number of versions of each scene; they count from 1."""

NAMES = tuple(sorted(path.stem.removesuffix("-1") for path in FOLDER.glob("*-1.svg")))

SHADOW_STRENGTHS = {"underwater": 0.4, "sky": 0.25, "night": 0.8, "water": 0.45}
"""Darkness of the shadow on the ground, where it is not 1."""


class Body(NamedTuple):
    """A part of a layer."""

    document: str
    """An SVG document of it alone."""
    is_flat: bool
    """Whether it is drawn without shading and shadow."""


def documents(name: str) -> tuple[str, ...]:
    """The SVG documents of all versions of a scene."""
    return tuple((FOLDER / f"{name}-{version}.svg").read_text(encoding="utf-8") for version in range(1, VERSIONS + 1))


def layers(name: str, version: int) -> tuple[list[Body], list[Body]]:
    """Bodies of the far and of the near layer, from back to front."""
    root = ElementTree.fromstring(documents(name)[version - 1])
    definitions = root.findall(f"{{{raster.SVG}}}defs")
    groups = {group.get("id"): group for group in root.findall(f"{{{raster.SVG}}}g")}
    far, near = ([_body(part, definitions) for part in groups[layer]] for layer in ("far", "near"))
    return far, near


def _body(part: Element, definitions: list[Element]) -> Body:
    return Body(raster.document_of(part, definitions), part.get("class") == "flat")
