"""The textures of all classes and scenes: drawn once from the icon sets, then kept in the folder of runs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from training import catalogue, pictograms, raster, scene_textures, scenes, shading, sources, tints
from training.catalogue import Entry
from training.renderer import Renderer

RESOLUTION = 256
"""Side of the shipped pictures in pixels."""

RUNS = Path(__file__).parent / "runs"
"""Where textures, checkpoints and contact sheets of training lie; not kept in git."""

DRAWING_CODE = (pictograms, raster, scene_textures, scenes, shading, sources, tints)
"""Modules that textures depend on."""


def load(entries: Sequence[Entry], folder: Path = RUNS, device: torch.device | str = "cpu") -> Renderer:
    """The renderer of the classes at full resolution; its textures are read from `folder` where they are current."""
    path, key = folder / "textures.npz", _key(entries)
    if path.exists():
        kept = np.load(path)
        if str(kept["key"]) == key:
            return Renderer(kept["drawings"], kept["scenes"], kept["scene_of"], device)
    names = list(scenes.SCENES)
    arrays = {
        "drawings": np.array([_styles(entry) for entry in entries]),
        "scenes": np.array([raster.as_bytes(scene_textures.texture(name, RESOLUTION)) for name in names]),
        "scene_of": np.array([names.index(entry.scene) for entry in entries]),
    }
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, key=np.array(key), **arrays)  # type: ignore[arg-type]
    return Renderer(**arrays, device=device)


def _styles(entry: Entry) -> np.ndarray:
    """The two drawing styles of a class, uint8 array (2, 5, s, s)."""
    planes = [pictograms.texture(pictogram, tint, RESOLUTION) for pictogram, tint in entry.drawings]
    if len(planes) == 1:
        planes.append(pictograms.relit(planes[0], entry.index))
    for each in planes:
        each[4] *= scenes.SHADOW_STRENGTHS.get(entry.scene, 1)
    return raster.as_bytes(np.stack(planes))


def _key(entries: Sequence[Entry]) -> str:
    """What the textures were drawn from: the classes, and the code that draws them."""
    code = b"".join(Path(module.__file__).read_bytes() for module in DRAWING_CODE if module.__file__)
    classes = "\n".join(f"{e.index} {e.scene} {e.drawings}" for e in entries)
    return hashlib.sha256(code + classes.encode()).hexdigest()


def bundled(folder: Path = RUNS, device: torch.device | str = "cpu") -> Renderer:
    """The renderer of the catalogue."""
    return load(catalogue.read(), folder, device)
