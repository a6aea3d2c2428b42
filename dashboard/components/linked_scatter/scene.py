"""Data of the linked scatter plots, and its JSON for the browser."""

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
        Its key in ``positions``.
    note : str
        Text beside the title, such as the trustworthiness of the projection.
    frame : str
        Panes with the same frame share one coordinate system; a pane without a frame has its own.
    axes : sequence of str
        Labels at the left, right, bottom and top edges: none, two (left and right) or four.
        Lines are drawn where the coordinates are 0.
    """

    key: str
    title: str
    note: str = ""
    frame: str = ""
    axes: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Colour:
    """Values shown by the colours of the classes.

    Parameters
    ----------
    values : array of float (n,), NaN where unknown, or n strings, None where unknown
        Numbers are shown on a sequential scale from ``low`` to ``high``. Strings are categories: a
        colour and shape for each of the 70 largest, and one button each in the legend, in order of first appearance.
    low, high : float or None
        Ends of the scale; by default the least and the greatest known value.
    """

    title: str
    values: np.ndarray | Sequence[str]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Thumbnails:
    """Sprite sheet with one picture per class: row r is in column ``r % columns`` of line ``r // columns``.

    Parameters
    ----------
    uri : str
        The sheet, as a data URI.
    pixels : int
        Width and height of one picture.
    """

    uri: str
    columns: int
    pixels: int


@dataclass(frozen=True, eq=False)
class Sentences:
    """Seed sentences as small points beneath the classes.

    Parameters
    ----------
    rows : int array (m,)
        Row of each sentence's class.
    positions : dict
        Key of a pane -> float array (m, 2 or 3); panes without positions show no sentences.
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
        Key of a pane -> 2 or 3 numbers; panes without a position do not show it.
    nearest : sequence of str
        Names of its nearest classes, for its tooltip.
    """

    label: str
    mark: int
    positions: Mapping[str, Sequence[float] | np.ndarray]
    nearest: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The k nearest neighbours of each class in the original space, not in its projection.

    Parameters
    ----------
    rows : int array (n, k)
        Nearest first; -1 where there is none.
    similarities : float array (n, k)
    """

    rows: np.ndarray
    similarities: np.ndarray


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything the plots show. A class is identified by its row, 0 to n - 1.

    Parameters
    ----------
    positions : dict
        Key of a pane -> float array (n, 2 or 3); NaN hides a class. All panes have the same number of dimensions.
    groups : sequence of str (n)
    residuals : (str, str) or None
        Keys of two panes of one frame, with mapped and with true positions. The second pane draws a line from the
        mapped to the true position of every selected class, or of each of its sentences where sentences are shown.
    details : dict
        Title -> n values (numbers or strings) for the tooltip of a class and the table of the exported page.
    contours : dict
        Key of a pane -> share of the classes -> contour lines, float arrays (vertices, 2), around the densest ones.
    neighbours : dict
        Key of a pane -> :class:`Neighbours`; lines are drawn from the focused class to its neighbours.
    selected : sequence of int
        Selected rows.
    focused : int or None
        Row of the class shown in detail; it gets a ring.
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
    neighbours: Mapping[str, Neighbours] = field(default_factory=dict)
    contours: Mapping[str, Mapping[float, Sequence[np.ndarray]]] = field(default_factory=dict)
    selected: Sequence[int] = ()
    focused: int | None = None


def as_json(scene: Scene) -> str:
    """JSON of a scene without its selection; arrays are little-endian float32 in base64.

    Raises
    ------
    ValueError
        When lengths or dimensions do not agree.
    """
    dimensions = _validate(scene)
    return json.dumps(
        {
            "dimensions": dimensions,
            "panes": [asdict(pane) | {"axes": list(pane.axes)} for pane in scene.panes],
            "names": list(scene.names),
            "groups": list(scene.groups),
            "positions": _encode_positions(scene.positions),
            "colour": _encode_colour(scene.colour),
            "thumbnails": scene.thumbnails and asdict(scene.thumbnails),
            "sentences": scene.sentences
            and {
                "rows": encode_array(scene.sentences.rows, "<i4"),
                "texts": list(scene.sentences.texts),
                "positions": _encode_positions(scene.sentences.positions),
            },
            "pins": [
                {
                    "label": pin.label,
                    "mark": pin.mark,
                    "nearest": list(pin.nearest),
                    "positions": {key: list(map(float, position)) for key, position in pin.positions.items()},
                }
                for pin in scene.pins
            ],
            "residuals": scene.residuals and list(scene.residuals),
            "neighbours": {
                key: {"rows": encode_array(near.rows, "<i4"), "similarities": encode_array(near.similarities)}
                for key, near in scene.neighbours.items()
            },
            "contours": {
                key: [
                    {"share": share, "lines": [encode_array(line) for line in lines]} for share, lines in found.items()
                ]
                for key, found in scene.contours.items()
            },
            "details": {title: list(map(_json_value, values)) for title, values in scene.details.items()},
        },
        allow_nan=False,
    )


def encode_array(values, dtype: str = "<f4") -> str:
    """Bytes of an array, in base64."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=dtype).tobytes()).decode()


def _encode_positions(positions: Mapping[str, np.ndarray]) -> dict[str, str]:
    return {key: encode_array(values) for key, values in positions.items()}


def _encode_colour(colour: Colour) -> dict:
    """JSON of a colour: numbers with the ends of their scale, or the category index of each class."""
    values = np.asarray(colour.values)
    if values.dtype.kind in "OUS":
        categories = list(dict.fromkeys(str(value) for value in values if value is not None))
        numbers = {category: number for number, category in enumerate(categories)}
        codes = [np.nan if value is None else numbers[str(value)] for value in values]
        return {"title": colour.title, "values": encode_array(codes), "categories": categories, "low": 0, "high": 0}
    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if len(known) else (0, 1)
    return {
        "title": colour.title,
        "values": encode_array(np.where(np.isfinite(values), values, np.nan)),
        "categories": None,
        "low": float(low if colour.low is None else colour.low),
        "high": float(high if colour.high is None else colour.high),
    }


def _json_value(value) -> str | float | int | None:
    """Value as JSON: a number or text; None for an unknown number."""
    if isinstance(value, str):
        return value
    value = value.item() if isinstance(value, np.generic) else value
    return None if value is None or not np.isfinite(value) else value


def _validate(scene: Scene) -> int:
    """Check lengths and shapes; return the number of dimensions."""
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
