"""Sizes of results in memory."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd


def size_in_bytes(value: Any) -> int:
    """Approximate memory of a result in bytes: arrays, tables, bytes and texts, also within containers and objects."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage(deep=True).sum())
    if isinstance(value, dict):
        return sum(map(size_in_bytes, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(size_in_bytes, value))
    if hasattr(value, "__dict__") and not isinstance(value, type):
        return sum(map(size_in_bytes, vars(value).values()))
    return sys.getsizeof(value, 0)
