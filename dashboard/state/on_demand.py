"""Long measurements on demand: started by a button, run in the background, with a progress bar and a stop button."""

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
) -> Any | None:
    """Return the result of a job; while there is none, None, and show a start button (``label`` and expected time)
    or the progress.

    The job goes on while the visitor is in other sections of the page, and ends when they leave the page.

    Parameters
    ----------
    work, parts, units
        As in :func:`.studies.announced`.
    exclusive : str
        As in :class:`~dashboard.state.background_jobs.Job`.
    keep : bool
        Whether the result is kept for all visitors, or for this one alone, as long as they are here.
    """
    jobs, state = studies.jobs(study), st.session_state

    def begin() -> None:
        timed = studies.announced(study, task, work, parts, units=units)
        visitor, page = visitors.current(), visitors.page()
        state[_job(key)] = jobs.submit(key, timed, visitor=visitor, page=page, exclusive=exclusive, keep=keep)

    if (job := state.get(_job(key))) and not job.is_running:
        if not (keep or job.future.exception()):
            return job.future.result()
        del state[_job(key)]
        _say_failure(job)
    if (found := jobs.result(key)) is not None:
        return found
    if (job := state.get(_job(key))) and not job.is_cancelled:
        st.fragment(_progress, run_every=POLL_SECONDS)(key, job)
    else:
        about = studies.announcement(study, work, parts, units=units)
        label = f"{label} ({about})" if about else label
        st.button(label, icon=":material/play_arrow:", on_click=begin, key=f"begin {key}")
    return None


def running(start: str) -> str:
    """Key, which starts so, of a job that this visitor started and that runs or waits for its turn; "" if none does."""
    jobs = {str(name): job for name, job in st.session_state.items() if str(name).startswith(_job(start))}
    keys = (name.removeprefix(_job("")) for name, job in jobs.items() if job.is_running and not job.is_cancelled)
    return next(keys, "")


def forget_others(start: str, key: str) -> None:
    """End this visitor's watch of other jobs whose key starts so, and forget what they found."""
    others = [str(name) for name in st.session_state if str(name).startswith(_job(start)) and name != _job(key)]
    for name in others:
        _stop(name.removeprefix(_job("")))


def _progress(key: str, job: Job) -> None:
    """Show the progress of a job; rerun the page when it is over, for this visitor at least."""
    if st.session_state.get(_job(key)) is not job or not job.is_running or job.is_cancelled:
        st.rerun()
    bar_in(st.empty())(*job.progress or ("Waiting for its turn", 0, 1))
    st.button("Stop", icon=":material/stop:", on_click=_stop, args=(key,), key=f"stop {key}")


def _stop(key: str) -> None:
    """End this visitor's watch of a job; for another it may go on."""
    st.session_state.pop(_job(key)).left_by(visitors.current())


def _say_failure(job: Job) -> None:
    error = job.future.exception()
    if isinstance(error, JobCancelled):
        return
    if isinstance(error, InputError):
        refuse(error)
    elif error:
        raise error


def _job(key: str) -> str:
    return f"job {key}"
