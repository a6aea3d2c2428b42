"""Human evaluation: unlabelled sheets of pictures for a person to name, and the recorded answers.

``python -m training unlabelled`` draws every class twice, at zero noise and with one noise vector at truncation 1, all
in random order, each over its number. Somebody writes down what each shows before reading any label; names and labels
are then put side by side in ``named_on_sight.csv``, with a verdict at the level of everyday words.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from training import factors, sheets
from training.checkpoints import BUNDLED
from training.evaluate import load
from training.measures import draw
from training.textures import RUNS

PATH = Path(__file__).parent / "named_on_sight.csv"
SEED = 11
COLUMNS, ROWS = 8, 6
"""Pictures on a sheet."""

VIEWS = ("canonical", "varied")
"""At zero noise, and with a noise vector at truncation 1."""


class Picture(NamedTuple):
    """One picture to name."""

    row: int
    """Its class, as a row of the generator."""
    view: str


def order(classes: int) -> list[Picture]:
    """All pictures in the order of their numbers, which begin at 1."""
    pictures = [Picture(row, view) for row in range(classes) for view in VIEWS]
    return [pictures[i] for i in np.random.default_rng(SEED).permutation(len(pictures))]


def draw_unlabelled(folder: Path = BUNDLED, runs: Path = RUNS) -> None:
    """Write unlabelled sheets of the generator in `folder` into `runs` as ``unlabelled_01.png`` ..., and their key."""
    runs.mkdir(parents=True, exist_ok=True)
    model = load(folder)
    vectors = torch.from_numpy(model.class_embeddings)
    pictures = order(len(vectors))
    noise = torch.from_numpy(factors.draw_noise(len(vectors), 1.0, np.random.default_rng(SEED)))
    rows = [row for row, _ in pictures]
    is_varied = torch.tensor([[view == "varied"] for _, view in pictures])
    made = draw(model, vectors[rows], noise[rows] * is_varied, 1.0)
    numbers = [str(number) for number in range(1, len(pictures) + 1)]
    with open(runs / "unlabelled.csv", "w", newline="", encoding="utf-8") as file:
        key = csv.writer(file)
        key.writerow(["number", *Picture._fields])
        key.writerows([number, *picture] for number, picture in zip(numbers, pictures, strict=True))
    size = COLUMNS * ROWS
    for sheet, first in enumerate(range(0, len(pictures), size), start=1):
        shown = sheets.sheet(made[first : first + size], COLUMNS, numbers[first : first + size], cell=192)
        shown.save(runs / f"unlabelled_{sheet:02}.png")


class Named(NamedTuple):
    """A person's answer for one picture."""

    wordnet_id: str
    name: str
    view: str
    said: str
    right: bool


def read(path: Path = PATH) -> list[Named]:
    """Read the recorded answers for all pictures."""
    with open(path, newline="", encoding="utf-8") as file:
        return [Named(**row | {"right": row["right"] == "yes"}) for row in csv.DictReader(file)]


def share_right(named: Sequence[Named]) -> dict[str, float]:
    """Share of correctly named pictures, by view."""
    return {view: float(np.mean([each.right for each in named if each.view == view])) for view in VIEWS}
