"""Many: a list of prompts drawn in the background, as a contact sheet and a ZIP."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence

import streamlit as st

from alignment.errors import InputError
from alignment.images.export import png
from alignment.study import batch as series
from dashboard.components.images import PAGE_WIDTH
from dashboard.state import session
from dashboard.views.generate.request import Request, draws

POLL = 0.5  # seconds between two looks at work in the background
PASTED = "I have a cat\nA slice of pizza on a plate\nAn old lighthouse by the sea\nShe plays the violin"
_ONE_AT_A_TIME = threading.Lock()  # lists wait for one another, so that pages still get their pictures


class Job:
    """One visitor's list, drawn in a thread of its own that ends when it is done or told to stop."""

    def __init__(self, request: Request, prompts: Sequence[str]):
        self.settings = {key: value for key, value in request.settings(count=1).items() if key != "prompt"}
        self.done, self.total = 0, len(prompts)
        self.drawn: list[series.Drawn] | None = None
        self.sheet: bytes | None = None
        self.archive: bytes | None = None
        self.error: Exception | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._draw, args=(request, list(prompts)), daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        self._stopped.set()

    def _draw(self, request: Request, prompts: list[str]) -> None:
        def report(_stage: str, done: int, _total: int) -> None:
            self.done = done
            if self._stopped.is_set():
                raise InputError(f"Stopped after {done} of {self.total}.")

        try:
            with _ONE_AT_A_TIME:
                drawn = series.draw_series(
                    request.study, prompts, request.mapping, pull=request.pull, progress=report, **request.drawing
                )
                self.sheet = png(series.contact_sheet(drawn), note=self.settings)
                self.archive = series.zipped(drawn, self.settings)
                self.drawn = drawn
        except Exception as error:  # whatever it is belongs on the page
            self.error = error


def show(request: Request) -> None:
    if not draws(request):
        return
    prompts = listed()
    job: Job | None = st.session_state.get("list_job")
    running = job is not None and job.running
    left, _ = st.columns([1, 3])
    if running:
        left.button("Stop", icon=":material/stop_circle:", key="stop_list", on_click=job.stop)
    elif left.button(
        f"Draw {len(prompts)} prompt{'' if len(prompts) == 1 else 's'}",
        type="primary",
        icon=":material/draw:",
        disabled=not 0 < len(prompts) <= series.MAX_PROMPTS,
        key="draw_list",
    ):
        st.session_state["list_job"] = Job(request, prompts)
        st.rerun()
    if job is not None:
        st.fragment(progress, run_every=POLL if running else None)(job)


def listed() -> list[str]:
    """The prompts of the file, or of the box while there is none."""
    left, right = st.columns(2, gap="medium", width=PAGE_WIDTH)
    text = left.text_area("Prompts, one a line", PASTED, height=150, max_chars=100_000, key="list")
    file = right.file_uploader("or a CSV file with a column `prompt`", type="csv", key="list_file")
    prompts = [line.strip() for line in text.splitlines() if line.strip()]
    if file is not None:
        try:
            prompts = series.read_prompts(io.BytesIO(file.getvalue()), "The file")
        except InputError as error:
            session.refuse(error)
            return []
    if len(prompts) > series.MAX_PROMPTS:
        st.error(f"A list holds up to {series.MAX_PROMPTS} prompts; this one has {len(prompts):,}.")
    st.caption("One picture each, with the settings above.")
    return prompts


def progress(job: Job) -> None:
    """How far the list is; looked at again and again while it is drawn."""
    if job.running:
        waiting = "Waiting for another list" if not job.done else f"{job.done} of {job.total}"
        st.progress(job.done / job.total, waiting)
        return
    if st.session_state.get("list_seen") is not job:  # it has just ended: the page around is drawn anew, once
        st.session_state["list_seen"] = job
        st.rerun()
    if isinstance(job.error, InputError):
        session.refuse(job.error)
    elif job.error is not None:
        raise job.error
    else:
        result(job)


def result(job: Job) -> None:
    with st.container(horizontal=True):
        save("Contact sheet", job.sheet, "contact_sheet.png", "image/png")
        save("ZIP of all pictures", job.archive, "pictures.zip", "application/zip")
    st.image(job.sheet, alt="Contact sheet")
    refused = series.table(job.drawn).query("refused != ''")[["prompt", "refused"]]
    if len(refused):
        st.caption("Not drawn:")
        st.dataframe(refused, hide_index=True)


def save(label: str, content: bytes, name: str, kind: str) -> None:
    key = name.replace(".", "_")
    st.download_button(label, content, name, kind, icon=":material/download:", on_click="ignore", key=key)
