"""Memory of the server: sizes of results, and freed memory returned to the operating system."""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
import time
from typing import Any

import numpy as np
import pandas as pd

M_ARENA_MAX, MEMORY_POOLS = -8, 2  # the first as in malloc.h
SECONDS_BETWEEN_TRIMS = 10


def limit_pools() -> None:
    """Limit the number of glibc's malloc arenas; does nothing with another C library.

    By default there are up to eight per processor, each as large as its threads once needed: after three visits with
    mappings that were not in the cache the server held 1,340 MB, with two arenas 940 MB.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, MEMORY_POOLS)


def keep_giving_back() -> None:
    """Start a thread that regularly returns freed memory to the system (malloc_trim of glibc).

    glibc keeps free memory between blocks in use, and nothing else releases it once visitors have left.
    """
    with contextlib.suppress(OSError, AttributeError):
        trim = ctypes.CDLL("libc.so.6").malloc_trim

        def run() -> None:
            while True:
                time.sleep(SECONDS_BETWEEN_TRIMS)
                trim(0)

        threading.Thread(target=run, name="memory", daemon=True).start()


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
