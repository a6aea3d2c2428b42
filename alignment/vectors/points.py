"""Points that people give: rows of finite numbers of the size that a space has."""

from __future__ import annotations

from typing import Any

import numpy as np

from alignment.errors import InputError
from alignment.wording import counted


def checked_points(
    vectors: Any, size: int, space: str = "class space", rows: int | None = None, *, none: bool = False
) -> np.ndarray:
    """Points of a space as an array (m, size), if they are such.

    Parameters
    ----------
    vectors : array, DataFrame, list of rows, or torch tensor of any device and type, also one that requires grad
    space : str
        What messages call the space.
    rows : int, optional
        How many points there must be; by default any number.
    none : bool
        Whether there may be no points.

    Raises
    ------
    InputError
        For points that are not finite or of another size, for more or fewer of them, and for none.
    """
    try:
        points = np.asarray(_array(vectors) if hasattr(vectors, "detach") else vectors)
    except ValueError as error:  # rows of different lengths
        wanted = f"Points of {space} are rows of {size:,} finite numbers each"
        raise InputError(f"{wanted}; got rows of different lengths.") from error
    is_matrix = points.ndim == 2 and points.shape[1] == size and points.dtype.kind in "fiu"
    if not is_matrix or not np.isfinite(points).all():
        shape = " x ".join(map(str, points.shape))
        raise InputError(
            f"Points of {space} are rows of {size:,} finite numbers each; got {points.dtype} of shape {shape}."
        )
    if rows is not None and len(points) != rows:
        raise InputError(f"Points of {space} are wanted in {counted(rows, 'row')}; there are {len(points):,}.")
    if not (len(points) or none):
        raise InputError(f"There are no points of {space}; give at least one.")
    return points


def floating(points: np.ndarray) -> np.ndarray:
    """Numbers in a precision to compute in: float32 and float64 as they are, others in the one that holds them."""
    return points.astype(np.result_type(points, np.float32), copy=False)


def _array(tensor: Any) -> np.ndarray:
    """Array of a torch tensor; NumPy has no type for bfloat16, and takes no tensor that requires grad."""
    tensor = tensor.detach().to_dense().cpu()
    return (tensor.float() if tensor.is_floating_point() and tensor.element_size() < 4 else tensor).numpy()
