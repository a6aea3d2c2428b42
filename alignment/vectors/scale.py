"""Scale of arrays: centred columns, and exact division by a power of two."""

from __future__ import annotations

import numpy as np

from alignment.vectors.similarity import ROUNDING_STEPS


def power_of_two(A: np.ndarray) -> float:
    """Power of two above the largest number of A, 1 where all are 0; dividing A by it is exact.

    What does not depend on the scale of A is computed from the quotient: squares of squares of large or small numbers
    would not be numbers of float32.
    """
    return 2.0 ** int(np.frexp(np.abs(A).max(initial=0.0))[1])


def centred_columns(A: np.ndarray) -> np.ndarray:
    """Centre columns, ``A - ā``; zeros where all rows are equal up to rounding error."""
    shifted = A - A.mean(axis=0)
    noise = ROUNDING_STEPS * np.finfo(A.dtype).eps * np.abs(A).max(initial=0.0)
    differ = min(np.abs(shifted).max(initial=0.0), np.ptp(A, axis=0).max(initial=0.0))  # a mean of many rows is rounded
    return shifted if differ > noise else np.zeros_like(shifted)
