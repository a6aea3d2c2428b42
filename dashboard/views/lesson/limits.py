"""Steps 8 and 9: the way between two sentences, and where it breaks."""

from __future__ import annotations

import streamlit as st

from alignment.interpolation.paths import InterpolationPath, InterpolationSettings
from alignment.mappings import DEFAULT_MAPPING
from alignment.study import Study
from dashboard.components import html
from dashboard.components.images import address, enlarged
from dashboard.components.markdown import plain
from dashboard.pages import GENERATE, INTERPOLATION
from dashboard.state import studies
from dashboard.state.query_params import bound
from dashboard.views.lesson.step import Shown, picture_of
from dashboard.views.lesson.texts import StepTexts

FIRST, LAST = "a cat", "a fox"
STEPS = 11  # of the way, both ends included
FAILURES = {
    "not": "Not a dog",
    "counting": "Seven lemons",
    "two things": "A dog on a bicycle",
    "another language": "Une pomme",
    "not in ImageNet": "A unicorn",
    "nothing to see": "I am happy",
}
NEAREST_CLASSES = 3


def between(study: Study, texts: StepTexts) -> Shown:
    """One step on the way between two sentences, in text space and in class space."""
    label = texts.labels["control"].format(first=FIRST, last=LAST)
    position = bound(st.slider, label, 0.0, 1.0, 0.5, 1 / (STEPS - 1), key="between")
    step = round(position * (STEPS - 1))
    cards = []
    for space in ("text", "class"):
        way = path(study, space)
        assert way.pictures is not None, "the bundled class space has a generator"
        name = study.classes.names[int(way.nearest[step])]
        similarity = study.nearest_to(way.points[[step]], [0], top=1).loc[0, "similarity"]
        cards.append(
            html.Card(texts.labels[space], address(enlarged(way.pictures[step])), nearest=name, similarity=similarity)
        )
    st.html(html.comparison(cards, small=True))
    return Shown(INTERPOLATION, {"prompt_1": FIRST, "prompt_2": LAST, "steps": str(STEPS)})


@st.cache_resource(max_entries=4, hash_funcs=studies.BY_SETTINGS, show_spinner="Drawing the way")
def path(study: Study, space: str) -> InterpolationPath:
    """The whole way in one space, with its pictures; shared by all visitors, only read."""
    settings = InterpolationSettings((FIRST, LAST), DEFAULT_MAPPING, STEPS, space)
    return studies.answer(lambda: study.interpolate(settings))


def failures(study: Study, texts: StepTexts) -> Shown:
    """A sentence that goes wrong: its picture, and the classes that it lands on."""
    kind = bound(
        st.pills, texts.labels["control"], list(FAILURES), default="not", required=True, wrap=True, key="failure"
    )
    sentence = FAILURES[kind]
    vector = studies.mapped(study, DEFAULT_MAPPING, sentence)
    nearest = studies.nearest(study, DEFAULT_MAPPING, sentence, NEAREST_CLASSES)
    point = study.snap_to_nearest_class(vector, studies.DEFAULT_DRAWING.snap)
    left, right = st.columns(2, vertical_alignment="center")
    left.image(picture_of(study, point), width="stretch", caption=texts.labels["sentence"].format(sentence=sentence))
    with right:
        st.html(html.nearest_list(nearest, studies.thumbnails(study, nearest["class"].tolist())))
        seed = study.out_of_distribution(studies.encoded(study, sentence)).loc[0, "sentence"]
        st.caption(texts.labels["far"].format(sentence=plain(seed)))
    return Shown(GENERATE, {"prompt": sentence, "tab": "Word by word"}, {"classes": f"{len(study.classes):,}"})
