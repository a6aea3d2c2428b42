"""Termination signals (Ctrl-C, SIGTERM, SIGHUP) that come while worker processes are started."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import FrameType

ENDING_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def deferred_termination() -> Iterator[None]:
    """Defer the first termination signal to the end of the context, as Dask cannot close a half-started cluster.

    Processes started within never get SIGINT, which a terminal sends to all at Ctrl-C: this process ends them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    numbers = [getattr(signal, name) for name in ENDING_SIGNALS if hasattr(signal, name)]
    handlers = {number: handler for number in numbers if callable(handler := signal.getsignal(number))}

    def hold_back(number: int, _: FrameType | None) -> None:
        asked.append(number)
        for each, handler in handlers.items():
            signal.signal(each, handler)  # the next one is not held back; Ctrl-C waits all the same

    for number in handlers:
        signal.signal(number, hold_back)
    try:
        with _without_interrupts():
            yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if asked:
        signal.raise_signal(asked[0])


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Block SIGINT in threads and processes that are started within, for as long as they last."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # by another thread, it would lift the block there
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
