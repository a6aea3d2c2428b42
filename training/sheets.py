"""Contact sheets: many pictures in one image."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from training import factors

CELL_PIXELS, GAP_PIXELS, LABEL_PIXELS = 128, 2, 11
JPEG_QUALITY = 88

VARIED_CLASSES, NOISES_PER_CLASS, NOISE_SEED = 12, 16, 3
"""Settings of a sheet of variations."""


def sheet(pictures: Tensor, columns: int, labels: Sequence[str] | None = None, cell: int = CELL_PIXELS) -> Image.Image:
    """Contact sheet of pictures in rows, each scaled to a cell above its label.

    Parameters
    ----------
    pictures : float tensor (n, 3, h, w), -1 to 1
    columns : int
        Pictures in a row.
    cell : int
        Side of a reduced picture in pixels.
    """
    cells = torch.nn.functional.adaptive_avg_pool2d(pictures.cpu(), cell)
    pixels = ((cells + 1) * 127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
    width, height = cell + GAP_PIXELS, cell + GAP_PIXELS + (LABEL_PIXELS if labels else 0)
    image = Image.new("RGB", (columns * width, -(-len(pixels) // columns) * height), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(8.5)
    for i, picture in enumerate(pixels):
        left, top = i % columns * width, i // columns * height
        image.paste(Image.fromarray(picture), (left, top))
        if labels:
            label = labels[i]
            while pen.textlength(label, font=font) > cell:
                label = label[:-1]
            pen.text((left, top + cell), label, fill="black", font=font)
    return image


def write(path: Path, pictures: Tensor, columns: int, labels: Sequence[str] | None = None) -> None:
    """Write a contact sheet as a JPEG."""
    sheet(pictures, columns, labels).save(path, quality=JPEG_QUALITY)


def varied_classes(count: int) -> Tensor:
    """Rows of the classes on a sheet of variations, of `count` classes: int64 tensor."""
    return torch.from_numpy(np.linspace(0, count - 1, VARIED_CLASSES).round().astype(int))


def varied_noise() -> Tensor:
    """Noise vectors of a sheet of variations, at truncation 1."""
    return torch.from_numpy(factors.draw_noise(NOISES_PER_CLASS, 1.0, np.random.default_rng(NOISE_SEED)))
