"""What the processor can do, and how many of its threads a piece of work gets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache


def has_bfloat16_units() -> bool:
    """Whether this processor multiplies matrices of bfloat16 faster than of float32."""
    import torch

    able = torch.cpu.get_capabilities()
    return torch.backends.mkldnn.is_available() and bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def packs(dtype) -> bool:
    """Whether oneDNN takes weights of this torch dtype, arranged beforehand, on this processor.

    Most take float32; bfloat16 needs AVX-512 or its like, which many laptops lack.
    """
    import torch

    if not torch.backends.mkldnn.is_available():
        return False
    return dtype != torch.bfloat16 or torch.ops.mkldnn._is_mkldnn_bf16_supported()


@contextmanager
def threads_for(small: bool) -> Iterator[None]:
    """One torch thread for small work, all of them for the rest.

    One sentence or one small picture is so little work that threads spend longer waiting for one another than they
    save, the more so when several visitors draw at once.
    """
    import torch

    everything = _all_threads()
    torch.set_num_threads(1 if small else everything)
    try:
        yield
    finally:
        torch.set_num_threads(everything)


@lru_cache
def _all_threads() -> int:
    """The number before this module changed any: two visitors at once must not mistake the other's one for it."""
    import torch

    return torch.get_num_threads()
