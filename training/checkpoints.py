"""Checkpoints of training runs: averaged weights and a record of every stage."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.library_weights import from_library
from training.network import Network
from training.textures import RUNS

BUNDLED = Path(__file__).parents[1] / "alignment" / "images" / "bundled"
"""Folder of the shipped generator."""

Record = dict[str, Any]
"""Record of one stage: its resolution, steps, batch, seconds, errors, device."""


def path(runs: Path = RUNS) -> Path:
    """Path of a run's checkpoint."""
    return runs / "checkpoint.pt"


def save(runs: Path, weights: Mapping[str, Tensor], stages: list[Record], classes: Sequence[str]) -> None:
    """Write the averaged weights, in half precision, the records of the stages, and the classes by WordNet id."""
    part = path(runs).with_suffix(".part")
    halves = {name: value.detach().half().cpu() for name, value in weights.items()}
    torch.save({"average": halves, "stages": stages, "classes": list(classes)}, part)
    part.replace(path(runs))


def load(runs: Path, classes: Sequence[str]) -> tuple[Network, list[Record]]:
    """Load the network of a run's checkpoint, and the records of its stages.

    Raises
    ------
    FileNotFoundError
        If the run has no checkpoint.
    ValueError
        If it is of other classes than these, by WordNet id.
    """
    if not path(runs).exists():
        raise FileNotFoundError(f"{path(runs)} is missing; run `python -m training train` first")
    saved = torch.load(path(runs), weights_only=True, map_location="cpu")
    if saved["classes"] != list(classes):
        raise ValueError(
            f"{path(runs)} is of other classes than the catalogue; move it away, or bring its catalogue back"
        )
    weights = {name: value.float() for name, value in saved["average"].items()}
    return network_of(weights, saved["stages"][-1]["resolution"]), saved["stages"]


def load_shipped(folder: Path = BUNDLED) -> tuple[Network, list[Record]]:
    """Load the network of the generator in `folder`, and the records of its training."""
    resolution = json.loads((folder / "config.json").read_text(encoding="utf-8"))["output_dim"]
    stages = json.loads((folder / "figures.json").read_text(encoding="utf-8"))["training"]
    return from_library(torch.load(folder / "pytorch_model.bin", weights_only=True), resolution), stages


def shipped_classes(folder: Path = BUNDLED) -> list[str]:
    """WordNet ids of the classes of the generator in `folder`, in order of their rows."""
    with open(folder / "classes.csv", newline="", encoding="utf-8") as file:
        return [row["wordnet_id"] for row in csv.DictReader(file)]


def network_of(weights: Mapping[str, Tensor], resolution: int) -> Network:
    """Build a network with these parameters and exact spectral norms."""
    model = Network(weights["embeddings"], resolution).to(weights["embeddings"].device)
    model.load_state_dict(dict(weights), strict=False)
    model.converge()
    return model
