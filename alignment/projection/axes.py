"""Projection on user-defined axes: coordinates along the line from one vector to another, such as cat to dog."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from alignment.errors import InputError
from alignment.projection.layouts import (
    FITTED_CLASSES,
    SPACES,
    LayoutSettings,
    OutOfSampleProjector,
    Projection,
    quality,
)
from alignment.projection.neighbourhoods import shared_rows
from alignment.vectors.samples import sampled_rows

MIN_LENGTH = 1e-5  # of an axis, relative to the vectors at its ends


def project_on_axes(
    spaces: Mapping[str, np.ndarray], ends: Mapping[str, np.ndarray], settings: LayoutSettings
) -> dict[str, Projection]:
    """Project text space, mapped text and class space on one or two axes.

    The coordinate of a vector v on the axis from a to b is ``2 (v - (a + b) / 2) · (b - a) / |b - a|²``: -1 at a, 1 at
    b and 0 half way, whatever else v differs in. Where one axis alone is given, the second coordinate is along the
    direction, at right angles to it, in which the classes differ most, in the same unit.

    Parameters
    ----------
    spaces : dict from "text", "mapped", "class" to float array (K, d)
    ends : dict from "text", "class" to float array (2, d) or (4, d)
        Left and right, and bottom and top; those of class space serve for mapped text too.
    settings : LayoutSettings
        Its metric and neighbours are used by the quality measures.

    Returns
    -------
    dict of Projection, of two dimensions

    Raises
    ------
    InputError
        When the ends of an axis are equal, or fewer than three classes are in every space.
    """
    rows = shared_rows(spaces)
    if len(rows) < 3:
        raise InputError(f"A projection needs sentences about at least three classes; there are {len(rows)}.")
    sample = rows[sampled_rows(len(rows), FITTED_CLASSES)]
    projections = {}
    for name in SPACES:
        known = spaces[name][sample].astype(np.float64)
        linear, shift = _coordinates(ends["text" if name == "text" else "class"].astype(np.float64), known)
        centre = np.zeros(known.shape[1])
        positions = (known @ linear + shift).astype(np.float32)
        projector = OutOfSampleProjector(centre, known, positions, settings.metric, linear, shift)
        points = np.full((len(spaces[name]), 2), np.nan, np.float32)
        there = np.isfinite(spaces[name]).all(axis=1)
        points[there] = projector.place(spaces[name][there])
        centred = (known - known.mean(axis=0)).astype(np.float32)
        projections[name] = Projection(points, *quality(centred, positions, settings), sample, projector)
    return projections


def _coordinates(ends: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The linear map (d, 2) and the shift (2,) that give the coordinates."""
    columns, shifts = [], []
    for start, end in zip(ends[::2], ends[1::2], strict=True):
        difference = end - start
        squared = difference @ difference
        if squared <= MIN_LENGTH**2 * max(start @ start, end @ end):
            raise InputError("The two ends of an axis are the same here; choose two that differ.")
        columns.append(2 * difference / squared)
        shifts.append(-(start + end) / 2 @ columns[-1])
    if len(columns) == 1:
        unit = columns[0] / np.linalg.norm(columns[0])
        rest = known - known.mean(axis=0)
        rest = rest - np.outer(rest @ unit, unit)
        direction = np.linalg.svd(rest, full_matrices=False)[2][0]
        direction = direction * np.sign(direction[np.abs(direction).argmax()])
        columns.append(direction * np.linalg.norm(columns[0]))
        shifts.append(-known.mean(axis=0) @ columns[1])
    return np.stack(columns, axis=1), np.array(shifts)
