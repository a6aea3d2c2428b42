"""From a training run to the folder that ``BigGAN.from_pretrained`` reads."""

import csv
import json

import torch

from training import catalogue, weights
from training.network import RESOLUTION
from training.train import FOLDER, averaged, checkpoint


def export(path=None, folder=FOLDER):
    """Write a checkpoint's config.json, pytorch_model.bin and classes.csv into `folder`; start figures.json anew."""
    model, saved = averaged(path or checkpoint(RESOLUTION))
    folder.mkdir(parents=True, exist_ok=True)
    entries = catalogue.read()
    (folder / "config.json").write_text(json.dumps(model.config, indent=2) + "\n", encoding="utf-8")
    torch.save(weights.to_library(model), folder / "pytorch_model.bin")
    with open(folder / "classes.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["class", "index", "wordnet_id", "name"])
        rows.writerows([row, e.index, e.wordnet_id, e.name] for row, e in enumerate(entries))
    (folder / "figures.json").write_text(json.dumps({"training": saved["stages"]}, indent=2) + "\n", encoding="utf-8")
