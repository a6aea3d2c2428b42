"""Cache of the textures of all classes and scenes in the folder of runs."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from tqdm import tqdm

from training import drawings, pictograms, raster, scene_textures, scenes, shading, sources, tints
from training.catalogue import STYLES, Entry
from training.renderer import Looks, Renderer

RESOLUTION = 256
"""Side of the shipped pictures in pixels."""

RUNS = Path(__file__).parent / "runs"
"""Folder of textures, checkpoints and contact sheets of training; not in git."""

DRAWING_CODE = (drawings, pictograms, raster, scene_textures, scenes, shading, sources, tints)
"""Modules whose code is part of a texture's cache key."""

RELIT_GAINS = ((1.12, 1.04, 0.9), (0.84, 0.88, 0.98))
"""Gains of red, green and blue in warmer and in cooler light: styles of a class that has fewer drawings."""

Drawing = tuple[str, str]
"""A pictogram and its tint."""

Item = TypeVar("Item", Drawing, str)


def load(entries: Sequence[Entry], folder: Path = RUNS, device: torch.device | str = "cpu") -> Renderer:
    """Load the renderer of the classes at full resolution; missing textures are drawn and saved in `folder`."""
    drawn = list(dict.fromkeys(drawing for entry in entries for drawing in entry.drawings))
    names = sorted({entry.scene for entry in entries})
    planes = _load_or_draw(_drawing, drawn, folder / "textures")
    layers = _load_or_draw(_scene, names, folder / "textures")
    return Renderer(planes, layers, looks(entries, drawn, names), device)


def looks(entries: Sequence[Entry], drawn: Sequence[Drawing], names: Sequence[str]) -> Looks:
    """Rows of the drawings and scenes of each class.

    Styles without a drawing are the class's drawings in warmer and in cooler light.
    """
    row_of = {drawing: row for row, drawing in enumerate(drawn)}
    rows, gains = np.zeros((len(entries), STYLES), dtype=int), np.ones((len(entries), STYLES, 3), dtype=np.float32)
    for i, entry in enumerate(entries):
        count = len(entry.drawings)
        rows[i] = [row_of[entry.drawings[style % count]] for style in range(STYLES)]
        for style, gain in zip(range(count, STYLES), RELIT_GAINS, strict=False):
            gains[i, style] = gain
    return Looks(
        drawings=rows,
        gains=gains,
        scenes=np.array([names.index(entry.scene) for entry in entries]),
        shadows=np.array([scenes.SHADOW_STRENGTHS.get(entry.scene, 1.0) for entry in entries], dtype=np.float32),
    )


def _load_or_draw(draw: Callable[[Item], np.ndarray], items: Sequence[Item], folder: Path) -> np.ndarray:
    """Textures of all items; missing ones are drawn in parallel and saved in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{_key(item)}.npz" for item in items]
    missing = [(item, path) for item, path in zip(items, paths, strict=True) if not path.exists()]
    if missing:
        with ProcessPoolExecutor() as pool:
            drawn = pool.map(draw, [item for item, _ in missing])
            for texture, (_, path) in tqdm(zip(drawn, missing, strict=True), "textures", len(missing), unit="texture"):
                part = path.with_suffix(".part.npz")
                np.savez_compressed(part, texture=texture)
                part.replace(path)
    return np.stack([np.load(path)["texture"] for path in paths])


def _drawing(drawing: Drawing) -> np.ndarray:
    """Texture of a pictogram with its tint, uint8 array (5, s, s)."""
    return raster.as_bytes(pictograms.texture(*drawing, RESOLUTION))


def _scene(name: str) -> np.ndarray:
    """Textures of a scene, uint8 array (versions, layers, 4, t, t)."""
    return raster.as_bytes(scene_textures.texture(name, RESOLUTION))


def _key(item: Drawing | str) -> str:
    """Cache key of a texture: hash of its name, its SVG documents, the resolution and the drawing code."""
    parts: Iterable[str] = scenes.documents(item) if isinstance(item, str) else (*item, *drawings.documents(item[0]))
    return hashlib.sha256(_drawing_code() + "\n".join([str(RESOLUTION), *parts]).encode()).hexdigest()[:20]


@functools.cache
def _drawing_code() -> bytes:
    return b"".join(Path(module.__file__).read_bytes() for module in DRAWING_CODE if module.__file__)
