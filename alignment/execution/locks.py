"""Locks whose wait can be ended, and values that one thread computes for others or for all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar

from alignment.progress import LOOK_SECONDS, at_step

T = TypeVar("T")


@contextmanager
def interruptible(lock) -> Iterator[None]:
    """``with lock``, with a wait that can be cancelled through :func:`at_step`."""
    while not lock.acquire(timeout=LOOK_SECONDS):
        at_step()
    try:
        yield
    finally:
        lock.release()


class SharedComputation:
    """Threads that ask for a key while its value is computed get that value; it is not kept for later ones."""

    def __init__(self) -> None:
        self._running: dict[object, Future] = {}
        self._lock = threading.Lock()

    def __reduce__(self):
        return SharedComputation, ()  # a copy, which another process may hold, has a lock of its own

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
    """Thread-safe memo: each key's value is computed once, without blocking other keys.

    ``compute`` must not ask for its own key.
    """

    def __init__(self) -> None:
        self._values: dict = {}
        self._running = SharedComputation()

    def get(self, key, compute: Callable):
        """The value of a key, from ``compute()`` at the first call."""

        def value():
            if key not in self._values:  # another thread may have computed it meanwhile
                self._values.setdefault(key, compute())
            return self._values[key]

        return self._values[key] if key in self._values else self._running.get(key, value)

    def __contains__(self, key) -> bool:
        """Whether a key has its value."""
        return key in self._values

    def set(self, key, value) -> None:
        """Set a key's value, which a running computation of it then does not replace."""
        self._values[key] = value


class shared_property(cached_property[T]):
    """``functools.cached_property`` that one thread computes for all, with a wait that can be cancelled.

    Before Python 3.12 the original has one lock for the objects of all users: a slow study would hold up every other.
    """

    def __init__(self, func: Callable[[Any], T]):
        super().__init__(func)
        self._running = SharedComputation()

    def __get__(self, instance: Any, owner: type | None = None) -> T:  # type: ignore[override]
        """The value, which the object then holds, so that this is not called again; the property itself of a class."""
        if instance is None:
            return self  # type: ignore[return-value]

        def value() -> T:
            held = vars(instance)
            if self.attrname not in held:  # another thread may have computed it meanwhile
                held.setdefault(self.attrname, self.func(instance))
            return held[self.attrname]

        return self._running.get(id(instance), value)
