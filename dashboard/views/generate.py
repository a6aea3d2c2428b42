"""Generate: a sentence becomes pictures."""

import math
import random

import streamlit as st

from alignment.errors import InputError
from alignment.pictures import grid
from alignment.study import DEFAULT_PULL
from dashboard import markup, session, studies
from dashboard.pictures import PAGE_WIDTH, enlarged, png

EXAMPLES = (
    "I have a cat",
    "A slice of pizza on a plate",
    "My dog is barking at the door",
    "An old lighthouse by the sea",
    "She plays the violin",
)
MAX_TYPED = 5000  # the address bar's worth of text; the encoder's own limit is lower and says so
TOP = 5


def main() -> None:
    st.title("Generate")
    st.caption("Write a sentence. The encoder reads it, the mapping carries it to class space, the generator draws it.")
    generate()


@st.fragment
def generate() -> None:
    """The whole page reruns without the rest of the app."""
    prompt, settings = controls()
    study = session.study()
    mapping = session.mapping()
    try:
        study.encoder.check_prompt(prompt)
        nearest = studies.nearest(study, mapping, prompt, TOP)
        if not study.space.draws:
            st.info("This class space is a bare matrix: it draws no pictures.", icon=":material/image_not_supported:")
            return show_nearest(nearest, [])
        pictures = studies.pictures(study, mapping, prompt, **settings)
    except InputError as error:
        return session.refuse(error)
    own = studies.thumbnails(study, nearest["class"].tolist())
    left, right = st.columns(2, gap="medium", width=PAGE_WIDTH)
    with left:
        show_pictures(pictures, prompt)
    with right:
        show_nearest(nearest, own)


def controls() -> tuple[str, dict]:
    """The prompt, and how it is to be drawn: ``count``, ``truncation``, ``pull`` and ``noise_seed``."""
    prompt = st.text_input(
        "Sentence", "I have a cat", max_chars=MAX_TYPED, key="prompt", live="100ms", bind="query-params"
    )
    if st.session_state.get("example") != prompt:
        st.session_state["example"] = None
    st.pills("Examples", EXAMPLES, key="example", label_visibility="collapsed", on_change=_take_example)
    first, second, third, fourth, dice = st.columns([3, 3, 3, 3, 1], vertical_alignment="bottom", gap="medium")
    count = first.slider("Pictures", 1, session.MAX_COUNT, 4, key="count", bind="query-params")
    truncation = second.slider(
        "Truncation",
        session.MIN_TRUNCATION,
        1.0,
        0.4,
        0.02,
        key="truncation",
        bind="query-params",
        help="How far the noise may stray: low gives the typical picture, high gives variety.",
    )
    pull = third.slider(
        "Pull to nearest class",
        0.0,
        1.0,
        DEFAULT_PULL,
        0.05,
        key="pull",
        bind="query-params",
        help="A sentence lands between the classes it could mean, and their mean is a blur. 0 draws that point itself, "
        "1 the nearest class; the similarities below are of the point itself.",
    )
    noise_seed = fourth.number_input(
        "Noise seed",
        0,
        session.MAX_NOISE_SEED,
        0,
        key="noise",
        bind="query-params",
        help="The same seed, sentence and settings always give the same picture.",
    )
    dice.button("", icon=":material/casino:", help="Another noise seed", on_click=_roll, key="dice")
    return prompt, {"count": count, "truncation": truncation, "pull": pull, "noise_seed": noise_seed}


def _take_example() -> None:
    if st.session_state["example"]:
        st.session_state["prompt"] = st.session_state["example"]


def _roll() -> None:
    st.session_state["noise"] = random.randrange(10_000)


def show_pictures(pictures, prompt: str) -> None:
    columns = math.ceil(math.sqrt(len(pictures)))
    for start in range(0, len(pictures), columns):
        for place, picture in zip(st.columns(columns, gap="xsmall"), pictures[start : start + columns], strict=False):
            place.image(png(enlarged(picture)), width="stretch", alt=prompt)
    sheet = grid(pictures)
    with st.container(horizontal=True):
        st.download_button(
            "PNG",
            png(sheet),
            "pictures.png",
            "image/png",
            icon=":material/download:",
            on_click="ignore",
            key="download",
        )


def show_nearest(nearest, own) -> None:
    st.markdown("##### Nearest classes")
    st.html(markup.nearest_list(nearest, own))
    st.caption("Similarity: cosine between the mapped sentence and the class, both seen from the mean class.")


main()
