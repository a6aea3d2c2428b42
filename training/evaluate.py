"""Figures of the shipped generator, through the library's own class, for the model card."""

import json
import logging
import platform
from importlib.metadata import version

import numpy as np
import torch
from tqdm import tqdm

from training import catalogue, factors, judge
from training.export import FOLDER
from training.train import textures

logger = logging.getLogger(__name__)

SEED = 7
PAIRS = (
    ("tabby cat", "lion"),
    ("sorrel horse", "zebra"),
    ("sports car", "fire engine"),
    ("lemon", "strawberry"),
    ("acoustic guitar", "violin"),
    ("castle", "church"),
    ("laptop", "television"),
    ("coffee mug", "teapot"),
    ("running shoe", "cowboy boot"),
    ("airliner", "goldfish"),
)
"""First and last class of the ways shown in the card."""

WAY = 31
"""Pictures along a way."""


def generator(folder=FOLDER):
    """Return the shipped network as the library loads it."""
    from pytorch_pretrained_biggan import BigGAN

    return BigGAN.from_pretrained(str(folder)).float().eval()


@torch.no_grad()
def draw(model, vectors, noise, truncation, batch=32):
    """Return pictures of class vectors, as ``BigGAN.forward`` makes them of labels.

    Parameters
    ----------
    model : BigGAN
    vectors : Tensor of shape (n, 128)
    noise : Tensor of shape (n, 128)
    truncation : float

    Returns
    -------
    Tensor of shape (n, 3, pixels, pixels)
    """
    condition = torch.cat([noise, vectors], dim=1)
    return torch.cat([model.generator(part, truncation) for part in condition.split(batch)])


def accuracy_and_error(model, entries, renderer, each=4):
    """Return, by truncation, how often the judge is right and how far pictures are from rendered ones."""
    expert, projection = judge.load(len(entries)), torch.from_numpy(factors.projection())
    labels = torch.arange(len(entries)).repeat(each)
    vectors = model.embeddings.weight.T[labels]
    figures, wrong = {}, {}
    for truncation in (0.4, 1.0):
        noise = torch.from_numpy(factors.noise(len(labels), truncation, np.random.default_rng(SEED)))
        right, rendered_right, errors = [], [], []
        for rows in tqdm(torch.arange(len(labels)).split(64), desc=f"truncation {truncation}", unit="batch"):
            made = draw(model, vectors[rows], noise[rows], truncation)
            target, _ = renderer.draw(labels[rows], noise[rows] @ projection.T)
            errors.append((made - target).abs().mean(dim=(1, 2, 3)))
            with torch.no_grad():
                right.append(expert(made).argmax(dim=1) == labels[rows])
                rendered_right.append(expert(target).argmax(dim=1) == labels[rows])
        right = torch.cat(right).view(each, -1).float()
        figures[str(truncation)] = {
            "accuracy": right.mean().item(),
            "accuracy_of_rendered": torch.cat(rendered_right).float().mean().item(),
            "mean_absolute_error": torch.cat(errors).mean().item(),
        }
        order = right.mean(dim=0).argsort()[:12]
        wrong[str(truncation)] = {entries[i].name: right[:, i].mean().item() for i in order.tolist()}
    return figures, wrong


def response(model, renderer, every=6, reach=1.5):
    """Return how far pictures follow each factor: 0 not at all, 1 as the rendered ones do.

    For a step of `reach` along one factor, the slope of the change of generated
    pictures on the change of rendered ones, over every `every`-th class.
    """
    labels = torch.arange(0, len(renderer), every)
    vectors, projection = model.embeddings.weight.T[labels], torch.from_numpy(factors.projection())

    def both(values):
        noise = (values @ projection).expand(len(labels), -1)
        return draw(model, vectors, noise, 1.0), renderer.draw(labels, values.expand(len(labels), -1))[0]

    made, target = both(torch.zeros(len(factors.NAMES)))
    figures = {}
    for name, step in zip(factors.NAMES, reach * torch.eye(len(factors.NAMES)), strict=True):
        moved, wanted = both(step)
        change = wanted - target
        figures[name] = (((moved - made) * change).sum() / (change**2).sum()).item()
    return figures


def class_space(vectors, groups):
    """Return mean cosines within and between groups, and how often the nearest class is of the same group.

    Parameters
    ----------
    vectors : ndarray of shape (K, 128)
    groups : list of str
        Classes alone in their group count in no figure but as neighbours.
    """
    groups = np.array(groups)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine, same = unit @ unit.T, groups[:, None] == groups[None]
    apart = ~np.eye(len(unit), dtype=bool)
    nearest = np.where(apart, cosine, -2).argmax(axis=1)
    accompanied = (same & apart).any(axis=1)
    return {
        "cosine_within": float(cosine[same & apart].mean()),
        "cosine_between": float(cosine[~same].mean()),
        "neighbour_agreement": float((groups[nearest] == groups)[accompanied].mean()),
        "neighbour_agreement_by_chance": float(((same & apart).sum(axis=1) / (len(unit) - 1))[accompanied].mean()),
    }


def way(model, entries, first, second):
    """Return the pictures between two classes at zero noise, shape (WAY, 3, pixels, pixels)."""
    names = [entry.name for entry in entries]
    ends = model.embeddings.weight.T[[names.index(first), names.index(second)]].detach()
    share = torch.linspace(0, 1, WAY)[:, None]
    return draw(model, ends[0] * (1 - share) + ends[1] * share, torch.zeros(WAY, 128), 0.4)


def plateau(pictures, still=0.1):
    """Return the longest part of a way, from 0 to 1, on which pictures hardly change.

    A step counts as still when it changes the picture by less than `still` times
    the mean change of a step.
    """
    change = (pictures[1:] - pictures[:-1]).abs().mean(dim=(1, 2, 3))
    longest = length = 0
    for quiet in (change < still * change.mean()).tolist():
        length = length + 1 if quiet else 0
        longest = max(longest, length)
    return longest / len(change)


def evaluate(folder=FOLDER):
    """Measure everything the card reports and write it to figures.json in `folder`."""
    torch.set_num_threads(1)
    entries, model = catalogue.read(), generator(folder)
    renderer = textures(entries)
    by_truncation, wrong = accuracy_and_error(model, entries, renderer)
    vectors = model.embeddings.weight.T.detach().numpy()
    figures = {
        "classes": len(entries),
        "parameters": sum(p.numel() for p in model.parameters()),
        "megabytes": round((folder / "pytorch_model.bin").stat().st_size / 1e6, 2),
        "by_truncation": by_truncation,
        "least_recognised": wrong,
        "response": response(model, renderer),
        "class_space": class_space(vectors, [entry.group for entry in entries]),
        "plateaus": {f"{a} to {b}": plateau(way(model, entries, a, b)) for a, b in PAIRS},
        "versions": {name: version(name) for name in ("torch", "numpy", "pytorch-pretrained-biggan", "resvg-py")}
        | {"python": platform.python_version()},
    }
    path = folder / "figures.json"
    figures["training"] = json.loads(path.read_text(encoding="utf-8"))["training"]
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    logger.info("%s", json.dumps(figures["by_truncation"] | figures["class_space"], indent=2))
