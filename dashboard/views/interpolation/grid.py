"""Grid between four sentences: bilinear interpolation between four corners in class space."""

from __future__ import annotations

import streamlit as st

from alignment.errors import InputError
from alignment.images.picture_files import grid
from alignment.interpolation.paths import InterpolationSettings
from alignment.study import Study
from dashboard.components.images import PAGE_WIDTH, enlarged, jpeg, png
from dashboard.components.save_button import save_button
from dashboard.state import on_demand
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.state.sentence_box import sentence_box
from dashboard.views.interpolation import data

LABELS = ("Upper left", "Upper right", "Lower left", "Lower right")
CORNERS = ("a lemon", "an orange", "a sports car", "a fire engine")
EDGE, MAX_EDGE = 5, 9
SHEET_PIXELS = 512


@st.fragment
def four_prompts(study: Study, mapping: str, options: dict) -> None:
    """Show the grid between four sentences."""
    st.header("Between four sentences")
    fields, picture = st.columns([2, 3], gap="medium", width=PAGE_WIDTH)
    with fields:
        places = [*st.columns(2, gap="small"), *st.columns(2, gap="small")]  # row by row, for the tab order
        prompts = tuple(
            sentence_box(place.text_input, label, default, key=f"corner_{i}")
            for i, (place, label, default) in enumerate(zip(places, LABELS, CORNERS, strict=True), start=1)
        )
        edge = bound(st.slider, "Pictures along an edge", 2, MAX_EDGE, EDGE, key="edge")
        st.caption(
            "Rows and columns are straight lines in class space; the corners are the sentences' own pictures. "
            "Truncation, snap and noise seed are those above."
        )
    try:
        data.check_prompts(study, prompts, LABELS)
        settings = InterpolationSettings(
            prompts, mapping, **options | {"steps": edge, "shape": "linear", "even": False, "through": ()}
        )
        with picture:
            found = data.grid(study, settings)
    except InputError as error:
        on_demand.forget(data.GRID)
        return refuse(error)
    if found is None:
        return
    pictures = found.pictures
    sheet = grid(pictures.reshape(-1, *pictures.shape[2:]), columns=edge)
    picture.image(jpeg(enlarged(sheet, SHEET_PIXELS)), width="stretch", alt=", ".join(prompts))
    with fields:
        save_button("PNG", lambda: png(sheet), "grid.png", "image/png")
