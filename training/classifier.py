"""A small classifier trained on rendered scenes alone, to name generated pictures."""

import logging

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from tqdm import tqdm

from training import catalogue
from training.train import RUNS, sample, textures

logger = logging.getLogger(__name__)

PATH = RUNS / "judge.pt"


def network(classes):
    """Return an untrained judge: pictures (n, 3, 128, 128), halved first, to scores (n, classes)."""
    layers, before = [nn.AvgPool2d(2)], 3
    for width in (24, 48, 96, 192):
        layers += [nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        layers += [nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        before = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.2), nn.Linear(before * 16, classes))


def soften(pictures, rng):
    """Blur or add noise to a share of the pictures, so that sharpness is no clue."""
    blurred = F.avg_pool2d(F.pad(pictures, (1, 1, 1, 1), mode="replicate"), 3, 1)
    share = torch.from_numpy(rng.uniform(0, 1, size=(len(pictures), 1, 1, 1))).float()
    noise = torch.from_numpy(rng.normal(0, 0.04, size=pictures.shape)).float()
    return pictures.lerp(blurred, share) + noise


def fit(steps=800, batch=64, seed=1, path=PATH):
    """Train the judge and keep it in `path`."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    entries = catalogue.read()
    renderer, model = textures(entries), network(len(entries)).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps, pct_start=0.1)
    for _ in (bar := tqdm(range(steps), unit="step")):
        classes, values = sample(batch, len(entries), rng)
        with torch.no_grad():
            pictures = soften(renderer.draw(classes, values)[0], rng)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = model(pictures.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(scores.float(), classes, label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        bar.set_postfix(loss=f"{loss.item():.3f}")
    torch.save(model.state_dict(), path)


def load(classes, path=PATH):
    """Return the trained judge.

    Raises
    ------
    FileNotFoundError
        If it has not been trained.
    """
    if not path.exists():
        raise FileNotFoundError("the judge is missing; run `python -m training judge` first")
    model = network(classes)
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.eval()
