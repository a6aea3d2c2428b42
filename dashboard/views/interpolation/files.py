"""Saving interpolations as files, and opening settings files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from alignment.errors import InputError
from alignment.images.animations import gif, mp4
from alignment.images.picture_files import grid
from alignment.interpolation.paths import InterpolationPath, InterpolationSettings
from alignment.study import Settings, Study, interpolation_files
from alignment.study.code_snippets import interpolation_code
from alignment.text.pooling import POOLINGS
from alignment.text.sentence_transformers_folder import OWN_POOLING
from dashboard.components.code_snippet import copy_buttons, shared_settings
from dashboard.components.images import png
from dashboard.components.save_button import save_button
from dashboard.state import limits, model_pairs, own_seeds, sidebar
from dashboard.state.query_params import bound
from dashboard.state.uploads import open_box

MAX_PROMPTS = 6
MAX_THROUGH = 3  # classes on a path
MAX_FILE_MB = 1  # of a settings file; six of the longest sentences have a tenth of it
SIZES = ("As drawn", "512", "768", "1024")  # of animations, in pixels


def open_settings() -> None:
    """File uploader for a settings file, which reproduces a saved interpolation."""
    with st.popover("Open settings", icon=":material/upload:", key="open_settings"):
        open_box(
            "Settings of an interpolation (JSON)",
            "json",
            on_open=lambda content: restore(*interpolation_files.from_json(content)),
            key="settings_file",
            max_upload_size=MAX_FILE_MB,
        )


def restore(models: Settings, interpolation: InterpolationSettings) -> None:
    """Set the widgets of the page and of the sidebar to saved settings; called before they are drawn.

    Raises
    ------
    InputError
        When the page cannot show such an interpolation.
    """
    steps = limits.allowed().steps
    if len(interpolation.prompts) > MAX_PROMPTS or interpolation.steps > steps:
        raise InputError(f"The page shows at most {MAX_PROMPTS} sentences in {steps} steps; use the command line.")
    if len(interpolation.through) > MAX_THROUGH:
        raise InputError(f"The page goes through at most {MAX_THROUGH} classes; use the command line.")
    if models.vectors:
        raise InputError(
            f"The mapping was learned from the encoded seeds in {models.vectors}, which pages do not read; use the "
            "command line."
        )
    chosen = own_seeds.chosen(models.classes)
    if _named(models.seeds) != _named(chosen) or models.added_seeds:
        raise InputError(
            "The mapping was learned from other seed sentences; upload those on the page Seed pairs first."
        )
    st.session_state.update(_sidebar(models), mapping=interpolation.mapping)
    st.session_state.update({f"prompt_{i}": prompt for i, prompt in enumerate(interpolation.prompts, start=1)})
    st.session_state.update(
        prompts=len(interpolation.prompts),
        steps=interpolation.steps,
        shape=interpolation.shape,
        even=interpolation.even,
        truncation=interpolation.drawing.truncation,
        snap=float(interpolation.drawing.snap),
        noise=interpolation.drawing.noise_seed,
        saved_space=interpolation.space,
        through=[],
        opened_through=interpolation.through,
    )


def _named(seeds: str | None) -> str | None:
    """Name of a visitor's own seeds in a settings file: a digest of their content, without the path."""
    return Path(seeds).name if seeds else None


def _sidebar(settings: Settings) -> dict:
    """Sidebar choices that give these models."""
    models = settings.encoder, settings.generator
    known = (key for key, pair in model_pairs.PAIRS.items() if models == (pair.encoder, pair.generator))
    pair = model_pairs.OWN if settings.classes else next(known, model_pairs.OWN)
    if pair not in model_pairs.offered_pairs():
        raise InputError("These settings name models that this server does not offer.")
    pooling = settings.pooling or sidebar.poolings_of(settings.encoder, pair)[0]  # "": the encoder's default
    if settings.layer not in sidebar.layers_of(settings.encoder) or pooling not in (*POOLINGS, OWN_POOLING):
        raise InputError(f"There is no layer {settings.layer} with pooling {pooling!r} to read.")
    own = {
        "encoder": settings.encoder,
        "generator": settings.class_space,
        "class_file": settings.classes or "",
    }
    return {"pair": pair, "layer": settings.layer, "pooling": pooling} | (own if pair == model_pairs.OWN else {})


def save_buttons(study: Study, paths: Mapping[str, InterpolationPath], titles: Mapping[str, str]) -> None:
    """Download buttons for a path; without pictures only its vectors, settings and code."""
    state = st.session_state
    if state.get("saved_space", "class") not in paths:  # a settings file may have the path with changing noise
        state["saved_space"] = "class"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        space = st.segmented_control(
            "Save", list(paths), default="class", format_func=titles.__getitem__, required=True, key="saved_space"
        )
        path = paths[space or "class"]
        film = {} if path.pictures is None else _film_controls()
        if path.pictures is not None:
            _picture_buttons(path.pictures, path.settings.steps, film)
        saved = replace(study.settings, seeds=_named(study.settings.seeds))
        for label, kind, content in (
            ("NPZ", "application/octet-stream", lambda: interpolation_files.to_npz(path)),
            ("JSON", "application/json", lambda: interpolation_files.to_json(saved, path.settings)),
        ):
            save_button(label, content, f"interpolation.{label.lower()}", kind)
        copy_buttons(interpolation_code(shared_settings(study.settings), path.settings, **film), study.settings)
    st.caption(
        "NPZ holds the vectors. JSON holds the settings: opened above, or given to "
        "`latent-alignment interpolate --settings interpolation.json`, it gives the same again."
        + (f" Your own seed pairs must then lie beside it, as `{saved.seeds}`." if saved.seeds else "")
    )


def _picture_buttons(pictures: np.ndarray, steps: int, film: dict[str, Any]) -> None:
    for label, kind, content in (
        ("GIF", "image/gif", lambda: gif(pictures, **film)),
        ("MP4", "video/mp4", lambda: mp4(pictures, **film)),
        ("PNG", "image/png", lambda: png(grid(pictures, columns=steps))),
    ):
        save_button(label, content, f"interpolation.{label.lower()}", kind)


def _film_controls() -> dict[str, Any]:
    """Controls of a GIF or MP4: ``size`` in pixels, None as drawn, and ``and_back``, whether it then plays reversed."""
    with st.popover("Film", icon=":material/movie:", width="content"):
        size = bound(
            st.segmented_control,
            "Size of GIF and MP4",
            SIZES,
            default=SIZES[0],
            required=True,
            key="size",
            help="Pixels of a side. Enlarged pictures stay sharp, but gain no detail.",
        )
        and_back = bound(
            st.toggle,
            "There and back",
            key="and_back",
            help="After the last picture the film goes back to the first, so that it repeats without a jump.",
        )
    return {"size": None if size == SIZES[0] else int(size), "and_back": and_back}
