"""Snap: moving a point of class space towards its nearest class."""

from __future__ import annotations

import numpy as np

from alignment.errors import InputError
from alignment.vectors.points import checked_points
from alignment.vectors.similarity import nearest_class


def snap_to_nearest_class(vectors: np.ndarray, class_vectors: np.ndarray, share: float) -> np.ndarray:
    """Move each point towards its nearest class c: ``z + share (c - z)``.

    "A cat" is mapped between the generator's classes of cats, and the picture of a point between classes is blurred;
    a point nearer to one of them is drawn sharply.

    Parameters
    ----------
    vectors : float array (m, d)
    class_vectors : float array (K, d)
    share : float in [0, 1]

    Returns
    -------
    float32 array (m, d)

    Raises
    ------
    InputError
        For a share out of range, and for points that are none, not finite or of another size.
    """
    check_snap(share)
    vectors = checked_points(vectors, class_vectors.shape[1])
    nearest = nearest_class(vectors, class_vectors)
    return np.asarray(vectors + share * (class_vectors[nearest] - vectors), dtype=np.float32)


def check_snap(share: object) -> None:
    """Raise InputError for a snap that is outside [0, 1] or not a number."""
    if not isinstance(share, (int, float, np.number)) or not 0 <= share <= 1:  # NaN compares false
        raise InputError(f"The snap to the nearest class must be a number from 0 to 1; got {share!s:.60}.")
