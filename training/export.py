"""From a training run to the folder that ``BigGAN.from_pretrained`` reads."""

import csv
import json
from pathlib import Path

import torch
import torch.nn.functional as F

from training import catalogue, factors
from training.network import CONFIG, Network
from training.train import BATCH, RUNS

FOLDER = Path(__file__).parent.parent / "alignment" / "data" / "generator"


@torch.no_grad()
def state_dict(model):
    """Return the weights of `model` by the library's names, float16.

    The projection is multiplied into every layer that sees the noise vector,
    and the singular vectors are iterated until a further step changes nothing,
    since the library takes one at every call in train mode.

    Parameters
    ----------
    model : Network
    """
    width, projection = CONFIG["channel_width"], torch.from_numpy(factors.projection())
    out = {"embeddings.weight": model.embeddings.T.contiguous()}
    for name, weight in model.matrices.items():
        seen = len(factors.NAMES)
        if name == "gen_z" or name.endswith(("scale", "offset")):
            weight = torch.cat([weight[:, :seen] @ projection, weight[:, seen:]], dim=1)
        if name == "conv_to_rgb":
            weight = torch.cat([weight, torch.zeros(width - 3, *weight.shape[1:])])
        out |= _spectral(_library_name(name), weight.half().float())
        if "conv_" in name and f"{name}/bias" not in model.vectors:
            out[f"{_library_name(name)}.bias"] = torch.zeros(len(weight))
    for name, value in model.vectors.items():
        if name.endswith(("mean", "log_var")):
            continue
        if name == "conv_to_rgb/bias":
            value = F.pad(value, (0, width - 3))
        out[_library_name(name)] = value
    for name, mean in model.vectors.items():
        if name.endswith("mean"):
            norm = name.removesuffix("/mean")
            variance = model.vectors[f"{norm}/log_var"].exp()
            out[f"{_library_name(norm)}.running_means"] = mean.repeat(CONFIG["n_stats"], 1)
            out[f"{_library_name(norm)}.running_vars"] = variance.repeat(CONFIG["n_stats"], 1)
    return {name: value.half().contiguous() for name, value in out.items()}


def _library_name(name):
    return f"generator.{name.replace('/', '.')}"


def _spectral(name, weight):
    """Return a weight with the singular vectors that spectral_norm keeps beside it."""
    matrix = weight.flatten(1).double()
    if len(matrix) > matrix.shape[1]:
        v = torch.linalg.eigh(matrix.T @ matrix).eigenvectors[:, -1]
        u = F.normalize(matrix @ v, dim=0)
    else:
        u = torch.linalg.eigh(matrix @ matrix.T).eigenvectors[:, -1]
        v = F.normalize(matrix.T @ u, dim=0)
    return {f"{name}.weight_orig": weight, f"{name}.weight_u": u.float(), f"{name}.weight_v": v.float()}


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
    torch.save(state_dict(model), folder / "pytorch_model.bin")
    with open(folder / "classes.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["class", "index", "wordnet_id", "name"])
        rows.writerows([row, e.index, e.wordnet_id, e.name] for row, e in enumerate(entries))
    training = {name: saved[name] for name in ("step", "seconds", "seed", "error")} | {"batch": BATCH}
    (folder / "figures.json").write_text(json.dumps({"training": training}, indent=2) + "\n", encoding="utf-8")
