"""CUDA graphs: record the kernels of a call once and replay them, without Python between them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from alignment.errors import first_line

logger = logging.getLogger(__name__)

MAX_RECORDINGS = 8  # per function, one for each batch size
WARM_UPS = 3  # calls before recording, in which libraries choose their algorithms and allocate


@dataclass(frozen=True)
class _Recording:
    """One graph, with its input and output tensors."""

    graph: torch.cuda.CUDAGraph
    inputs: tuple[Tensor, ...]
    output: Tensor

    def replay(self, inputs: tuple[Tensor, ...]) -> Tensor:
        for own, given in zip(self.inputs, inputs, strict=True):
            own.copy_(given)
        self.graph.replay()
        return self.output.clone()  # the next replay overwrites it


class CudaGraphs:
    """Recordings of one function of tensors, each made at the second call with the same shapes.

    A recording costs several calls, so that shapes seen once are computed without. The first repeated shapes keep their
    recordings: evicting the least recently used would record at every call when more batch sizes than fit alternate.
    A function that cannot be recorded, or not within GPU memory, is called directly.
    """

    def __init__(self) -> None:
        self._recordings: dict[tuple, _Recording] = {}
        self._met: set[tuple] = set()
        self._records = True
        self._pool: Any = None  # one for all: outputs are copied before another graph runs
        self._lock = threading.Lock()  # the tensors of a recording serve one caller at a time

    def call(self, function: Callable[..., Tensor], *inputs: Tensor) -> Tensor:
        """``function(*inputs)``, replayed if it was recorded for inputs of these shapes.

        Parameters
        ----------
        function : callable
            The same every time: from tensors on an NVIDIA card to one tensor. It must not read values back or branch
            on them.
        """
        with self._lock:
            recording = self._recording(function, inputs)
            return function(*inputs) if recording is None else recording.replay(inputs)

    def _recording(self, function: Callable[..., Tensor], inputs: tuple[Tensor, ...]) -> _Recording | None:
        """Get the recording for inputs of these shapes, making it at the second call with them."""
        shapes = tuple(each.shape for each in inputs)
        has_room = self._records and len(self._recordings) < MAX_RECORDINGS
        if has_room and shapes in self._met and shapes not in self._recordings:
            try:
                self._recordings[shapes] = self._record(function, inputs)
            except RuntimeError as error:
                self._records = False
                self._recordings.clear()
                logger.info("CUDA graphs are not used: %s", first_line(error))
        self._met.add(shapes)
        return self._recordings.get(shapes)

    def _record(self, function: Callable[..., Tensor], inputs: tuple[Tensor, ...]) -> _Recording:
        own = tuple(each.clone() for each in inputs)
        current, aside = torch.cuda.current_stream(), torch.cuda.Stream()
        try:
            aside.wait_stream(current)
            with torch.cuda.stream(aside):
                for _ in range(WARM_UPS):
                    function(*own)
            current.wait_stream(aside)
            graph = torch.cuda.CUDAGraph()
            self._pool = self._pool or torch.cuda.graph_pool_handle()
            # By default a call of CUDA in another thread, such as another visitor's, would end the recording.
            with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
                output = function(*own)
        finally:
            torch.cuda.set_stream(current)  # a recording that fails leaves its own stream in place
        return _Recording(graph, own, output)
