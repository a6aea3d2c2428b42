"""Test app: pages with one background job each, and one without; a job writes the time to the file JOB_LOG."""

import os
import time

import streamlit as st

from dashboard.state import visitors
from dashboard.state.background_jobs import BackgroundJobs, JobQueue


@st.cache_resource
def jobs() -> BackgroundJobs:
    return BackgroundJobs(JobQueue())


def task(report):
    with open(os.environ["JOB_LOG"], "a", encoding="utf-8") as log:
        while True:
            print(time.time(), file=log, flush=True)
            report("running", 0, 1)
            time.sleep(0.05)


def waiting() -> None:
    """Page whose script run waits for the result."""
    st.title("Waiting")
    st.button("Again")
    jobs().watch("waited", task, lambda *_: None, visitor=visitors.current(), check_in=visitors.check_in)


def staying() -> None:
    """Page whose script run ends while the visitor stays."""
    st.title("Staying")
    jobs().submit("stayed", task, visitor=visitors.current(), page=visitors.page())


def stopping() -> None:
    """Page with a fragment that waits for the result until its stop button is clicked."""
    st.title("Stopping")
    stoppable()
    st.markdown("End of the page")


@st.fragment
def stoppable() -> None:
    if st.session_state.get("stopped"):
        st.markdown("Stopped.")
        return
    st.button("Stop", on_click=lambda: st.session_state.update(stopped=True))
    jobs().watch("stopped", task, lambda *_: None, visitor=visitors.current(), check_in=visitors.check_in)


def elsewhere() -> None:
    st.title("Elsewhere")


page = st.navigation([st.Page(elsewhere, default=True), st.Page(waiting), st.Page(staying), st.Page(stopping)])
visitors.enter(page.title)
page.run()
