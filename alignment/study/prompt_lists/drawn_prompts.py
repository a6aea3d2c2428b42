"""Drawing prompts, one picture each, and the table and file names of what was drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from alignment.errors import InputError, check_texts
from alignment.images.drawing_settings import DEFAULT_DRAWING, DrawingSettings
from alignment.progress import Progress
from alignment.text.readable_sentences import PROMPTS_WANTED

if TYPE_CHECKING:
    from alignment.study.study import Study

SHEET_PROMPTS = 300  # of one contact sheet, whose pictures are in memory


@dataclass(frozen=True)
class DrawnPrompt:
    """A prompt with its picture.

    ``picture`` is a uint8 array (pixels, pixels, 3), or None where ``refused`` gives the reason;
    ``nearest_index`` is the index of the class ``nearest``, ImageNet's or that of a class file.
    """

    prompt: str
    picture: np.ndarray | None = None
    nearest: str = ""
    similarity: float = float("nan")
    confidence: float = float("nan")
    confidence_text: str = ""
    refused: str = ""
    nearest_index: int | None = None


def check_sheet(prompts: Sequence[str]) -> list[str]:
    """Prompts as a list; raises InputError unless they are 1 to :data:`SHEET_PROMPTS`."""
    prompts = check_texts(prompts, PROMPTS_WANTED)
    if not 0 < len(prompts) <= SHEET_PROMPTS:
        raise InputError(
            f"A contact sheet holds 1 to {SHEET_PROMPTS} prompts, and there are {len(prompts):,}; write a longer list "
            "to a name such as pictures.zip or to a folder."
        )
    return prompts


def draw_prompts(
    study: Study,
    prompts: Sequence[str],
    mapping: str,
    *,
    drawing: DrawingSettings = DEFAULT_DRAWING,
    progress: Progress | None = None,
) -> list[DrawnPrompt]:
    """Draw one picture per prompt, each as ``study.generate([prompt])`` would.

    A prompt that cannot be drawn gets the reason instead of a picture.

    Parameters
    ----------
    progress : callable (stage, done, total)
        Called after every prompt; an exception that it raises ends the work.

    Raises
    ------
    InputError
        When there are no prompts, or more than ``SHEET_PROMPTS``.
    """
    prompts = check_sheet(prompts)
    items = []
    for done, prompt in enumerate(prompts, start=1):
        try:
            text = study.encode([prompt])
            vector = study.map_vectors(text, mapping)
            best = study.nearest_to(vector, [prompt], top=1).iloc[0]
            sure = study.confidence.of_vectors(text, [prompt], mapping)
            picture = study.pictures.draw(study.snap_to_nearest_class(vector, drawing.snap), drawing=drawing)[0, 0]
            figures = {} if sure is None else sure[["confidence", "confidence_text"]].iloc[0].to_dict()
            items.append(
                DrawnPrompt(
                    prompt,
                    picture,
                    best["name"],
                    float(best["similarity"]),
                    nearest_index=int(best["index"]),
                    **figures,
                )
            )
        except InputError as error:
            items.append(DrawnPrompt(prompt, refused=str(error)))
        if progress:
            progress("Drawing prompts", done, len(prompts))
    return items


def drawn_table(items: Sequence[DrawnPrompt], first: int = 1) -> pd.DataFrame:
    """Table with one row per prompt: ``prompt``, ``file`` and the fields of :class:`DrawnPrompt` but the picture."""
    rows = [
        vars(item) | {"file": "" if item.picture is None else picture_name(number, item.prompt)}
        for number, item in enumerate(items, start=first)
    ]
    columns = ["prompt", "file", "nearest_index", "nearest", "similarity", "confidence", "confidence_text", "refused"]
    return pd.DataFrame(rows, columns=columns).astype({"nearest_index": "Int64"})


def picture_name(number: int, prompt: str, digits: int = 3) -> str:
    """File name of a picture: its number and the prompt, reduced to characters that every file system allows.

    Examples
    --------
    >>> picture_name(7, "I have a cat")
    '007_i_have_a_cat.png'
    """
    words = re.sub(r"[^a-z0-9]+", "_", prompt.casefold()).strip("_")[:40].strip("_")
    return f"{number:0{digits}d}_{words}.png" if words else f"{number:0{digits}d}.png"
