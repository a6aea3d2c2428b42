"""Comparison of two versions of a space (two mappings, two layers): a joint layout, and which classes moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from alignment.progress import Progress
from alignment.projection.layouts import LayoutSettings, Projection, fit_layout
from alignment.projection.neighbourhoods import class_neighbours, share_kept
from alignment.vectors.similarity import NEIGHBORS

FIRST, SECOND = "first", "second"
NAMED = 5  # neighbours of a class that has moved


def fit_pair(
    first: np.ndarray, second: np.ndarray, settings: LayoutSettings, *, progress: Progress | None = None
) -> dict[str, Projection]:
    """Project both versions, as :func:`~alignment.projection.layouts.fit_layout` projects text and class space.

    Parameters
    ----------
    first, second : float arrays (K, d_1) and (K, d_2)
        Row k is class k in both; a row of NaN where it is missing.

    Returns
    -------
    dict from "first" and "second" to Projection, the first rotated onto the second
    """
    drawn = fit_layout({"text": first, "class": second}, settings, progress=progress)
    return {FIRST: drawn["text"], SECOND: drawn["class"]}


def moved_most(first: np.ndarray, second: np.ndarray, names: Sequence[str], *, k: int = NEIGHBORS) -> pd.DataFrame:
    """Classes by the share of nearest neighbours that differ between the two versions, largest first.

    Neighbours are by cosine in the spaces themselves, so that a class that moves together with its neighbours has not
    moved.

    Returns
    -------
    DataFrame, one row per class that both versions have, indexed by row
        ``name``; ``moved``, the share of its k nearest that differ, k at most a third of the classes; ``left`` and
        ``met``, tuples of up to :data:`NAMED` names of neighbours in the first version only and in the second only,
        the nearest first.
    """
    near = class_neighbours({FIRST: first, SECOND: second}, k)
    here = np.flatnonzero(near[FIRST][:, 0] >= 0)
    few = max(1, min(k, len(here) // 3))
    before, after = near[FIRST][here, :few], near[SECOND][here, :few]
    label = np.asarray(names, dtype=object)

    def only(a: np.ndarray, b: np.ndarray) -> list[tuple[str, ...]]:
        return [tuple(label[row[~np.isin(row, other)]][:NAMED]) for row, other in zip(a, b, strict=True)]

    return pd.DataFrame(
        {
            "name": label[here],
            "moved": 1 - share_kept(before, after),
            "left": only(before, after),
            "met": only(after, before),
        },
        index=here,
    ).sort_values("moved", ascending=False, kind="stable")
