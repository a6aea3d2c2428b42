"""CPU capabilities, and torch's number of threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

_limited = threading.local()  # whether this thread keeps to one torch thread


def has_bfloat16_units() -> bool:
    """Whether this CPU multiplies matrices faster in bfloat16 than in float32."""
    import torch

    able = torch.cpu.get_capabilities()
    return torch.backends.mkldnn.is_available() and bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def can_pack(dtype, device: str = "cpu") -> bool:
    """Whether oneDNN accepts packed weights of this torch dtype on this processor; never on another type of device.

    float32 works on most; bfloat16 needs AVX-512 or similar instructions, which many laptops do not have.
    """
    import torch

    if device != "cpu" or dtype == torch.float16 or not torch.backends.mkldnn.is_available():
        return False
    return dtype != torch.bfloat16 or torch.ops.mkldnn._is_mkldnn_bf16_supported()


@contextmanager
def threads_for(small: bool) -> Iterator[None]:
    """Context with one torch thread for small work, all of them otherwise.

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
    """Torch's original number of threads; read once, because another thread may have set it to 1."""
    import torch

    return torch.get_num_threads()


@contextmanager
def one_thread() -> Iterator[None]:
    """Context with one thread for torch and the libraries below NumPy; restores the number afterwards.

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
