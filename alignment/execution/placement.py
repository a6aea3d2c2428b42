"""Device placement of models: CPU or GPU, loaded once, with smaller batches where memory is short."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from alignment.errors import InputError, first_line
from alignment.execution.cpu import has_bfloat16_units
from alignment.execution.locks import interruptible

logger = logging.getLogger(__name__)

DEVICES = ("auto", "cpu", "cuda", "mps")
DRIVERS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")  # of NVIDIA, of AMD, and of either under Windows
DTYPES = ("float32", "bfloat16", "float16")
TENSOR_CORES = (7, 0)  # compute capability from which NVIDIA cards multiply float16 faster than float32
NO_MEMORY = ("out of memory", "alloc_failed")  # in the errors of Apple's devices, of cuBLAS and of cuDNN
T = TypeVar("T")
_warned: set[str] = set()  # warnings of this process


def devices_here() -> dict[str, str]:
    """Devices that torch can use on this machine, best first, with their names."""
    import torch

    found = {}
    if torch.cuda.is_available() and _computes("cuda"):
        found["cuda"] = torch.cuda.get_device_name()
    if torch.backends.mps.is_available() and _computes("mps"):
        found["mps"] = "Apple graphics"
    return found | {"cpu": "processor"}


@lru_cache
def _computes(device: str) -> bool:
    """Whether a device works: torch also finds cards that are too old, or used exclusively by another program."""
    import torch

    try:
        return float(torch.ones(2, device=device).sum()) == 2
    except (RuntimeError, AssertionError) as error:
        logger.warning("The device %s is not used: %s", device, first_line(error))
        return False


def devices_to_choose() -> tuple[str, ...]:
    """Choices of device on this machine; only "auto" where there is nothing to choose.

    On Linux without a driver of a card, torch is not imported, which takes longer than a page.
    """
    may_have = not sys.platform.startswith("linux") or any(Path(driver).exists() for driver in DRIVERS)
    here = tuple(devices_here()) if may_have else ()
    return ("auto", *here) if len(here) > 1 else ("auto",)


def resolve(asked: str) -> str:
    """Resolve a device name to "cuda", "mps" or "cpu"; "auto" is the first of these that is available.

    Raises
    ------
    InputError
        For an unavailable or unknown device.
    """
    if asked not in DEVICES:
        raise InputError(f"Unknown device {asked!r}; choose one of {', '.join(DEVICES)}.")
    if asked == "cpu":
        return asked
    here = devices_here()
    if asked == "auto":
        return next(iter(here))
    if asked not in here:
        import torch

        raise InputError(f"torch {torch.__version__} finds no device {asked!r} here; it can use {', '.join(here)}.")
    return asked


def fastest_dtype(device: str) -> str:
    """Fastest dtype for matrix products on a device, among those with the range that networks need."""
    import torch

    if device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return "bfloat16"
    if device == "cuda" and torch.cuda.get_device_capability() >= TENSOR_CORES:
        return "float16"
    return "bfloat16" if device == "cpu" and has_bfloat16_units() else "float32"


def check_dtype(dtype: str | None) -> None:
    """Raise InputError unless a dtype is one of ``DTYPES``, or None."""
    if dtype not in (None, *DTYPES):
        raise InputError(f"Unknown dtype {dtype!r}; choose one of {', '.join(DTYPES)}.")


class Placement:
    """Device of a model; where its memory is short, smaller batches, then the CPU.

    Parameters
    ----------
    asked : {"auto", "cpu", "cuda", "mps"}
    what : str
        Name of the computed things in warnings, in the plural.

    Attributes
    ----------
    device : str
        "cuda", "mps" or "cpu". It becomes "cpu" when not even one item at a time fits the card's memory, and stays so.
    notes : list of str
        Warnings so far.

    Raises
    ------
    InputError
        For a device that is not here.
    """

    def __init__(self, asked: str, what: str):
        if asked not in ("auto", "cpu"):
            resolve(asked)  # refused before anything is loaded; the others would only import torch early
        self._asked, self._what = asked, what
        self._share = 1.0  # of the requested batch size that fits
        self.notes: list[str] = []

    @cached_property
    def device(self) -> str:
        return resolve(self._asked)

    def run_in_batches(self, compute: Callable[[str, Any], T], items: Any, size: int) -> Iterator[tuple[Any, T]]:
        """Compute batches of items in turn.

        Parameters
        ----------
        compute : callable (device, part)
            Loads what it needs onto the device.
        items : sequence, array or tensor
            Its slices are the parts.
        size : int
            Most items per part; fewer where GPU memory is short.

        Yields
        ------
        (part, its result)
        """
        start, short = 0, False
        while start < len(items):
            part = items[start : start + max(1, round(size * self._share))]
            failed = False
            try:
                computed = compute(self.device, part)
            except RuntimeError as error:
                if self.device == "cpu" or not is_out_of_memory(error):
                    raise
                failed = True  # the error's traceback holds tensors until this block ends
            if failed:
                short = True
                self._use_less_memory(len(part), size)
                continue
            if short:
                self._warn()
                short = False
            yield part, computed
            start += len(part)

    def once(self, compute: Callable[[str], T]) -> T:
        """Run ``compute(device)``, on the CPU if GPU memory is insufficient."""
        ((_, computed),) = self.run_in_batches(lambda device, _: compute(device), [None], 1)
        return computed

    def _use_less_memory(self, tried: int, size: int) -> None:
        """Halve the batch size from now on, or change to the CPU where it was one item."""
        import torch

        if tried > 1:
            self._share = tried // 2 / size
        else:
            self.device, self._share = "cpu", 1.0
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def _warn(self) -> None:
        instead = "the CPU is used" if self.device == "cpu" else "fewer are computed at a time"
        note = f"The graphics card has too little memory free for these {self._what}; {instead}."
        if note not in self.notes:
            self.notes.append(note)
        if note not in _warned:  # said once, however many mappings run short
            _warned.add(note)
            logger.warning("%s", note)


class PlacedModel:
    """A model on the device of a placement, loaded on first use, once for all threads.

    A subclass implements ``_load(device, dtype)`` and ``_default_dtype(device)``.

    Parameters
    ----------
    device : {"auto", "cpu", "cuda", "mps"}
    what : str
        As of :class:`Placement`.
    dtype : {"float32", "bfloat16", "float16"}, optional

    Attributes
    ----------
    placement : Placement

    Raises
    ------
    InputError
        For an unknown dtype, and for a device that is not here.
    """

    def __init__(self, device: str, what: str, dtype: str | None):
        check_dtype(dtype)
        self.placement = Placement(device, what)
        self._dtype = dtype
        self._loading = threading.Lock()
        self._loaded: tuple[tuple[str, str], Any] | None = None  # the model, and the device and dtype it is in

    def __getstate__(self) -> dict[str, Any]:
        """State from which a copy loads the same model: without lock, loaded model and cached properties."""
        computed = {name for name in vars(self) if isinstance(getattr(type(self), name, None), cached_property)}
        return {name: value for name, value in vars(self).items() if name not in {*computed, "_loading", "_loaded"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _loading=threading.Lock(), _loaded=None)

    @property
    def dtype(self) -> str:
        """Number type of the model's products: "float32", "bfloat16" or "float16"."""
        return self._dtype or self._default_dtype(self.placement.device)

    @property
    def computed_in(self) -> str:
        """Dtype and device that results depend on: "float32", or "float32 on cuda" off the CPU."""
        device = self.placement.device
        return self.dtype if device == "cpu" else f"{self.dtype} on {device}"

    def _model(self, device: str):
        """Load the model onto a device; one on another device, or of another dtype, is dropped."""
        with interruptible(self._loading):
            wanted = device, self._dtype or self._default_dtype(device)
            if self._loaded is None or self._loaded[0] != wanted:
                self._loaded = None  # its memory may be needed
                self._loaded = wanted, self._load(*wanted)
            return self._loaded[1]

    def _default_dtype(self, device: str) -> str:
        raise NotImplementedError

    def _load(self, device: str, dtype: str) -> Any:
        raise NotImplementedError


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error means that GPU memory was insufficient."""
    import torch

    said = str(error).lower()
    return isinstance(error, torch.OutOfMemoryError) or any(words in said for words in NO_MEMORY)
