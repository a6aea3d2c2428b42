"""Evaluation of the shipped generator, as this project draws with it, for the model card."""

from __future__ import annotations

import json
import logging
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from alignment.images.generator import ImageGenerator
from training import catalogue, classifier, factors, textures
from training.catalogue import Entry
from training.checkpoints import BUNDLED
from training.measures import class_space, draw, interpolated, largest_step, longest_plateau, response
from training.renderer import Renderer
from training.sampling import projection_tensor
from training.textures import RUNS

logger = logging.getLogger(__name__)

SEED = 7
TRUNCATIONS = (0.4, 1.0)
PER_CLASS = 2
"""Pictures per class and truncation."""

PATHS = (
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
    ("tabby cat", "red fox"),
    ("golden retriever", "timber wolf"),
    ("brown bear", "giant panda"),
    ("bee", "ladybug"),
    ("pizza", "cheeseburger"),
    ("orange", "soccer ball"),
    ("volcano", "alp"),
    ("umbrella", "parachute"),
    ("bucket", "beer glass"),
    ("mushroom", "table lamp"),
)
"""First and last class of the interpolation paths in the card."""

PATH_PICTURES = 31
LEAST_RECOGNISED = 12
"""Number of listed classes with the lowest classifier accuracy."""

PACKAGES = ("torch", "numpy", "pytorch-pretrained-biggan")


def evaluate(folder: Path = BUNDLED, *, per_class: int = PER_CLASS, runs: Path = RUNS) -> None:
    """Compute all figures of the card and write them to figures.json in `folder`."""
    entries, model = catalogue.read(), load(folder)
    renderer, expert = textures.load(entries, runs), classifier.load(len(entries), runs)
    figures: dict[str, Any] = {
        "classes": len(entries),
        "parameters": parameters(folder),
        "megabytes": round((folder / "pytorch_model.bin").stat().st_size / 1e6, 2),
        "pictures_per_class": per_class,
        "by_truncation": {str(t): at_truncation(model, entries, renderer, expert, t, per_class) for t in TRUNCATIONS},
        "response": response(model, renderer),
        "class_space": class_space(model.class_embeddings, [entry.group for entry in entries]),
        "paths": {" to ".join(ends): along_path(model, entries, expert, ends) for ends in PATHS},
        "versions": {name: version(name) for name in PACKAGES} | {"python": platform.python_version()},
    }
    path = folder / "figures.json"
    figures["training"] = json.loads(path.read_text(encoding="utf-8"))["training"]
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    logger.info("%s", json.dumps(figures["by_truncation"] | figures["class_space"], indent=2))


def load(folder: Path = BUNDLED) -> ImageGenerator:
    """Load the generator, in float32 on any processor."""
    return ImageGenerator(folder, dtype="float32")


def parameters(folder: Path = BUNDLED) -> int:
    """Number of learned parameters: all weights except statistics and singular vectors."""
    weights = torch.load(folder / "pytorch_model.bin", weights_only=True)
    not_learned = ("running_means", "running_vars", "weight_u", "weight_v")
    return sum(value.numel() for name, value in weights.items() if not name.endswith(not_learned))


def at_truncation(
    model: ImageGenerator,
    entries: Sequence[Entry],
    renderer: Renderer,
    expert: torch.nn.Module,
    truncation: float,
    per_class: int,
) -> dict[str, Any]:
    """Classifier accuracy on generated pictures, and their errors from rendered ones.

    Errors are mean absolute differences of pictures in [-1, 1]: over all, over the pictures in which each switch is
    thrown (mirror image, other style, other background), and over those in which none is.
    """
    labels = torch.arange(len(entries)).repeat(per_class)
    vectors = torch.from_numpy(model.class_embeddings)[labels]
    noise = torch.from_numpy(factors.draw_noise(len(labels), truncation, np.random.default_rng(SEED)))
    values = noise @ projection_tensor().T
    parts: list[tuple[Tensor, Tensor, Tensor]] = []
    for rows in tqdm(torch.arange(len(labels)).split(64), desc=f"truncation {truncation}", unit="batch"):
        made = draw(model, vectors[rows], noise[rows], truncation)
        target, _ = renderer.draw(labels[rows], values[rows])
        right, right_of_rendered = (_right(expert, pictures, labels[rows]) for pictures in (made, target))
        parts.append((right, right_of_rendered, (made - target).abs().mean(dim=(1, 2, 3))))
    right, right_of_rendered, errors = (torch.cat(part) for part in zip(*parts, strict=True))
    by_class = right.view(per_class, -1).float().mean(dim=0)
    least = by_class.argsort(stable=True)[:LEAST_RECOGNISED].tolist()
    return {
        "accuracy": right.float().mean().item(),
        "accuracy_of_rendered": right_of_rendered.float().mean().item(),
        "mean_absolute_error": errors.mean().item(),
        "error_by_kind": _error_by_kind(errors, values),
        "least_recognised": {entries[i].name: by_class[i].item() for i in least if by_class[i] < 1},
    }


@torch.no_grad()
def _right(expert: torch.nn.Module, pictures: Tensor, labels: Tensor) -> Tensor:
    return expert(classifier.reduced(pictures)).argmax(dim=1) == labels


def _error_by_kind(errors: Tensor, values: Tensor) -> dict[str, float | None]:
    """Mean error of the pictures in which each switch is thrown, and of the others; None where there are none."""
    thrown = factors.thrown(values)
    kinds = thrown | {"none": ~torch.stack(list(thrown.values())).any(dim=0)}
    return {name: errors[rows].mean().item() if rows.any() else None for name, rows in kinds.items()}


def along_path(
    model: ImageGenerator, entries: Sequence[Entry], expert: torch.nn.Module, ends: tuple[str, str]
) -> dict[str, float]:
    """Measures of the interpolation path between two classes.

    Its longest plateau; its largest step in mean steps; and the classifier's mean and lowest confidence in its top
    class on the inner pictures.
    """
    pictures = path_pictures(model, entries, *ends)
    with torch.no_grad():
        scores = expert(classifier.reduced(pictures))
    sure = scores.softmax(dim=1).amax(dim=1)[1:-1]
    return {
        "plateau": longest_plateau(pictures),
        "largest_step": largest_step(pictures),
        "confidence": sure.mean().item(),
        "least_confidence": sure.min().item(),
    }


def path_pictures(model: ImageGenerator, entries: Sequence[Entry], first: str, last: str) -> Tensor:
    """Pictures of the interpolation path between two classes."""
    names = [entry.name for entry in entries]
    return interpolated(model, (names.index(first), names.index(last)), PATH_PICTURES)
