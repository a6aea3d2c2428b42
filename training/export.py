"""Export of a training checkpoint to the folder format of ``BigGAN.from_pretrained``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import torch

from training import catalogue, checkpoints, library_weights
from training.checkpoints import BUNDLED
from training.textures import RUNS


def export(folder: Path = BUNDLED, *, runs: Path = RUNS) -> None:
    """Write the checkpoint's config.json, pytorch_model.bin and classes.csv into `folder`; reset figures.json."""
    entries = catalogue.read()
    model, stages = checkpoints.load(runs, catalogue.classes_of(entries))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(model.config, indent=2) + "\n", encoding="utf-8")
    torch.save(library_weights.to_library(model), folder / "pytorch_model.bin")
    with open(folder / "classes.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["class", "index", "wordnet_id", "name"])
        rows.writerows([row, e.index, e.wordnet_id, e.name] for row, e in enumerate(entries))
    (folder / "figures.json").write_text(json.dumps({"training": stages}, indent=2) + "\n", encoding="utf-8")
