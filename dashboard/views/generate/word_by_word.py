"""Word by word: a picture of each word's own hidden state, and what each word brings."""

from __future__ import annotations

import numpy as np
import streamlit as st

from alignment.study import Study
from dashboard.components import charts as shown
from dashboard.components import html as markup
from dashboard.components.images import address
from dashboard.state import studies
from dashboard.views.generate import charts
from dashboard.views.generate.request import Request, drawn, draws

MOST = 24  # words that are drawn
WHOLE = "the whole sentence"


def show(request: Request) -> None:
    words, vectors = of_words(request.study, request.mapping, request.prompt)
    if len(words) > MOST:
        st.caption(f"The first {MOST} of {len(words)} words.")
    labels = [WHOLE, *words[:MOST]]
    points = np.vstack([studies.mapped(request.study, request.mapping, request.prompt), vectors[:MOST]])
    table = request.study.nearest_to(points, range(len(points)), top=len(request.study.classes))
    nearest = table.loc[table["rank"] == 1, "name"].tolist()
    pictures = [None] * len(points)
    if draws(request):
        pulled = request.study.pulled(points, request.pull)
        pictures = [address(drawn(request.study, row[None], **request.drawing)) for row in pulled]
    st.html(markup.word_strip(labels, pictures, nearest))
    st.caption(
        "In a sentence every word has a hidden state of its own, which has taken in the words around it. Here each is "
        "mapped and drawn as if it were a sentence."
    )
    st.markdown("##### Classes along the sentence")
    weights = charts.strongest(labels, table)
    shown.chart(
        charts.class_weights(weights),
        "A column is a word, a row a class; the stronger the colour, the more alike they are (centred cosine).",
        name="word_classes",
    )
    shown.download(weights.rename_axis("class").reset_index(), "word_classes")


@st.cache_data(max_entries=200, hash_funcs=studies.BY_SETTINGS, show_spinner=False)
def of_words(study: Study, mapping: str, prompt: str) -> tuple[list[str], np.ndarray]:
    """:meth:`Study.map_words`."""
    return study.map_words(prompt, mapping)
