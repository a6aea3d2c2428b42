"""Arrays made read-only."""

from __future__ import annotations

import numpy as np


def read_only(array: np.ndarray) -> np.ndarray:
    """Make an array read-only and return it.

    For arrays that are kept: results computed from them are cached under the digest of what they were made of, and
    would be wrong for every later process if the array were changed in memory.
    """
    array.flags.writeable = False
    return array
