"""What a page does where the work that it waits for is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.state import visitors
from dashboard.state.background_jobs import JobCancelled


@contextmanager
def told_of_stops() -> Iterator[None]:
    """The page of a visitor ends where what it waits for is stopped, and says so; the server itself meets the error."""
    try:
        yield
    except JobCancelled as stopped:
        if not visitors.current():
            raise
        st.info(str(stopped), icon=":material/stop:")
        st.stop()
