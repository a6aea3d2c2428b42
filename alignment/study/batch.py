"""A list of prompts: read, drawn one after another, put on a contact sheet and into a ZIP."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pandas as pd

from alignment.errors import InputError
from alignment.images.export import grid, png

if TYPE_CHECKING:
    from alignment.study.study import Study

MAX_PROMPTS = 300
CELL_PIXELS = 128  # a smaller picture is enlarged to this on a contact sheet
CAPTION_PIXELS = 34
CAPTION_CHARACTERS = 21


@dataclass(frozen=True)
class Drawn:
    """One prompt of a list.

    ``picture`` is a uint8 array (pixels, pixels, 3), or None where ``refused`` says why there is none.
    """

    prompt: str
    picture: np.ndarray | None = None
    nearest: str = ""
    similarity: float = float("nan")
    refused: str = ""


def read_prompts(source: Path | BinaryIO, name: str = "") -> list[str]:
    """The column ``prompt`` of a CSV.

    Raises
    ------
    InputError
        When the file cannot be read, lacks the column or holds no row.
    """
    name = name or str(source)
    try:
        table = pd.read_csv(source, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:  # pandas' parsing errors are ValueErrors
        raise InputError(f"Cannot read {name}; give a CSV in UTF-8.") from error
    if "prompt" not in table or table.empty:
        raise InputError(f"{name} needs a column 'prompt' and at least one row.")
    return table["prompt"].tolist()


def draw_series(
    study: Study,
    prompts: Sequence[str],
    mapping: str,
    *,
    truncation: float,
    noise_seed: int,
    pull: float,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Drawn]:
    """One picture a prompt, each as ``study.generate([prompt])`` would draw it.

    A prompt that cannot be drawn is passed over, with the reason.

    Parameters
    ----------
    progress : callable (stage, done, total)
        Called after every prompt; what it raises ends the work.

    Raises
    ------
    InputError
        When there are no prompts, or more than ``MAX_PROMPTS``.
    """
    if not 0 < len(prompts) <= MAX_PROMPTS:
        raise InputError(f"A list holds 1 to {MAX_PROMPTS} prompts; this one has {len(prompts):,}.")
    drawn = []
    for done, prompt in enumerate(prompts, start=1):
        try:
            vector = study.map([prompt], mapping)
            best = study.nearest_to(vector, [prompt], top=1).iloc[0]
            picture = study.draw(study.pulled(vector, pull), truncation=truncation, noise_seed=noise_seed)[0, 0]
            drawn.append(Drawn(prompt, picture, best["name"], float(best["similarity"])))
        except InputError as error:
            drawn.append(Drawn(prompt, refused=str(error)))
        if progress:
            progress("Drawing prompts", done, len(prompts))
    return drawn


def table(drawn: Sequence[Drawn]) -> pd.DataFrame:
    """What became of each prompt: ``prompt``, ``file`` in the ZIP, ``nearest``, ``similarity``, ``refused``."""
    rows = [
        (one.prompt, "" if one.picture is None else _file(place, one), one.nearest, one.similarity, one.refused)
        for place, one in enumerate(drawn, start=1)
    ]
    return pd.DataFrame(rows, columns=["prompt", "file", "nearest", "similarity", "refused"])


def contact_sheet(drawn: Sequence[Drawn]) -> np.ndarray:
    """All pictures in a grid, under each its prompt and its nearest class.

    Returns
    -------
    uint8 array (h, w, 3)

    Raises
    ------
    InputError
        When no prompt of the list could be drawn.
    """
    cells = [_cell(one) for one in drawn if one.picture is not None]
    if not cells:
        raise InputError(f"None of the prompts could be drawn; the first: {drawn[0].refused}")
    return grid(np.stack(cells), gap=8)


def _cell(one: Drawn) -> np.ndarray:
    from PIL import Image, ImageDraw, ImageFont

    size = max(CELL_PIXELS, one.picture.shape[1])
    cell = Image.new("RGB", (size, size + CAPTION_PIXELS), "white")
    cell.paste(Image.fromarray(np.ascontiguousarray(one.picture)).resize((size, size), Image.Resampling.LANCZOS))
    limit = CAPTION_CHARACTERS * size // CELL_PIXELS
    draw, font = ImageDraw.Draw(cell), ImageFont.load_default(11)
    for line, (text, colour) in enumerate([(one.prompt, "#17262a"), (one.nearest, "#5b6c70")]):
        text = " ".join(text.split())
        draw.text((1, size + 2 + 15 * line), text if len(text) <= limit else text[: limit - 1] + "…", colour, font)
    return np.asarray(cell)


def zipped(drawn: Sequence[Drawn], settings: dict) -> bytes:
    """A ZIP of the pictures as PNG, ``prompts.csv`` as from :func:`table`, the contact sheet, ``settings.json``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, one in enumerate(drawn, start=1):
            if one.picture is not None:
                archive.writestr(_file(place, one), png(one.picture))
        archive.writestr("contact_sheet.png", png(contact_sheet(drawn)))
        archive.writestr("prompts.csv", table(drawn).to_csv(index=False))
        archive.writestr("settings.json", json.dumps(settings, indent=2))
    return buffer.getvalue()


def _file(place: int, one: Drawn) -> str:
    """Name of a picture in the ZIP: its place and what letters of the prompt every file system takes."""
    words = re.sub(r"[^a-z0-9]+", "_", one.prompt.casefold()).strip("_")[:40].strip("_")
    return f"{place:03d}_{words}.png" if words else f"{place:03d}.png"
