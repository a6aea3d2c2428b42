"""The film player as a Streamlit component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from alignment.images.picture_files import grid
from dashboard.components.es_modules import join_modules
from dashboard.components.images import jpeg_uri

HERE = Path(__file__).parent


def show(films: Mapping[str, tuple[np.ndarray, Sequence[str]]], *, key: str) -> None:
    """Show films side by side, all at the same step, which is played or moved by a slider.

    Parameters
    ----------
    films : mapping from title to (uint8 array (n, h, w, 3), n names)
        All with the same number of steps n; the names are shown beneath the pictures.
    """
    steps = len(next(iter(films.values()))[1])
    data = [
        {"title": title, "strip": jpeg_uri(grid(pictures, columns=steps, gap=0)), "names": list(names)}
        for title, (pictures, names) in films.items()
    ]
    html, css = ((HERE / f"film_player.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
    js = join_modules(HERE / "js/film_player.js")
    component = st.components.v2.component("film_player", html=html, css=css, js=js)
    component(key=key, data={"steps": steps, "films": data})
