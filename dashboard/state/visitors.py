"""Visitors: session of the running script, whether its browser is still connected, and the page it is on."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

ANYWHERE = "anywhere"  # stands for every page
_PAGE, _STAY = "visitor_page", "visitor_stay"  # in the session
_pages: dict[str, str] = {}  # visitor -> page; read by job threads: no Streamlit cache, which could be cleared


def current() -> str:
    """Session id of the running script; "" outside a script run, for the server itself."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""


def check_in() -> None:
    """End the script run when the visitor has clicked on or closed the page."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return
    _ = "visitor" in st.session_state  # at every access Streamlit ends the run if it was asked to
    if _has_clicked_in_fragment(context.script_requests):
        st.rerun()


def _has_clicked_in_fragment(requests: Any) -> bool:
    """Whether a click in a fragment waits for the current run to end.

    Streamlit finishes the current run first (streamlit/streamlit#11030), so that a stop button in a fragment would do
    nothing. There is no public API for this. A timed rerun of a fragment can wait.
    """
    state, data = getattr(requests, "_state", None), getattr(requests, "_rerun_data", None)
    return state is ScriptRequestType.RERUN and not getattr(data, "is_auto_rerun", False)


def enter(page: str) -> None:
    """Record that the current visitor is on this page; another than before begins another stay."""
    state = st.session_state
    if state.get(_PAGE) != page:
        state[_PAGE], state[_STAY] = page, stay() + 1
    _pages[current()] = page
    for gone in [visitor for visitor in _pages.copy() if not _is_connected(visitor)]:
        _pages.pop(gone, None)


def is_on(visitor: str, page: str) -> bool:
    """Whether a visitor is connected and on this page, or on any page for :data:`ANYWHERE`."""
    here = _pages.get(visitor)
    return here is not None and page in (here, ANYWHERE) and _is_connected(visitor)


def page() -> str:
    """Page of the current visitor."""
    return _pages.get(current(), "")


def stay() -> int:
    """Number of the current visitor's stay on a page; a lost connection does not end it."""
    return st.session_state.get(_STAY, 0)


def _is_connected(visitor: str) -> bool:
    """Whether a session is active; without a server, as in a test of the app, every session is."""
    return not runtime.exists() or runtime.get_instance().is_active_session(visitor)
