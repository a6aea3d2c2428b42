"""Locks whose wait can be ended, locks by key, and values that one thread computes for others or for all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager

from alignment.progress import LOOK_SECONDS, at_step


@contextmanager
def interruptible(lock) -> Iterator[None]:
    """``with lock``, with a wait that can be cancelled through :func:`at_step`."""
    while not lock.acquire(timeout=LOOK_SECONDS):
        at_step()
    try:
        yield
    finally:
        lock.release()


class KeyedLocks:
    """One lock per key, so that work on one key does not wait for work on another."""

    def __init__(self) -> None:
        self._locks: dict = {}
        self._lock = threading.Lock()

    def __reduce__(self):
        return KeyedLocks, ()  # a copy, which another process may hold, has locks of its own

    @contextmanager
    def locked(self, key) -> Iterator[None]:
        """:func:`interruptible` with the lock of a key."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.RLock())
        with interruptible(lock):
            yield


class SharedComputation:
    """Threads that ask for a key while its value is computed get that value; it is not kept for later ones."""

    def __init__(self) -> None:
        self._running: dict[object, Future] = {}
        self._lock = threading.Lock()

    def __reduce__(self):
        return SharedComputation, ()

    def get(self, key, compute: Callable):
        """The value of ``compute()``, or of another thread's for the same key; where that fails, it is tried anew."""
        while True:
            with self._lock:
                others = self._running.get(key)
                if others is None:
                    own = self._running[key] = Future()
                    break
            while not others.done():
                at_step()
                wait([others], timeout=LOOK_SECONDS)
            if others.exception() is None:
                return others.result()
        try:
            own.set_result(compute())
        except BaseException as error:
            own.set_exception(error)
        finally:
            with self._lock:
                del self._running[key]
        return own.result()


class Once:
    """Thread-safe memo: each key's value is computed once, without blocking other keys."""

    def __init__(self) -> None:
        self._values: dict = {}
        self._locks = KeyedLocks()

    def get(self, key, compute: Callable):
        """The value of a key, from ``compute()`` at the first call."""
        if key not in self._values:
            with self._locks.locked(key):
                if key not in self._values:
                    self._values[key] = compute()
        return self._values[key]

    def __contains__(self, key) -> bool:
        """Whether a key has its value."""
        return key in self._values

    def set(self, key, value) -> None:
        """Set a key's value, after waiting for a running computation of it."""
        with self._locks.locked(key):
            self._values[key] = value
