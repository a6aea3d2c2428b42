"""Picture: the sentence's pictures, and its nearest classes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from alignment.images.picture_files import grid, png
from alignment.mappings import MAPPINGS
from alignment.study.code_snippets import nearest_code, pictures_code
from dashboard.components import html
from dashboard.components.code_snippet import copy_buttons, shared_settings
from dashboard.components.glossary import tooltip
from dashboard.components.images import PAGE_WIDTH, picture_uri
from dashboard.components.markdown import plain
from dashboard.components.save_button import save_button
from dashboard.state import cached_results
from dashboard.state.drawing_controls import can_draw
from dashboard.views.generate import gallery
from dashboard.views.generate.request import (
    NEAREST_CLASSES,
    Request,
    link_to_classes,
    show_confidence,
    warn_if_far,
)

SHOWN_CLASSES = 3


def show(request: Request) -> None:
    if not can_draw(request.study):
        return show_nearest(request)
    pictures = cached_results.pictures(
        request.study,
        request.mapping,
        request.prompt,
        count=request.count,
        drawing=request.drawing,
    )
    left, right = st.columns(2, gap="medium", width=PAGE_WIDTH)
    with left:
        show_pictures(pictures, request)
    with right:
        show_nearest(request)


def show_pictures(pictures: np.ndarray, request: Request) -> None:
    st.html(html.picture_grid([picture_uri(picture) for picture in pictures], request.prompt))
    sheet, settings = grid(pictures), request.settings()
    with st.container(horizontal=True):
        gallery.keep_button(sheet, settings, key="keep")
        save_button("PNG", lambda: png(sheet, note=settings), "pictures.png", "image/png")
        models = shared_settings(request.study.settings)
        code = pictures_code(models, request.mapping, request.prompt, count=request.count, drawing=request.drawing)
        copy_buttons(code, request.study.settings)


def show_nearest(request: Request) -> None:
    nearest = cached_results.nearest(request.study, request.mapping, request.prompt, NEAREST_CLASSES)
    own = cached_results.thumbnails(request.study, nearest["class"].tolist()) if request.study.space.generator else []
    st.markdown("## Nearest classes")
    trust = st.container()
    st.html(html.nearest_list(nearest, own))
    st.caption(
        "Similarity: cosine between the mapped sentence and the class, both seen from the mean class.",
        help=tooltip("cosine"),
    )
    settings = request.study.settings
    code = nearest_code(shared_settings(settings), request.mapping, request.prompt, top=NEAREST_CLASSES)
    copy_buttons(code, settings)
    with trust:  # last: the nearest classes need not wait for the calibration
        say_if_learned(request, nearest.loc[0, "name"])
        far = warn_if_far(request)
        low = show_confidence(request)
        if far or low:
            link_to_classes()


def say_if_learned(request: Request, nearest: str) -> None:
    """Show a notice if the sentence is a seed of another class than the nearest."""
    classes = request.study.classes
    learned = [classes.labels[row] for row in classes.rows(request.study.seeds.classes_of(request.prompt))]
    if learned and nearest not in learned:
        named = ", ".join(learned[:SHOWN_CLASSES]) + (", ..." if len(learned) > SHOWN_CLASSES else "")
        st.caption(
            f":material/edit_note: This sentence is a seed, for: {plain(named)}. {MAPPINGS[request.mapping].label} "
            f"weighs it with all others; {MAPPINGS['nearest-sentences'].label} would answer as it was taught."
        )
