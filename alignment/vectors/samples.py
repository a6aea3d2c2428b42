"""Samples of many rows, the same at every call."""

from __future__ import annotations

import numpy as np


def sampled_rows(count: int, most: int) -> np.ndarray:
    """Rows 0 to ``count`` - 1, or where there are more than ``most``, so many of them at random: ascending ints.

    Examples
    --------
    >>> sampled_rows(3, 5), len(sampled_rows(1000, 5))
    (array([0, 1, 2]), 5)
    """
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).permutation(count)[:most])
