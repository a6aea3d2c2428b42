"""What linked views show, as plain data, and how it travels to the browser."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np


@dataclass(frozen=True)
class Pane:
    """One projection of a space.

    Parameters
    ----------
    key : str
        What ``positions`` calls it.
    note : str
        A few words beside the title: how far the picture can be trusted.
    frame : str
        Panes that name the same frame share one coordinate system; without a name a pane has its own.
    """

    key: str
    title: str
    note: str = ""
    frame: str = ""


@dataclass(frozen=True, eq=False)
class Colour:
    """What colour stands for.

    Parameters
    ----------
    values : array of float (n,), NaN where unknown, or n strings
        Numbers get a sequential scale with a bar from ``low`` to ``high``; strings get a colour each, and a legend
        that is clicked to select, in the order of first appearance.
    low, high : float or None
        Ends of the scale; by default the least and the greatest value.
    """

    title: str
    values: np.ndarray | Sequence[str]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Thumbnails:
    """A picture of every class on one sheet: row r lies in column ``r % columns`` of line ``r // columns``.

    Parameters
    ----------
    uri : str
        The sheet, a data address.
    pixels : int
        Side of one picture.
    """

    uri: str
    columns: int
    pixels: int


@dataclass(frozen=True, eq=False)
class Sentences:
    """Small points beside the classes.

    Parameters
    ----------
    rows : int array (m,)
        Row of the class that each sentence names.
    positions : dict
        Key of a pane -> float array (m, 2 or 3); a pane may be left out.
    """

    rows: np.ndarray
    texts: Sequence[str]
    positions: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Pin:
    """A sentence that a visitor typed.

    Parameters
    ----------
    mark : int
        The number drawn in its marker.
    positions : dict
        Key of a pane -> 2 or 3 numbers; a pane may be left out.
    nearest : sequence of str
        Names of its nearest classes, for its card.
    """

    label: str
    mark: int
    positions: Mapping[str, Sequence[float]]
    nearest: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Scene:
    """All that a linked view shows. Classes are known by their row, 0 to n - 1.

    Parameters
    ----------
    positions : dict
        Key of a pane -> float array (n, 2 or 3); NaN where a class has no place. All panes have as many dimensions.
    groups : sequence of str (n)
    residuals : (str, str) or None
        Keys of two panes of one frame, mapped and true: in the second, a line leads to every selected class from where
        it was mapped (from every sentence of it, where sentences are shown).
    details : dict
        Title -> n values (numbers or strings) for the card of a class and the table of the exported page.
    selected : sequence of int
        Selected rows.
    focused : int or None
        The row whose card is open.
    """

    panes: Sequence[Pane]
    names: Sequence[str]
    groups: Sequence[str]
    positions: Mapping[str, np.ndarray]
    colour: Colour
    thumbnails: Thumbnails | None = None
    sentences: Sentences | None = None
    pins: Sequence[Pin] = ()
    residuals: tuple[str, str] | None = None
    details: Mapping[str, Sequence] = field(default_factory=dict)
    selected: Sequence[int] = ()
    focused: int | None = None


def as_json(scene: Scene) -> str:
    """A scene as the browser reads it, without its selection: float32 arrays in base64, as browsers are little-endian.

    Raises
    ------
    ValueError
        When lengths or dimensions do not agree.
    """
    dimensions = _checked(scene)
    return json.dumps(
        {
            "dimensions": dimensions,
            "panes": [asdict(pane) for pane in scene.panes],
            "names": list(scene.names),
            "groups": list(scene.groups),
            "positions": _packed_all(scene.positions),
            "colour": _colour(scene.colour),
            "thumbnails": scene.thumbnails and asdict(scene.thumbnails),
            "sentences": scene.sentences
            and {
                "rows": packed(scene.sentences.rows, "<i4"),
                "texts": list(scene.sentences.texts),
                "positions": _packed_all(scene.sentences.positions),
            },
            "pins": [
                {
                    "label": pin.label,
                    "mark": pin.mark,
                    "nearest": list(pin.nearest),
                    "positions": {key: list(map(float, place)) for key, place in pin.positions.items()},
                }
                for pin in scene.pins
            ],
            "residuals": scene.residuals and list(scene.residuals),
            "details": {title: list(map(_plain, values)) for title, values in scene.details.items()},
        },
        allow_nan=False,
    )


def packed(values, kind: str = "<f4") -> str:
    """An array's bytes in base64."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode()


def _packed_all(positions: Mapping[str, np.ndarray]) -> dict[str, str]:
    return {key: packed(values) for key, values in positions.items()}


def _colour(colour: Colour) -> dict:
    """Numbers with the ends of their scale, or the number of each one's category."""
    values = np.asarray(colour.values)
    if values.dtype.kind in "OUS":
        categories = list(dict.fromkeys(map(str, values)))
        numbers = {category: number for number, category in enumerate(categories)}
        codes = [numbers[str(value)] for value in values]
        return {"title": colour.title, "values": packed(codes), "categories": categories, "low": 0, "high": 0}
    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if len(known) else (0, 1)
    return {
        "title": colour.title,
        "values": packed(np.where(np.isfinite(values), values, np.nan)),
        "categories": None,
        "low": float(low if colour.low is None else colour.low),
        "high": float(high if colour.high is None else colour.high),
    }


def _plain(value) -> str | float | int | None:
    """A number, or text; None where a number is unknown."""
    if isinstance(value, str):
        return value
    value = value.item() if isinstance(value, np.generic) else value
    return None if value is None or not np.isfinite(value) else value


def _checked(scene: Scene) -> int:
    """How many dimensions the panes have."""
    n = len(scene.names)
    keys = {pane.key for pane in scene.panes}
    if missing := keys - set(scene.positions):
        raise ValueError(f"Panes without positions: {', '.join(sorted(missing))}.")
    shapes = {np.shape(values) for values in scene.positions.values()}
    if len(shapes) != 1 or shapes not in ({(n, 2)}, {(n, 3)}):
        raise ValueError(f"All positions must be ({n}, 2), or all ({n}, 3); got {sorted(shapes)}.")
    for title, values in {"groups": scene.groups, "colour": scene.colour.values, **scene.details}.items():
        if len(values) != n:
            raise ValueError(f"{title}: {len(values)} values for {n} classes.")
    frames = {pane.key: pane.frame for pane in scene.panes}
    if scene.residuals and len({frames.get(key) or key for key in scene.residuals}) != 1:
        raise ValueError(f"Residuals need two panes of one frame, got {scene.residuals}.")
    return shapes.pop()[1]
