"""Long work of a page: begun by a button or at once, run in the background, with a progress bar and a stop button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from alignment.errors import InputError
from alignment.study import Study
from dashboard.components.progress import bar_in
from dashboard.state import studies, visitors
from dashboard.state.background_jobs import Job, JobCancelled, Task
from dashboard.state.notices import refuse

POLL_SECONDS = 0.5
JOB = "job "  # how the names of jobs start
STAY = "stay of "  # before the name of a job: the stay on a page in which this visitor began it
STOPPED = ""  # in place of a job that this visitor stopped; of one that failed, the reason: neither begins by itself


def result_or_button(
    study: Study,
    key: str,
    task: Task,
    label: str,
    *,
    work: str = "",
    parts: Sequence[str] = (),
    units: float | None = None,
    exclusive: str = "",
    keep: bool = True,
    at_once: bool = False,
    page: str = "",
) -> Any | None:
    """Return the result of a job, or show a start button (``label``, expected time) or the progress and return None.

    The job goes on while the visitor is in other sections of the page, and ends when they leave it; one that a lost
    connection ended begins again. Why it failed is shown until it is begun again, by a button that says so.

    Parameters
    ----------
    work, parts, units
        As in :func:`.studies.announced`.
    exclusive : str
        As in :class:`~dashboard.state.background_jobs.Job`.
    keep : bool
        Whether the result is kept for all visitors, or for this one alone, as long as they are here.
    at_once : bool
        Whether it begins without the button, unless this visitor has stopped it or it failed.
    page : str
        The page that its visitor must not leave; by default the current one.
    """
    jobs, state, name = studies.jobs(study), st.session_state, _name(key, study)

    def begin() -> None:
        timed = studies.announced(study, task, work, parts, units=units)
        where = page or visitors.page()
        state[name] = jobs.submit(key, timed, visitor=visitors.current(), page=where, exclusive=exclusive, keep=keep)
        state[STAY + name] = visitors.stay()

    if (found := jobs.result(key)) is not None:
        state.pop(name, None)
        return found
    if _drop_if_failed(name) and (page == visitors.ANYWHERE or state[STAY + name] == visitors.stay()):
        begin()
        st.rerun()  # what stands above was drawn as if nothing were running
    if at_once and name not in state:
        begin()
    if isinstance(begun := state.get(name), Job):
        if not begun.is_running and not begun.future.exception():
            return begun.future.result()
        show_progress(name)
        return None
    if begun:
        refuse(InputError(begun))
        label = "Try again"
    about = studies.announcement(study, work, parts, units=units)
    label = f"{label} ({about})" if about else label
    st.button(label, icon=":material/play_arrow:", on_click=begin, key=f"begin {key}")
    return None


def running(start: str) -> str:
    """Name of a job of any study, whose key starts so, that this visitor started and that runs or waits; or ""."""
    return next((name for name in _names(start) if _goes_on(st.session_state[name])), "")


def show_progress(name: str) -> None:
    """Show the progress of a job that this visitor started, as :func:`running` names it, and a button to stop it."""
    st.fragment(_progress, run_every=POLL_SECONDS)(name, st.session_state[name])


def forget(start: str, *, but: str = "") -> None:
    """End this visitor's watch of jobs whose key starts so, except for one key, and forget what they found."""
    for name in _names(start):
        if not (but and name.startswith(f"{JOB}{but} ")):
            _stop(name)
            del st.session_state[name]


def _progress(name: str, job: Job) -> None:
    """Show the progress of a job; rerun the page when it is over, for this visitor at least."""
    if st.session_state.get(name) is not job or not _goes_on(job):
        st.rerun()
    bar_in(st.empty())(*job.progress or ("Waiting for its turn", 0, 1))
    st.button("Stop", icon=":material/stop:", on_click=_stop, args=(name,), key=f"stop {name.removeprefix(JOB)}")


def _stop(name: str) -> None:
    """End this visitor's watch of a job; for another it may go on."""
    if isinstance(job := st.session_state.get(name), Job):  # else it has just ended
        job.left_by(visitors.current())
    st.session_state[name] = STOPPED


def _goes_on(begun: Job | str) -> bool:
    """Whether what stands in place of a job is one that runs or waits, and that has not been told to end."""
    return isinstance(begun, Job) and begun.is_running and not begun.is_cancelled


def _drop_if_failed(name: str) -> bool:
    """Leave the reason in place of a job that failed, or raise the error if it is no input error.

    A job that was abandoned, because its visitor was away, leaves nothing; it may not have ended yet. Return whether
    this is one.
    """
    job = st.session_state.get(name)
    if not isinstance(job, Job) or _goes_on(job):
        return False
    error = JobCancelled() if job.is_cancelled else job.future.exception()
    if error is None:
        return False
    del st.session_state[name]
    if isinstance(error, InputError):
        st.session_state[name] = str(error)
    elif not isinstance(error, JobCancelled):
        raise error
    return job.is_abandoned


def _name(key: str, study: Study) -> str:
    """Key of a job in the session's state: a visitor may come to another study while one is measured."""
    return f"{JOB}{key} {hash(studies.cache_key(study))}"


def _names(start: str) -> list[str]:
    kept = st.session_state if visitors.current() else ()  # the server itself has no session
    return [name for name in map(str, kept) if name.startswith(JOB + start)]
