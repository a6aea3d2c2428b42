"""The server's process: memory, threads, and what Streamlit has no settings for."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import sys
import threading
import time

from streamlit.runtime.app_session import AppSession

SWITCH_SECONDS = 0.0005  # interpreter switch interval; drawing waits for the interpreter lock hundreds of times
M_ARENA_MAX, MEMORY_POOLS = -8, 2  # the first as in malloc.h
SECONDS_BETWEEN_TRIMS = 10
ALREADY_CLOSED = 'Cannot call "send" once a close message has been sent'  # Starlette's words


def set_up() -> None:
    """Set up this process before it serves."""
    sys.setswitchinterval(SWITCH_SECONDS)
    limit_pools()
    keep_giving_back()
    keep_caches()
    silence_disconnects()


def limit_pools() -> None:
    """Limit the number of glibc's malloc arenas; does nothing with another C library.

    By default there are up to eight per processor, each as large as its threads once needed: after three visits with
    mappings that were not in the cache the server held 1,340 MB, with two arenas 940 MB.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, MEMORY_POOLS)


def keep_giving_back() -> None:
    """Start a thread that regularly returns freed memory to the system (malloc_trim of glibc).

    glibc keeps free memory between blocks in use, and nothing else releases it once visitors have left.
    """
    with contextlib.suppress(OSError, AttributeError):
        trim = ctypes.CDLL("libc.so.6").malloc_trim

        def run() -> None:
            while True:
                time.sleep(SECONDS_BETWEEN_TRIMS)
                trim(0)

        threading.Thread(target=run, name="memory", daemon=True).start()


def keep_caches() -> None:
    """Make a visitor's "Clear cache" clear their own session only.

    Streamlit empties the caches of all visitors when any browser sends that message, and has no setting against it.
    """

    def forget_own(session: AppSession) -> None:
        session.session_state.clear()

    setattr(AppSession, "_handle_clear_cache_request", forget_own)  # noqa: B010, assigned it would not pass mypy


def silence_disconnects() -> None:
    """Keep visitors who leave while a page is sent to them out of the server's log.

    Streamlit then closes a connection that is closed already, which uvicorn logs as a fault, with a long traceback.
    """

    def is_fault(record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return not (isinstance(error, RuntimeError) and ALREADY_CLOSED in str(error))

    logging.getLogger("uvicorn.error").addFilter(is_fault)
