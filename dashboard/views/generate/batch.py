"""List: many prompts drawn in the background, as a contact sheet and ZIPs; an interrupted list can be resumed."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from functools import partial

import streamlit as st

from alignment.dictionary.prompts import read_prompts
from alignment.errors import InputError
from alignment.files.tables import TABLE_TYPES, left_out
from alignment.images.picture_files import png
from alignment.mappings import MAPPINGS
from alignment.progress import Progress
from alignment.study import CACHE, Study
from alignment.study.prompt_lists.contact_sheets import SHEET_PROMPTS, contact_sheet
from alignment.study.prompt_lists.prompt_lists import NAME, PICTURES, PromptList, new_list, open_list
from alignment.study.shards.shard_results import SHARDS
from alignment.wording import counted
from dashboard.components.images import PAGE_WIDTH
from dashboard.components.markdown import plain
from dashboard.components.save_button import save_button
from dashboard.components.wording import capitalised
from dashboard.state import durations, limits, query_params, studies, visitors
from dashboard.state.background_jobs import Job, JobAbandoned, JobCancelled
from dashboard.state.drawing_controls import can_draw
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.state.uploads import upload_box
from dashboard.views.generate.request import Request

POLL_SECONDS = 0.5
MAX_ADDRESS_CHARS = 4000  # of a list in the URL; servers refuse URLs of 8 to 16 KB
ZIP = "application/zip"
EXAMPLE_LIST = "I have a cat\nA slice of pizza on a plate\nAn old lighthouse by the sea\nShe plays the violin"
ONE_BATCH_AT_A_TIME = "batch"  # one list at a time, so that pages still get their pictures
LIST_FILE = "or a file: CSV, TSV or JSON with a column `prompt`, TXT with one prompt per line"
DRAWN_LIST = "drawn_list"  # query parameter: name of the list being drawn
IS_NAME = query_params.Matching(lambda text: bool(NAME.fullmatch(text)), "the name of a list that was drawn here")


@dataclass(frozen=True)
class DrawnBatch:
    """A drawn list, the contact sheet of its first prompts as PNG, the rows of each ZIP, and notices on how the prompts
    were read."""

    prompts: PromptList
    contact_sheet: bytes
    parts: list[range]
    notices: list[str] = field(default_factory=list)


def show(request: Request) -> None:
    if not can_draw(request.study):
        return
    prompts = prompt_list()
    resume_from_address(request.study)
    job: Job | None = st.session_state.get("batch_job")
    running = job is not None and job.is_running and not st.session_state["batch_stopped"]
    about = durations.announcement([durations.drawing_key(request.study.settings.generator)], len(prompts))
    left, _ = st.columns([1, 3])
    if job is not None and running:
        left.button("Stop", icon=":material/stop_circle:", key="stop_list", on_click=_stop, args=(job,))
    elif left.button(
        f"Draw {counted(len(prompts), 'prompt')}{about and f' ({about})'}",
        type="primary",
        icon=":material/draw:",
        disabled=not 0 < len(prompts) <= limits.allowed().prompts,
        key="draw_list",
    ):
        try:
            drawn = new_list(request.study, prompts, made_with(request), CACHE)
        except InputError as error:
            return refuse(error)
        start_drawing(request.study, drawn)
        st.rerun()
    if job is not None:
        say_if_another(job, prompts, request)
        st.fragment(show_progress, run_every=POLL_SECONDS if running else None)(job)


def say_if_another(job: Job, prompts: list[str], request: Request) -> None:
    """Show a notice if the prompts or settings of the drawn list differ from those in the controls above."""
    if not job.future.done() or job.future.exception():
        return
    drawn: PromptList = job.future.result().prompts
    differs = [] if drawn.prompts == tuple(prompts) else ["other prompts"]
    differs += [] if drawn.made_with == made_with(request) else ["other settings"]
    if differs:
        with_what = (
            f"{MAPPINGS[drawn.mapping].label}, snap {drawn.drawing.snap:g}, truncation {drawn.drawing.truncation:g}"
        )
        st.caption(
            f":material/history: Below are pictures of {' and '.join(differs)} than those above: {with_what}, noise "
            f"{drawn.drawing.noise_seed}. Draw to see those above."
        )


def made_with(request: Request) -> dict:
    """Settings that determine the pictures of a list, besides its prompts."""
    return {key: value for key, value in request.settings(count=1).items() if key != "prompt"}


def prompt_list() -> list[str]:
    """Controls of the list: prompts from the uploaded file, or from the text area if there is none."""
    left, right = st.columns(2, gap="medium", width=PAGE_WIDTH)
    fits = len(st.session_state.get("list", "")) <= MAX_ADDRESS_CHARS
    box = partial(bound, left.text_area) if fits else left.text_area
    text = box("Prompts, one per line", EXAMPLE_LIST, height=150, max_chars=100_000, key="list")
    with right:
        file = upload_box(LIST_FILE, TABLE_TYPES, key="list_file")
    prompts = [line.strip() for line in text.splitlines() if line.strip()]
    if file is not None:
        try:
            limits.check_lines(file.getvalue())
            table = studies.answer(lambda: read_prompts(file.getvalue(), file.name))
        except InputError as error:
            refuse(error)
            return []
        prompts = [row.cells["prompt"] for row in table.rows]
        st.caption("The file is used in place of the box.")
        for note in (*table.notes, *left_out(table.refused)):
            st.caption(plain(capitalised(note)))
    if len(prompts) > limits.allowed().prompts:
        st.error(f"A list holds up to {limits.allowed().prompts:,} prompts; this one has {len(prompts):,}.")
    st.caption("One picture each, with the settings above.")
    return prompts


def resume_from_address(study: Study) -> None:
    """Resume the list named in the URL: after a reload it goes on where it stopped."""
    query_params.check(DRAWN_LIST, IS_NAME)
    state, asked = st.session_state, st.query_params.get(DRAWN_LIST, "")
    if "batch_job" in state:
        asked = state[DRAWN_LIST]
        if asked:
            st.query_params[DRAWN_LIST] = asked
        if not isinstance(_error(state["batch_job"]), JobAbandoned):  # for example after a lost connection
            return
    if not NAME.fullmatch(asked):
        return
    found = open_list(asked, CACHE)
    if found is None:
        st.caption("The list that the link names is no longer here.")
    elif len(found.prompts) > limits.allowed().prompts:
        st.error(
            f"A list holds up to {limits.allowed().prompts:,} prompts; that of the link has {len(found.prompts):,}."
        )
    elif not found.belongs_to(study):
        st.caption("The list that the link names was drawn with other models; choose those, and it goes on.")
    else:
        start_drawing(study, found)


def start_drawing(study: Study, prompts: PromptList) -> Job:
    """Draw a list in the background, on whatever page its visitor is, until they stop it or close the browser.

    A list that is already drawn is only read, without waiting for others.
    """
    is_drawn = (prompts.folder / PICTURES / SHARDS).is_file()
    job = studies.jobs(study).submit(
        _key(prompts.name),
        lambda report: draw_list(study, prompts, report),
        visitor=visitors.current(),
        page=visitors.ANYWHERE,
        exclusive="" if is_drawn else ONE_BATCH_AT_A_TIME,
        keep=False,  # it is kept in the visitor's session
    )
    st.session_state.update(
        {"batch_job": job, "batch_name": prompts.name, DRAWN_LIST: prompts.name, "batch_stopped": False}
    )
    st.query_params[DRAWN_LIST] = prompts.name
    return job


def _error(job: Job) -> BaseException | None:
    return job.future.exception() if job.future.done() else None


def _key(name: str) -> str:
    return f"list {name}"


def _stop(job: Job) -> None:
    st.session_state.update({DRAWN_LIST: "", "batch_stopped": True})
    st.query_params.pop(DRAWN_LIST, None)
    job.left_by(visitors.current())


def draw_list(study: Study, prompts: PromptList, report: Progress) -> DrawnBatch:
    """Draw the missing pictures of a list and return what is shown of it."""
    report("Drawing prompts", 0, len(prompts.prompts))
    prompts.draw(study, progress=report)
    return replace(batch_of(prompts), notices=study.prompt_reader.notices(prompts.prompts))


def batch_of(prompts: PromptList) -> DrawnBatch:
    """Contact sheet and ZIP parts of a list, as far as it is drawn."""
    sheet = contact_sheet(list(prompts.items(limit=SHEET_PROMPTS)))
    return DrawnBatch(prompts, png(sheet, note=prompts.made_with), prompts.parts())


def drawn_so_far(job: Job) -> DrawnBatch | None:
    """Pictures of a stopped list, read once per job; None if it has none."""
    kept = st.session_state.get("batch_so_far", (None, None))
    if kept[0] is not job:
        prompts = open_list(st.session_state["batch_name"], CACHE)
        kept = (job, batch_of(prompts) if prompts and len(prompts.table) else None)
        st.session_state["batch_so_far"] = kept
    return kept[1]


def show_progress(job: Job) -> None:
    """Show the progress of the list; a fragment that reruns while it is drawn."""
    _, done, total = job.progress or ("", 0, 1)
    if job.is_running and not st.session_state["batch_stopped"]:
        st.progress(
            done / total, f"{done:,} of {total:,}" if done else "Waiting for another list, or the first pictures"
        )
        return
    if st.session_state.get("batch_shown") is not job:  # it has just ended: rerun the whole page once
        st.session_state["batch_shown"] = job
        st.rerun()
    error = _error(job) if job.future.done() else JobCancelled()  # for another visitor it may go on
    if isinstance(error, JobCancelled):
        when = f"after {done:,} of {total:,}" if job.progress else "before it began"
        refuse(InputError(f"Stopped {when}. The same list goes on from there."))
        if drawn := drawn_so_far(job):
            show_batch(drawn)
    elif isinstance(error, InputError):
        refuse(error)
    else:
        show_batch(job.future.result())


def show_batch(drawn: DrawnBatch) -> None:
    first = drawn.prompts.table[:SHEET_PROMPTS]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        save_button("Contact sheet", drawn.contact_sheet, "contact_sheet.png", "image/png")
        zip_buttons(drawn)
    for notice in drawn.notices:
        st.caption(plain(capitalised(notice)))
    total = len(drawn.prompts.table)
    count = counted(total, "prompt")
    st.caption(f"The first {len(first)} of {count}:" if total > len(first) else f"{count}:")
    st.image(drawn.contact_sheet, alt="Contact sheet")
    refused = drawn.prompts.table.query("refused != ''")[["prompt", "refused"]]
    if len(refused):
        st.caption("Not drawn:")
        st.dataframe(refused, hide_index=True)


def zip_buttons(drawn: DrawnBatch) -> None:
    """Download buttons for the pictures, in several ZIPs if too large for one; each is created on click."""
    if len(drawn.parts) == 1:
        return save_button("ZIP of all pictures", lambda: zip_of_rows(drawn, drawn.parts[0]), "pictures.zip", ZIP)
    names = {f"{rows[0] + 1:,} to {rows[-1] + 1:,}": rows for rows in drawn.parts}
    chosen = st.selectbox("Pictures", list(names), key="zip_part", width=220)
    rows = names[chosen]
    name = f"pictures_{rows[0] + 1}_to_{rows[-1] + 1}.zip"
    save_button(f"ZIP of pictures {chosen}", lambda: zip_of_rows(drawn, rows), name, ZIP)


def zip_of_rows(drawn: DrawnBatch, rows: range) -> bytes:
    """ZIP of some rows of a list."""
    content = io.BytesIO()
    drawn.prompts.write_zip(content, rows)
    return content.getvalue()
