"""Progress of long work, as callers may follow it, and the places where it may be ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Progress = Callable[[str, int, int], object]
"""Called with (what is being done, steps done, steps in all); an exception that it raises ends the work."""

DOWNLOADING = "Downloading"
LOOK_SECONDS = 0.2  # between two looks whether the work should still go on

Step = Callable[[int, int], object]
_step: ContextVar[Step] = ContextVar("step", default=lambda done, total: None)


@contextmanager
def following(call: Step) -> Iterator[None]:
    """Within, in this thread, every :func:`at_step` is passed on to ``call``, which may raise to end the work."""
    token = _step.set(call)
    try:
        yield
    finally:
        _step.reset(token)


def at_step(done: int = 0, total: int = 0) -> None:
    """Say that work is between two of its steps, ``done`` of ``total`` where that is known.

    For iterations that callers do not see, such as those of a fit, whose signature is scikit-learn's: whoever follows
    them may show how far they are, and ends them here by an exception.
    """
    _step.get()(done, total)


@contextmanager
def interruptible(lock) -> Iterator[None]:
    """``with lock``, where the wait for it may be ended as in :func:`at_step`."""
    while not lock.acquire(timeout=LOOK_SECONDS):
        at_step()
    try:
        yield
    finally:
        lock.release()


class KeyedLocks:
    """A lock for each key, so that work on one does not wait for work on another."""

    def __init__(self) -> None:
        self._locks: dict = {}
        self._lock = threading.Lock()

    def __reduce__(self):
        return KeyedLocks, ()  # a copy, which another process may hold, has locks of its own

    @contextmanager
    def locked(self, key) -> Iterator[None]:
        """As :func:`interruptible`, with the lock of a key."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.RLock())
        with interruptible(lock):
            yield


class Once:
    """Values by key, each computed by the first who asks for it; who asks for another does not wait."""

    def __init__(self) -> None:
        self._values: dict = {}
        self._locks = KeyedLocks()

    def get(self, key, compute: Callable):
        """The value of a key, ``compute()`` where there is none yet."""
        if key not in self._values:
            with self._locks.locked(key):
                if key not in self._values:
                    self._values[key] = compute()
        return self._values[key]

    def set(self, key, value) -> None:
        """Put a value in place of what a key has, or is about to have."""
        with self._locks.locked(key):
            self._values[key] = value


def counts_bytes(stage: str) -> bool:
    """Whether the steps of some work are bytes."""
    return stage.startswith(DOWNLOADING)


def progress_text(stage: str, done: int, total: int) -> str:
    """Progress in words: "Encoding: 1,000 of 12,000", "Downloading biggan-deep-256: 28.1 of 234.4 MB"."""
    if counts_bytes(stage):
        return f"{stage}: {done / 1e6:.1f} of {total / 1e6:.1f} MB"
    return f"{stage}: {done:,} of {total:,}"
