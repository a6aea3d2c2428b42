"""Word by word: a picture of each word's hidden state, its similarity to classes, and attributions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from alignment.mappings import MAPPINGS
from alignment.study import Study
from dashboard.components import html
from dashboard.components.charts import chart_with_caption, download_table
from dashboard.components.images import picture_uri
from dashboard.components.markdown import plain
from dashboard.state import cached_results, studies
from dashboard.state.drawing_controls import can_draw
from dashboard.views.generate import charts
from dashboard.views.generate.request import Request

MAX_WORDS = 24
WHOLE_SENTENCE = "the whole sentence"


def show(request: Request) -> None:
    words, vectors = of_words(request.study, request.mapping, request.prompt)
    if len(words) > MAX_WORDS:
        st.caption(f"The first {MAX_WORDS} of {len(words)} words.")
    labels = [WHOLE_SENTENCE, *words[:MAX_WORDS]]
    points = np.vstack([cached_results.mapped(request.study, request.mapping, request.prompt), vectors[:MAX_WORDS]])
    table = request.study.nearest_to(points, range(len(points)), top=len(request.study.classes))
    nearest = table.loc[table["rank"] == 1, "name"].tolist()
    if confidence := cached_results.confidence_text(request.study, request.mapping, request.prompt):
        nearest[0] = f"{nearest[0]} ({confidence})"
    pictures = [None] * len(points)
    if can_draw(request.study):
        snapped = request.study.snap_to_nearest_class(points, request.drawing.snap)
        pictures = [
            picture_uri(cached_results.picture_of_point(request.study, point[None], request.drawing))
            for point in snapped
        ]
    shares: list[int | None] = [None] * len(labels)
    weighted = request.study.encoder.pooling == "subject"
    if weighted:
        weights = subject_weights(request.study, request.prompt)
        shares = [None, *whole_percents(weights)][: len(labels)]
    st.html(html.word_strip(labels, pictures, nearest, shares))
    st.caption(
        "In a sentence every word has its own hidden state, which depends on the words around it. Here each is "
        f"mapped{' and drawn' if request.study.space.generator else ''} as if it were a sentence."
        + " Its bar is its share in the sentence's vector: high where it says what the sentence is about."
        * weighted
    )
    show_attributions(request)
    st.markdown("## Classes along the sentence")
    weights = charts.strongest(labels, table)
    chart_with_caption(
        charts.similarity_heat_map(weights),
        "One column per word, one row per class; the stronger the colour, the more similar they are (centred cosine).",
        name="word_classes",
        title=f"Similarity along the sentence · {MAPPINGS[request.mapping].label}",
    )
    numbers = table.drop_duplicates("name").set_index("name")["index"]
    of_classes = weights.reset_index(drop=True)  # a word may equal the name of one of these columns
    of_classes.insert(0, "index", numbers[weights.index].to_numpy(), allow_duplicates=True)
    of_classes.insert(1, "name", weights.index, allow_duplicates=True)
    download_table(of_classes, "word_classes")


def whole_percents(shares: Sequence[float]) -> list[int]:
    """Shares as integer percent that add up to 100 if the shares add up to 1 (largest remainder method).

    Examples
    --------
    >>> whole_percents([0.336, 0.336, 0.328])
    [34, 33, 33]
    """
    exact = 100 * np.asarray(shares)
    percents = np.floor(exact).astype(int)
    missing = round(exact.sum()) - percents.sum()
    percents[np.argsort(percents - exact, kind="stable")[:missing]] += 1
    return percents.tolist()


def show_attributions(request: Request) -> None:
    """Show how the confidence changes when each word is left out."""
    whole = cached_results.confidence(request.study, request.mapping, [request.prompt])
    if whole is None:
        return
    found = attributions(request.study, request.mapping, request.prompt)
    if not found["change"].notna().any():
        return
    name = whole["name"].iloc[0]
    st.markdown("## Without each word")
    chart_with_caption(
        charts.attributions(found, name),
        f"How much the confidence that it is “{plain(name)}” falls when a word is left out, in hundredths; below zero "
        "it rises. Where another class is then the nearest, its name stands at the bar.",
        name="word_attributions",
        title=f"“{name}” without each word · {MAPPINGS[request.mapping].label}",
    )
    download_table(found, "word_attributions")


@st.cache_data(max_entries=200, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def attributions(study: Study, mapping: str, prompt: str) -> pd.DataFrame:
    """:meth:`Confidence.word_attributions`, of the first words only."""
    return studies.answer(lambda: study.confidence.word_attributions(prompt, mapping, words=MAX_WORDS))


@st.cache_data(max_entries=200, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def subject_weights(study: Study, prompt: str) -> list[float]:
    """Weight of every word, of :meth:`TextEncoder.subject_weights`."""
    words = studies.answer(lambda: study.encoder.subject_weights([study.prompt_reader.check(prompt)])[0])
    return [weight for _, weight in words]


@st.cache_data(max_entries=200, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def of_words(study: Study, mapping: str, prompt: str) -> tuple[list[str], np.ndarray]:
    """:meth:`Study.map_words`."""
    return studies.answer(lambda: study.map_words(prompt, mapping))
