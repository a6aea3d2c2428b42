"""Film strips, as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

import numpy as np

from dashboard.components.images import jpeg_uri


def film_strip(pictures: np.ndarray, names: Sequence[str], colours: Mapping[str, str]) -> str:
    """Pictures in one row, with a bar beneath each run of pictures of the same name.

    Parameters
    ----------
    pictures : uint8 array (n, h, w, 3)
    names : n names
        Name of each picture's nearest class.
    colours : mapping from name to CSS colour
        Names without a colour get that of secondary text.
    """
    frames = "".join(
        f'<img src="{jpeg_uri(picture)}" alt="Step {step}: {escape(name)}">'
        for step, (picture, name) in enumerate(zip(pictures, names, strict=True), start=1)
    )
    runs, start = [], 1
    for name, run in groupby(names):
        length = len(list(run))
        colour = colours.get(name, "var(--quiet)")
        runs.append(
            f'<span style="grid-column:{start}/span {length};border-color:{escape(colour)}" title="{escape(name)}">'
            f"{escape(name)}</span>"
        )
        start += length
    columns = f"grid-template-columns:repeat({len(names)},minmax(0,1fr))"
    return f'<div class="film" style="{columns}">{frames}{"".join(runs)}</div>'
