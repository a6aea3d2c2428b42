"""Handling of cancelled jobs on a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.state import visitors
from dashboard.state.background_jobs import JobCancelled


@contextmanager
def stop_page_on_cancel() -> Iterator[None]:
    """Show a notice and stop the page if the job that it waits for is cancelled; without a visitor, raise the error."""
    try:
        yield
    except JobCancelled as stopped:
        if not visitors.current():
            raise
        st.info(str(stopped), icon=":material/stop:")
        st.stop()
