"""Generate: a sentence becomes pictures."""

import streamlit as st

from alignment.dictionary.prompts import EXAMPLES
from alignment.errors import InputError
from alignment.images.drawing_settings import DrawingSettings
from dashboard.pages import GENERATE
from dashboard.state import limits, prepared_study, sidebar
from dashboard.state.drawing_controls import drawing_controls
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.state.sentence_box import sentence_box
from dashboard.views.generate import compare, from_picture, gallery, picture, prompt_list, steer, word_by_word
from dashboard.views.generate.request import Request, link_to_classes

TABS = {
    "Picture": picture.show,
    "Compare": compare.show,
    "Word by word": word_by_word.show,
    "Steer": steer.show,
    "From a picture": from_picture.show,
    "List": prompt_list.show,
    "Gallery": gallery.show,
}
TABS_WITHOUT_SENTENCE = ("From a picture", "List", "Gallery")


def main() -> None:
    st.title(GENERATE.heading)
    st.caption("Write a sentence. The encoder reads it, the mapping carries it to class space, the generator draws it.")
    generate()


@st.fragment
def generate() -> None:
    """Show the page, as a fragment."""
    prompt = sentence()
    count, drawing = controls()
    tabs = dict(zip(TABS, bound(st.tabs, list(TABS), key="tab"), strict=True))
    opened = next((name for name, tab in tabs.items() if tab.open), "Picture")
    with tabs[opened]:
        study = prepared_study.chosen()
        try:
            if opened not in TABS_WITHOUT_SENTENCE:
                study.prompt_reader.check(prompt)
            TABS[opened](Request(study, sidebar.mapping(), prompt, count, drawing))
        except InputError as error:
            refuse(error)
            link_to_classes()


def sentence() -> str:
    """Text input of the sentence, with examples."""
    prompt = sentence_box(st.text_input, "Sentence", EXAMPLES[0], key="prompt")
    if st.session_state.get("example") != prompt:
        st.session_state["example"] = None
    st.pills("Examples", EXAMPLES, key="example", label_visibility="collapsed", on_change=_take_example)
    return prompt


def controls() -> tuple[int, DrawingSettings]:
    """Controls of the number of pictures and the drawing settings."""
    places = st.columns([3, 3, 3, 3, 2.4], vertical_alignment="bottom", gap="medium")
    count = 1
    if sidebar.draws_pictures():
        count = bound(places.pop(0).slider, "Pictures", 1, limits.allowed().pictures, 4, key="count")
    drawing = drawing_controls(
        places,
        snap_help="A sentence is mapped between the classes it could mean, where pictures are blurred. 0 draws that "
        "point itself, 1 the nearest class. Similarities are of the point itself.",
        noise_help="The same seed, sentence and settings always give the same picture.",
    )
    return count, drawing


def _take_example() -> None:
    if st.session_state["example"]:
        st.session_state["prompt"] = st.session_state["example"]


main()
