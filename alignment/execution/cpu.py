"""Capabilities of the processor, and the number of threads that torch uses."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

_limited = threading.local()  # whether this thread keeps to one torch thread


def has_bfloat16_units() -> bool:
    """Whether this processor multiplies matrices of bfloat16 faster than of float32."""
    import torch

    able = torch.cpu.get_capabilities()
    return torch.backends.mkldnn.is_available() and bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def can_pack(dtype, device: str = "cpu") -> bool:
    """Whether oneDNN accepts packed weights of this torch dtype on this processor; never on another type of device.

    float32 works on most; bfloat16 needs AVX-512 or similar instructions, which many laptops lack.
    """
    import torch

    if device != "cpu" or dtype == torch.float16 or not torch.backends.mkldnn.is_available():
        return False
    return dtype != torch.bfloat16 or torch.ops.mkldnn._is_mkldnn_bf16_supported()


@contextmanager
def threads_for(small: bool) -> Iterator[None]:
    """One torch thread for small work, all of them otherwise.

    For one sentence or one small picture, synchronising threads takes longer than they save, especially when several
    visitors draw at once.
    """
    import torch

    count = 1 if getattr(_limited, "to_one", False) else all_threads()
    torch.set_num_threads(1 if small else count)
    try:
        yield
    finally:
        torch.set_num_threads(count)


@lru_cache
def all_threads() -> int:
    """The number before this module changed it; it is read once, because another thread may have set it to 1."""
    import torch

    return torch.get_num_threads()


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for everything: torch and the libraries below NumPy. Afterwards the number is what it was before.

    The order in which parts of a sum are added, and with it the last bits of the result, depends on the number of
    threads; with one, a computation gives the same bytes in this process and in another with more or fewer cores.
    """
    import torch
    from threadpoolctl import threadpool_limits

    before, count = getattr(_limited, "to_one", False), all_threads()
    _limited.to_one = True
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        _limited.to_one = before
        torch.set_num_threads(1 if before else count)
