"""An interpolation in a class space that draws no pictures, as files: its vectors, its settings, its code."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from alignment.interpolation.paths import InterpolationPath
from alignment.study import Study, interpolation_files
from alignment.study.code_snippets import interpolation_code
from dashboard.components.code_snippet import copy_buttons, shared_settings
from dashboard.components.save_button import save_button


def save_buttons(study: Study, paths: Mapping[str, InterpolationPath], titles: Mapping[str, str]) -> None:
    """Buttons that save one of the paths as a file."""
    if st.session_state.get("saved_space") not in paths:  # a settings file may name the space with changing noise
        st.session_state["saved_space"] = "class"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        space = st.segmented_control(
            "Save", list(paths), format_func=titles.__getitem__, required=True, key="saved_space"
        )
        path = paths[space or "class"]
        save_button("NPZ", lambda: interpolation_files.to_npz(path), "interpolation.npz", "application/octet-stream")
        save_button(
            "JSON",
            lambda: interpolation_files.to_json(study.settings, path.settings),
            "interpolation.json",
            "application/json",
        )
        copy_buttons(interpolation_code(shared_settings(study.settings), path.settings), study.settings)
