"""From a training run to the folder that ``BigGAN.from_pretrained`` reads."""

import csv
import json

import torch

from training import catalogue, weights
from training.network import Network
from training.train import BATCH, FOLDER, RUNS


def averaged(checkpoint):
    """Return the network with the moving average of a checkpoint's weights, and the checkpoint."""
    if not checkpoint.exists():
        raise FileNotFoundError(f"{checkpoint.name} is missing; run `python -m training train` first")
    saved = torch.load(checkpoint, weights_only=True)
    model = Network(saved["average"]["embeddings"])
    model.load_state_dict(saved["average"], strict=False)
    return model, saved


def export(checkpoint=RUNS / "checkpoint.pt", folder=FOLDER):
    """Write config.json, pytorch_model.bin and classes.csv into `folder`; start figures.json anew."""
    model, saved = averaged(checkpoint)
    folder.mkdir(parents=True, exist_ok=True)
    entries = catalogue.read()
    (folder / "config.json").write_text(json.dumps(model.config, indent=2) + "\n", encoding="utf-8")
    torch.save(weights.to_library(model), folder / "pytorch_model.bin")
    with open(folder / "classes.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["class", "index", "wordnet_id", "name"])
        rows.writerows([row, e.index, e.wordnet_id, e.name] for row, e in enumerate(entries))
    training = {name: saved[name] for name in ("step", "seconds", "seed", "error")} | {"batch": BATCH}
    (folder / "figures.json").write_text(json.dumps({"training": training}, indent=2) + "\n", encoding="utf-8")
