"""List: many prompts drawn in the background, as a contact sheet and a ZIP."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from alignment.dictionary.prompts import read_prompts
from alignment.errors import InputError
from alignment.files.tables import TABLE_TYPES
from alignment.images.export import png
from alignment.progress import Progress
from alignment.study import batch
from dashboard.components.images import PAGE_WIDTH
from dashboard.components.markdown import plain
from dashboard.state import serving, session, studies, visitors
from dashboard.state.background_jobs import Job, JobCancelled
from dashboard.state.query_params import bound
from dashboard.views.generate.request import Request, can_draw

POLL_SECONDS = 0.5
MAX_ADDRESS_CHARS = 4000  # of a list that is part of the address; servers refuse addresses of 8 to 16 KB
EXAMPLE_LIST = "I have a cat\nA slice of pizza on a plate\nAn old lighthouse by the sea\nShe plays the violin"
ONE_BATCH_AT_A_TIME = "batch"  # lists wait for one another, so that pages still get their pictures


@dataclass(frozen=True)
class DrawnBatch:
    """The files of a list, and its prompts that could not be drawn: columns ``prompt``, ``refused``."""

    contact_sheet: bytes
    archive: bytes
    refused: pd.DataFrame


def show(request: Request) -> None:
    if not can_draw(request):
        return
    prompts = prompt_list()
    job: Job | None = st.session_state.get("batch_job")
    running = job is not None and job.is_running
    left, _ = st.columns([1, 3])
    if job is not None and running:
        left.button("Stop", icon=":material/stop_circle:", key="stop_list", on_click=job.cancel)
    elif left.button(
        f"Draw {len(prompts)} prompt{'' if len(prompts) == 1 else 's'}",
        type="primary",
        icon=":material/draw:",
        disabled=not 0 < len(prompts) <= serving.limits().prompts,
        key="draw_list",
    ):
        st.session_state["batch_job"] = start(request, prompts)
        st.rerun()
    if job is not None:
        st.fragment(progress, run_every=POLL_SECONDS if running else None)(job)


def prompt_list() -> list[str]:
    """The prompts of the file, or of the box while there is none."""
    left, right = st.columns(2, gap="medium", width=PAGE_WIDTH)
    fits = len(st.session_state.get("list", "")) <= MAX_ADDRESS_CHARS
    box = partial(bound, left.text_area) if fits else left.text_area
    text = box("Prompts, one per line", EXAMPLE_LIST, height=150, max_chars=100_000, key="list")
    file = right.file_uploader("or a CSV file with a column `prompt`", type=TABLE_TYPES, key="list_file")
    prompts = [line.strip() for line in text.splitlines() if line.strip()]
    if file is not None:
        try:
            serving.check_lines(file.getvalue())
            table = studies.answer(lambda: read_prompts(file.getvalue(), file.name))
        except InputError as error:
            session.refuse(error)
            return []
        prompts = [row.cells["prompt"] for row in table.rows]
        for note in (*table.notes, *(f"Left out: {refusal}" for refusal in table.refused)):
            st.caption(plain(note))
    if len(prompts) > serving.limits().prompts:
        st.error(f"A list holds up to {serving.limits().prompts} prompts; this one has {len(prompts):,}.")
    st.caption("One picture each, with the settings above.")
    return prompts


def start(request: Request, prompts: Sequence[str]) -> Job:
    """The visitor's list, drawn in the background; it ends when they leave the page or close it."""
    return studies.jobs(request.study).submit(
        f"batch {uuid.uuid4()}",
        lambda report: draw(request, prompts, report),
        visitor=visitors.current(),
        page=visitors.page(),
        exclusive=ONE_BATCH_AT_A_TIME,
        keep=False,  # the visitor's session holds it
    )


def draw(request: Request, prompts: Sequence[str], report: Progress) -> DrawnBatch:
    """The pictures of a list of prompts as files."""
    settings = {key: value for key, value in request.settings(count=1).items() if key != "prompt"}
    drawn = batch.draw_batch(request.study, prompts, request.mapping, drawing=request.drawing, progress=report)
    return DrawnBatch(
        contact_sheet=png(batch.contact_sheet(drawn), note=settings),
        archive=batch.batch_zip(drawn, settings),
        refused=batch.batch_table(drawn).query("refused != ''")[["prompt", "refused"]],
    )


def progress(job: Job) -> None:
    """How far the list is; run again and again while it is drawn."""
    _, done, total = job.progress or ("", 0, 1)
    if job.is_running:
        st.progress(done / total, f"{done} of {total}" if done else "Waiting for another list")
        return
    if st.session_state.get("batch_shown") is not job:  # it has just ended: the page around it is drawn anew, once
        st.session_state["batch_shown"] = job
        st.rerun()
    error = job.future.exception()
    if isinstance(error, JobCancelled):
        session.refuse(InputError(f"Stopped after {done} of {total}."))
    elif isinstance(error, InputError):
        session.refuse(error)
    else:
        result(job.future.result())


def result(drawn: DrawnBatch) -> None:
    with st.container(horizontal=True):
        save_button("Contact sheet", drawn.contact_sheet, "contact_sheet.png", "image/png")
        save_button("ZIP of all pictures", drawn.archive, "pictures.zip", "application/zip")
    st.image(drawn.contact_sheet, alt="Contact sheet")
    if len(drawn.refused):
        st.caption("Not drawn:")
        st.dataframe(drawn.refused, hide_index=True)


def save_button(label: str, content: bytes, name: str, kind: str) -> None:
    key = name.replace(".", "_")
    st.download_button(label, content, name, kind, icon=":material/download:", on_click="ignore", key=key)
