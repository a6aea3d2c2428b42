"""Memory and matrix multiplication speed of devices."""

from __future__ import annotations

import os
import time

SIDES = {"cpu": 1024, "mps": 2048, "cuda": 8192}  # of the matrices that are multiplied
REPEATS = 5


def memory(device: str) -> tuple[int | None, int | None]:
    """Free and total memory in bytes; None where unknown."""
    import torch

    if device == "cuda":
        return torch.cuda.mem_get_info()
    if device == "mps":
        total = torch.mps.recommended_max_memory()
        return total - torch.mps.driver_allocated_memory(), total
    try:
        return None, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows
        return None, None


def synchronize(device: str) -> None:
    """Wait until a device has finished its work, as calls are asynchronous."""
    import torch

    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()


def product_speed(device: str, dtype: str) -> float:
    """Floating point operations per second in products of square matrices, best of :data:`REPEATS`."""
    import torch

    side, best = SIDES[device], float("inf")
    square = torch.ones(side, side, dtype=getattr(torch, dtype), device=device)
    for _ in range(REPEATS):
        synchronize(device)
        start = time.perf_counter()
        torch.matmul(square, square)
        synchronize(device)
        best = min(best, time.perf_counter() - start)
    return 2 * side**3 / best
