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
from alignment.study.prompt_lists.contact_sheets import contact_sheet
from alignment.study.prompt_lists.drawn_prompts import SHEET_PROMPTS
from alignment.study.prompt_lists.prompt_lists import NAME, PICTURES, PromptList, new_list, open_list
from alignment.study.shards.shard_results import SHARDS
from alignment.wording import counted
from dashboard.components.images import PAGE_WIDTH
from dashboard.components.save_button import save_button
from dashboard.state import durations, limits, on_demand, query_params, studies, visitors
from dashboard.state.drawing_controls import can_draw
from dashboard.state.notices import refuse, show_notes
from dashboard.state.query_params import bound
from dashboard.state.uploads import upload_box
from dashboard.views.generate.request import Request

MAX_ADDRESS_CHARS = 4000  # of a list in the URL; servers refuse URLs of 8 to 16 KB
ZIP = "application/zip"
EXAMPLE_LIST = "I have a cat\nA slice of pizza on a plate\nAn old lighthouse by the sea\nShe plays the violin"
ONE_LIST_AT_A_TIME = "list"  # so that pages still get their pictures
JOBS = "list "  # how the keys of these jobs start
LIST_FILE = "or a file: CSV, TSV or JSON with a column `prompt`, TXT with one prompt per line"
ASKED, SHOWN = "asked_list", "shown_list"  # in the session: what was asked for, and of what study; its pictures
LIST_NAME = "drawn_list"  # query parameter: name of the list asked for
IS_NAME = query_params.Matching(lambda text: bool(NAME.fullmatch(text)), "the name of a list that was drawn here")


@dataclass(frozen=True)
class DrawnList:
    """A drawn list, the contact sheet of its first prompts as PNG, the rows of each ZIP, and notices on how the prompts
    were read."""

    prompts: PromptList
    contact_sheet: bytes
    parts: list[range]
    notices: list[str] = field(default_factory=list)


def show(request: Request) -> None:
    if not can_draw(request.study):
        return
    prompts, place = choose_prompts(), st.empty()
    drawn = drawn_list(request.study)
    if on_demand.running(JOBS):
        return
    about = durations.announcement([durations.drawing_key(request.study.settings.generator)], len(prompts))
    if place.button(
        f"Draw {counted(len(prompts), 'prompt')}{about and f' ({about})'}",
        type="primary",
        icon=":material/draw:",
        disabled=not 0 < len(prompts) <= limits.allowed().prompts,
        key="draw_list",
    ):
        try:
            ask_for(new_list(request.study, prompts, made_with(request), CACHE), request.study)
        except InputError as error:
            return refuse(error)
        on_demand.forget(JOBS)
        st.rerun()
    if drawn is not None:
        say_if_another(drawn.prompts, prompts, request)
        show_drawn(drawn)


def say_if_another(drawn: PromptList, prompts: list[str], request: Request) -> None:
    """Show a notice if the prompts or settings of the drawn list differ from those in the controls above."""
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


def choose_prompts() -> list[str]:
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
        show_notes([*table.notes, *left_out(table.refused)])
    if len(prompts) > limits.allowed().prompts:
        st.error(f"A list holds up to {limits.allowed().prompts:,} prompts; this one has {len(prompts):,}.")
    st.caption("One picture each, with the settings above.")
    return prompts


def ask_for(prompts: PromptList, study: Study) -> None:
    """Let this be the list of this visitor."""
    st.session_state.update({ASKED: (prompts, studies.cache_key(study)), SHOWN: None})


def ask_for_list_of_address(study: Study) -> None:
    """Ask for the list named in the URL: after a reload it goes on where it stopped."""
    query_params.check(LIST_NAME, IS_NAME)
    name = st.query_params.get(LIST_NAME, "")
    if ASKED in st.session_state or not NAME.fullmatch(name):
        return
    found = open_list(name, CACHE)
    if found is None:
        st.caption("The list that the link names is no longer here.")
    elif len(found.prompts) > limits.allowed().prompts:
        st.error(
            f"A list holds up to {limits.allowed().prompts:,} prompts; that of the link has {len(found.prompts):,}."
        )
    elif not found.belongs_to(study):
        st.caption("The list that the link names was drawn with other models; choose those, and it goes on.")
    else:
        ask_for(found, study)


