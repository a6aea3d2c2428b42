"""Reproducible random samples of rows."""

from __future__ import annotations

import numpy as np


def sampled_rows(count: int, most: int) -> np.ndarray:
    """At most ``most`` of the rows 0 to ``count`` - 1, a random sample where there are more: ascending ints.

    Examples
    --------
    >>> sampled_rows(3, 5), len(sampled_rows(1000, 5))
    (array([0, 1, 2]), 5)
    """
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).permutation(count)[:most])
