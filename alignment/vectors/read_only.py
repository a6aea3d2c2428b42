"""Arrays that cannot be changed in place."""

from __future__ import annotations

import numpy as np


def read_only(array: np.ndarray) -> np.ndarray:
    """The same array, which can no longer be changed in place.

    For arrays that files determine: what is computed from them is kept under the digest of the files, and would be
    wrong for every later process if the array were changed in memory.
    """
    array.flags.writeable = False
    return array
