"""Ways as files on a page: taken away, and opened again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from alignment.errors import InputError
from alignment.images.export import gif, grid, mp4
from alignment.images.noise import snap_truncation
from alignment.interpolation.paths import Plan, Way
from alignment.study import Settings, Study
from alignment.study import interpolation_files as experiments
from alignment.text.checkpoints import ENCODERS
from alignment.text.pooling import POOLINGS
from dashboard.components.images import png
from dashboard.state import session

MAX_PROMPTS = 6
MAX_STEPS = 25


def open_settings() -> None:
    """A file of settings, taken away before, opens the same experiment again."""
    with st.popover("Open settings", icon=":material/upload:", key="open_settings"):
        st.file_uploader("Settings of a way (JSON)", "json", key="way_file", on_change=_open, max_upload_size=1)
    if problem := st.session_state.pop("way_problem", None):
        session.refuse(problem)


def _open() -> None:
    if file := st.session_state["way_file"]:
        try:
            restore(*experiments.from_json(file.getvalue()))
        except InputError as error:
            st.session_state["way_problem"] = error


def restore(settings: Settings, plan: Plan) -> None:
    """Put a saved experiment into the page's widgets and the sidebar's; called before they are drawn.

    Raises
    ------
    InputError
        When the page cannot show it.
    """
    if len(plan.prompts) > MAX_PROMPTS or plan.steps > MAX_STEPS:
        raise InputError(
            f"The page goes through at most {MAX_PROMPTS} sentences in {MAX_STEPS} steps; use the command line."
        )
    if settings.seeds != st.session_state.get("seeds") or settings.added_seeds:
        raise InputError("This way was learned from other seed sentences; upload those on the page Seed pairs first.")
    st.session_state.update(_sidebar(settings), mapping=plan.mapping)
    st.session_state.update({f"way_{i}": prompt for i, prompt in enumerate(plan.prompts, start=1)})
    st.session_state.update(
        stops=len(plan.prompts),
        steps=plan.steps,
        shape=plan.shape,
        even=plan.even,
        truncation=snap_truncation(plan.truncation),
        pull=float(plan.pull),
        noise=plan.noise_seed,
        way_space=plan.space,
    )


def _sidebar(settings: Settings) -> dict:
    """The sidebar's choices that ask for these models."""
    models = settings.encoder, settings.generator
    pair = next((key for key, pair in session.PAIRS.items() if models == (pair.encoder, pair.generator)), session.OWN)
    layers = ENCODERS[settings.encoder].layers if settings.encoder in ENCODERS else session.OWN_LAYERS
    if settings.layer not in range(-1, layers) or settings.pooling not in POOLINGS:
        raise InputError(f"There is no layer {settings.layer} with pooling {settings.pooling!r} to read.")
    own = {"encoder": settings.encoder, "generator": settings.class_embeddings or settings.generator}
    return {"pair": pair, "layer": settings.layer, "pooling": settings.pooling} | (own if pair == session.OWN else {})


def save_buttons(study: Study, rows: Mapping[str, Way], titles: Mapping[str, str]) -> None:
    """One way as files."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        space = st.segmented_control(
            "Take away", list(rows), default="class", format_func=titles.get, required=True, key="way_space"
        )
        way = rows[space]
        _save("GIF", "gif", "image/gif", lambda: gif(way.pictures))
        _save("MP4", "mp4", "video/mp4", lambda: mp4(way.pictures))
        _save("PNG", "png", "image/png", lambda: png(grid(way.pictures, columns=way.plan.steps)))
        _save("NPZ", "npz", "application/octet-stream", lambda: experiments.to_npz(way))
        _save("JSON", "json", "application/json", lambda: experiments.to_json(study.settings, way.plan))
    st.caption(
        "NPZ holds the vectors. JSON holds the settings: opened above, or given to "
        "`python -m alignment interpolate --settings way.json`, it makes the same pictures again."
    )


def _save(label: str, suffix: str, kind: str, content: Callable[[], str | bytes]) -> None:
    st.download_button(
        label, content, f"way.{suffix}", kind, icon=":material/download:", on_click="ignore", key=f"way_{suffix}"
    )
