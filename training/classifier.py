"""A small image classifier, trained on rendered pictures only, that evaluates generated ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from training import catalogue, textures
from training.sampling import sample
from training.textures import RUNS

SIDE = 64
"""Side of the pictures it looks at."""

WIDTHS = (24, 48, 96, 192)
STEPS, BATCH = 1600, 64
LEARNING_RATE, WEIGHT_DECAY = 3e-3, 0.02
NOISE = 0.04
"""Standard deviation of the noise on the pictures it learns from."""


def network(classes: int) -> nn.Sequential:
    """An untrained classifier: pictures (n, 3, 64, 64) to scores (n, classes)."""
    layers: list[nn.Module] = []
    before = 3
    for width in WIDTHS:
        layers += [nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        layers += [nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        before = width
    last = (SIDE >> len(WIDTHS)) ** 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.2), nn.Linear(before * last, classes))


def reduced(pictures: Tensor) -> Tensor:
    """Average pictures down to the classifier's resolution."""
    return F.adaptive_avg_pool2d(pictures, SIDE)


def augment(pictures: Tensor, rng: np.random.Generator) -> Tensor:
    """Blur pictures by a random share and add noise, so that the classifier does not rely on sharpness."""
    blurred = F.avg_pool2d(F.pad(pictures, (1, 1, 1, 1), mode="replicate"), 3, 1)
    share = torch.from_numpy(rng.uniform(0, 1, size=(len(pictures), 1, 1, 1))).float()
    noise = torch.from_numpy(rng.normal(0, NOISE, size=pictures.shape)).float()
    return pictures.lerp(blurred, share) + noise


def fit(*, steps: int = STEPS, batch: int = BATCH, runs: Path = RUNS, seed: int = 1) -> None:
    """Train the classifier and save it in `runs`."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    renderer = textures.load(catalogue.read(), runs).reduced(SIDE)
    model = network(len(renderer)).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.1)
    for _ in (bar := tqdm(range(steps), unit="step")):
        classes, values = sample(batch, len(renderer))
        with torch.no_grad():
            pictures = augment(renderer.draw(classes, values)[0], rng)
        scores = model(pictures.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(scores, classes, label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        bar.set_postfix(loss=f"{loss.item():.3f}")
    torch.save(model.state_dict(), path(runs))


def path(runs: Path = RUNS) -> Path:
    """Path of the trained classifier."""
    return runs / "classifier.pt"


def load(classes: int, runs: Path = RUNS) -> nn.Sequential:
    """Load the trained classifier.

    Raises
    ------
    FileNotFoundError
        If it has not been trained.
    ValueError
        If it was trained with another number of classes.
    """
    if not path(runs).exists():
        raise FileNotFoundError(f"{path(runs)} is missing; run `python -m training classifier` first")
    weights = torch.load(path(runs), weights_only=True)
    if len(known := list(weights.values())[-1]) != classes:
        raise ValueError(f"{path(runs)} knows {len(known)} classes; run `python -m training classifier` again")
    model = network(classes)
    model.load_state_dict(weights)
    return model.eval()