def drawn_list(study: Study) -> DrawnList | None:
    """Return the list that was asked for, as far as it is drawn; while it is drawn, None, and show the progress.

    It is drawn on whatever page its visitor is, until they stop it or close the browser.
    """
    ask_for_list_of_address(study)
    state, found = st.session_state, None
    if ASKED not in state:
        return None
    prompts, of_study = state[ASKED]
    st.query_params[LIST_NAME] = prompts.name
    running = on_demand.running(JOBS)
    if running:
        on_demand.show_progress(running)  # perhaps of another study: it may have been chosen since
    elif of_study == studies.cache_key(study):
        is_drawn = (prompts.folder / PICTURES / SHARDS).is_file()  # it is only read, without waiting for others
        found = on_demand.result_or_button(
            study,
            f"{JOBS}{prompts.name}",
            partial(draw_list, study, prompts),
            "Go on",
            exclusive="" if is_drawn else ONE_LIST_AT_A_TIME,
            keep=False,
            at_once=True,
            page=visitors.ANYWHERE,
        )
        running = on_demand.running(JOBS)
        if found is None and not running:  # stopped: a reload does not go on by itself
            del st.query_params[LIST_NAME]
    if running:
        state[SHOWN] = None  # when it is stopped again, there is more
        return None
    state[SHOWN] = found or state[SHOWN] or drawn_so_far(prompts)
    return state[SHOWN]


def draw_list(study: Study, prompts: PromptList, report: Progress) -> DrawnList:
    """Draw the missing pictures of a list and return what is shown of it."""
    report("Drawing prompts", 0, len(prompts.prompts))
    prompts.draw(study, progress=report)
    return replace(with_sheet(prompts), notices=study.prompt_reader.notices(prompts.prompts))


def with_sheet(prompts: PromptList) -> DrawnList:
    """Contact sheet and ZIP parts of a list, as far as it is drawn."""
    sheet = contact_sheet(list(prompts.items(limit=SHEET_PROMPTS)))
    return DrawnList(prompts, png(sheet, note=prompts.made_with), prompts.parts())


def drawn_so_far(asked: PromptList) -> DrawnList | None:
    """Pictures of a stopped list; None if it has none."""
    prompts = open_list(asked.name, CACHE)
    return with_sheet(prompts) if prompts and (prompts.table["picture"] != "").any() else None


def show_drawn(drawn: DrawnList) -> None:
    first = drawn.prompts.table[:SHEET_PROMPTS]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        save_button("Contact sheet", drawn.contact_sheet, "contact_sheet.png", "image/png")
        zip_buttons(drawn)
    show_notes(drawn.notices)
    total, asked = len(drawn.prompts.table), len(drawn.prompts.prompts)
    count = f"{total:,} of {counted(asked, 'prompt')}" if total < asked else counted(total, "prompt")
    st.caption(f"The first {len(first)} of {count}:" if total > len(first) else f"{count}:")
    st.image(drawn.contact_sheet, alt="Contact sheet")
    refused = drawn.prompts.table.query("refused != ''")[["prompt", "refused"]]
    if len(refused):
        st.caption("Not drawn:")
        st.dataframe(refused, hide_index=True)


def zip_buttons(drawn: DrawnList) -> None:
    """Download buttons for the pictures, in several ZIPs if too large for one; each is created on click."""
    if len(drawn.parts) == 1:
        return save_button("ZIP of all pictures", lambda: zip_of_rows(drawn, drawn.parts[0]), "pictures.zip", ZIP)
    names = {f"{rows[0] + 1:,} to {rows[-1] + 1:,}": rows for rows in drawn.parts}
    chosen = st.selectbox("Pictures", list(names), key="zip_part", width=220)
    rows = names[chosen]
    name = f"pictures_{rows[0] + 1}_to_{rows[-1] + 1}.zip"
    save_button(f"ZIP of pictures {chosen}", lambda: zip_of_rows(drawn, rows), name, ZIP)


def zip_of_rows(drawn: DrawnList, rows: range) -> bytes:
    """ZIP of some rows of a list."""
    content = io.BytesIO()
    drawn.prompts.write_zip(content, rows)
    return content.getvalue()
