"""From a picture: inversion of the generator, the class vector and noise that best reproduce an uploaded picture."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from alignment.errors import InputError
from alignment.images.inversion import Inversion
from alignment.images.picture_files import MAX_BYTES, READABLE_SUFFIXES, grid, png, read_picture
from alignment.study import Study
from dashboard.components import html
from dashboard.components.glossary import explained
from dashboard.components.images import PAGE_WIDTH, picture_uri
from dashboard.components.markdown import plain
from dashboard.components.save_button import save_button
from dashboard.state import cached_results, durations, limits, on_demand, studies
from dashboard.state.drawing_controls import can_draw
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.state.uploads import upload_box
from dashboard.views.generate.request import NEAREST_CLASSES, Request

SEARCHES = {"Quick": 15, "Usual": 40, "Thorough": 120}  # steps
START_STEPS = 10  # choosing where to begin takes as long
ONE_SEARCH_AT_A_TIME = "inversion"
SEARCH = "invert "  # how the keys of these jobs start


def show(request: Request) -> None:
    if not can_draw(request.study):
        return end_search()
    left, right = st.columns([2, 3], gap="large", width=PAGE_WIDTH)
    with left:
        file = upload_box(
            "Your picture",
            READABLE_SUFFIXES,
            key="own_picture",
            max_upload_size=min(MAX_BYTES // 1_000_000, st.get_option("server.maxUploadSize")),
            help="Its middle square is taken. It is kept only while you are here.",
        )
        steps = search_steps()
        if file is None:
            st.caption("The generator is searched for what it can draw that looks most like your picture.")
            return end_search()
        try:
            picture = read_own_picture(file.getvalue(), request.study.generator.pixels, file.name)
        except InputError as error:
            end_search()
            return refuse(error)
    with right:
        controls, shown = st.container(), st.empty()
        shown.html(html.comparison([html.Card(title="Your picture", picture=picture_uri(picture))]))
        with controls:
            cached_results.class_pictures(request.study)  # the search begins at one of them
            found = run_search(request, picture, steps)
        if found is not None:
            shown.empty()
            show_found(request, picture, found)


@st.cache_data(max_entries=32, ttl=600, show_spinner=False)
def read_own_picture(content: bytes, pixels: int, name: str) -> np.ndarray:
    """:func:`~alignment.images.picture_files.read_picture`, on the queue shared with other visitors."""
    return studies.answer(lambda: read_picture(content, pixels, name))


def search_steps() -> int:
    """Control of the number of search steps."""
    allowed = {name: steps for name, steps in SEARCHES.items() if steps <= limits.allowed().search_steps}
    search = bound(
        st.segmented_control,
        "Search",
        list(allowed),
        default="Usual",
        required=True,
        key="effort",
        help=explained("A longer search comes nearer. The truncation above limits the noise.", "noise", "truncation"),
    )
    return allowed[search]


def run_search(request: Request, picture: np.ndarray, steps: int) -> Inversion | None:
    """Return the result of the search; while there is none, None, and a button to start it or its progress."""
    study, truncation = request.study, request.drawing.truncation
    about = hashlib.sha256(repr((studies.cache_key(study), truncation, steps)).encode() + picture.tobytes())
    key = f"{SEARCH}{about.hexdigest()}"
    on_demand.forget(SEARCH, but=key)
    return on_demand.result_or_button(
        study,
        key,
        lambda progress: study.pictures.invert(picture, truncation=truncation, steps=steps, progress=progress),
        "Find it",
        work=durations.searching_key(study.settings.generator),
        units=steps + START_STEPS,
        exclusive=ONE_SEARCH_AT_A_TIME,
        keep=False,
    )


def end_search() -> None:
    """End this visitor's search, and forget what it found: without its picture it can be neither shown nor stopped."""
    on_demand.forget(SEARCH)


def show_found(request: Request, picture: np.ndarray, found: Inversion) -> None:
    """Show the picture beside its reconstruction, with the nearest classes and the nearest sentence."""
    study, vector = request.study, found.vector[None]
    cards = [
        html.Card(title="Your picture", picture=picture_uri(picture)),
        html.Card(title="What the generator draws", picture=picture_uri(found.picture)),
    ]
    st.html(html.comparison(cards))
    before = f"{found.start_error:.0f} before the search"
    st.caption(f"They differ by {found.error:.0f} of 255 (root mean square), {before}.")
    if found.notice:
        st.warning(found.notice, icon=":material/explore_off:")
    st.markdown("## Nearest classes")
    nearest = study.nearest_to(vector, [""], top=NEAREST_CLASSES)
    st.html(html.nearest_list(nearest, cached_results.thumbnails(study, nearest["class"].tolist())))
    st.markdown("## Nearest sentence")
    sentence = ""
    try:
        sentence, similarity = nearest_sentence(study, vector, request.mapping)
    except InputError as error:
        st.caption(plain(str(error)))
    else:
        st.html(html.quotes([sentence]))
        st.caption(f"Of the sentences that the mapping learned from, with similarity {similarity:.2f}.")
    with st.container(horizontal=True):
        if sentence:
            st.button(
                "Draw this sentence", icon=":material/image:", key="draw_sentence", on_click=_draw, args=(sentence,)
            )
        sheet = grid(np.stack([picture, found.picture]), columns=2)
        save_button("PNG", lambda: png(sheet), "projected.png", "image/png")
        save_button("NPZ", lambda: found.to_npz(picture), "projected.npz", "application/octet-stream")
    st.caption("NPZ holds the vectors, as `latent-alignment project` writes them.")


def _draw(sentence: str) -> None:
    st.session_state.update(prompt=sentence, tab="Picture")


@st.cache_data(max_entries=100, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def nearest_sentence(study: Study, vector: np.ndarray, mapping: str) -> tuple[str, float]:
    """:meth:`Study.nearest_sentence`."""
    return studies.answer(lambda: study.nearest_sentence(vector, mapping))
