"""Label placement in a chart without overlaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

LETTER, LINE, GAP = 6.5, 15, 7  # pixels: a letter's width, a line's height, from the point to its name
MARK = 22  # pixels across
SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))  # directions from a point: right, up


def label_places(
    points: np.ndarray, names: Sequence[str], extent: np.ndarray, *, marks: np.ndarray, width: float, height: float
) -> list[tuple[int, float, float]]:
    """Place labels greedily: (row, shift right, shift up) of each name that has room, in pixels from point to middle.

    Earlier names go first. Each takes the first of ``SIDES``, first near and then further off, where it covers no
    name, no point and no mark.

    Parameters
    ----------
    points : float array (n, 2)
    names : n names
    extent : float array (m, 2)
        All points within the range of the chart's axes.
    marks : float array (k, 2)
        Positions of larger markers that no name may cover.
    width, height : float
        Size of the chart in pixels.
    """
    low, high = extent.min(axis=0), extent.max(axis=0)
    scale = np.array([width, height]) / np.where(high > low, high - low, 1)
    pixels = (points - low) * scale
    taken = [_square(at, GAP) for at in pixels] + [_square(at, MARK) for at in (marks - low) * scale]
    places = []
    for row, (at, name) in enumerate(zip(pixels, names, strict=True)):
        for shift, box in _boxes(at, name):
            if not any(_overlap(box, other) for other in taken):
                places.append((row, float(shift[0]), float(shift[1])))
                taken.append(box)
                break
    return places


def _square(at: np.ndarray, side: float) -> np.ndarray:
    """Left, bottom, right and top of a square around a point."""
    return np.concatenate([at - side / 2, at + side / 2])


def _boxes(at: np.ndarray, name: str) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Candidate positions of a name: shift of its middle from the point, and bounding box."""
    size = np.array([LETTER * len(name), LINE])
    for gap in (GAP, MARK):
        for side in SIDES:
            shift = np.array(side) * (size / 2 + gap)
            yield shift, np.concatenate([at + shift - size / 2, at + shift + size / 2])


def _overlap(box: np.ndarray, other: np.ndarray) -> bool:
    return bool((box[:2] < other[2:]).all() and (other[:2] < box[2:]).all())
