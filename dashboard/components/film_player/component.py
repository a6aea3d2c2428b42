"""Film strips, as HTML, and the player that shows them large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

import numpy as np
import streamlit as st

from alignment.images.export import grid
from dashboard.components.images import jpeg_uri

HERE = Path(__file__).parent


def strip(pictures: np.ndarray, names: Sequence[str], colours: Mapping[str, str]) -> str:
    """Pictures in a row; beneath them a bar for each run of pictures with the same name.

    Parameters
    ----------
    pictures : uint8 array (n, h, w, 3)
    names : n names
        Of the class nearest to each picture.
    colours : mapping from name to CSS colour
        Names without one take the colour of quiet text.
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


def player(films: Mapping[str, tuple[np.ndarray, Sequence[str]]], *, key: str) -> None:
    """Films beside one another, all at the same step, played, or moved by a slider.

    Parameters
    ----------
    films : mapping from title to (uint8 array (n, h, w, 3), names of the n steps)
    """
    steps = len(next(iter(films.values()))[1])
    shown = [
        {"title": title, "strip": jpeg_uri(grid(pictures, columns=steps, gap=0)), "names": list(names)}
        for title, (pictures, names) in films.items()
    ]
    _player()(key=key, data={"steps": steps, "films": shown})


@cache
def _player():
    html, css, js = ((HERE / f"film_player.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("film_player", html=html, css=css, js=js)
