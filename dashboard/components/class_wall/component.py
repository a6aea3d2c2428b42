"""The class wall as a Streamlit component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from alignment.images.picture_files import grid
from dashboard.components.es_modules import join_modules
from dashboard.components.images import jpeg_uri

HERE = Path(__file__).parent
COLUMNS = 24  # of the sheet that all pictures are sent on
MAX_TILES = 1000  # that are sent to the browser at once
START, CARD = "start", "card"  # the two links of a tile


@dataclass(frozen=True)
class Tile:
    """Tile of a class; ``name`` is unique, ``start`` and ``card`` are URLs relative to the page's.

    ``note`` is shown below the name, such as a synonym that a search found.
    """

    name: str
    group: str
    start: str
    card: str
    note: str = ""


def show(tiles: Sequence[Tile], pictures: np.ndarray | None, *, key: str) -> tuple[str, str] | None:
    """Show the tiles, group by group in the order given.

    Parameters
    ----------
    tiles : sequence of Tile, length n
    pictures : uint8 array (n, pixels, pixels, 3), or None
        One per tile.

    Returns
    -------
    (name, ``START`` or ``CARD``) of the link that was just clicked, else None. The browser may show the tiles of an
    earlier run, so the name may be missing from ``tiles``.
    """
    sheet = None if pictures is None else jpeg_uri(grid(pictures, columns=COLUMNS, gap=0), quality=85)
    rows = -(-len(tiles) // COLUMNS)
    data = {"tiles": [asdict(tile) for tile in tiles], "sheet": sheet, "columns": COLUMNS, "rows": rows}
    css = (HERE / "class_wall.css").read_text(encoding="utf-8")
    component = st.components.v2.component("class_wall", css=css, js=join_modules(HERE / "js/class_wall.js"))
    opened = component(key=key, data=data, on_opened_change=lambda: None).opened
    return (opened["name"], opened["link"]) if opened else None
