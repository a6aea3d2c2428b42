"""Preparation of a study: models downloaded after consent, seed sentences encoded, mapping fitted.

Studies are shared by all visitors.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from alignment.errors import InputError
from alignment.images import checkpoints as generators
from alignment.mappings import DEFAULT_MAPPING
from alignment.study import Settings, Study
from alignment.text import checkpoints as encoders
from dashboard.components.markdown import plain
from dashboard.components.progress import bar_in
from dashboard.state import limits, sidebar, studies
from dashboard.state.notices import about_files, refuse


def chosen() -> Study:
    """Study of the sidebar's choices, ready to answer; progress is shown while it is prepared.

    If there is none, because of an invalid choice or a download that needs consent, the page says so and stops here.
    """
    try:
        study = of(sidebar.settings(), sidebar.mapping())
    except sidebar.NotYetNamed as invitation:
        st.info(str(invitation), icon=":material/edit:")
        st.stop()
    except InputError as error:
        refuse(error)
        st.stop()
    about_files(study.notices)
    for notice in study.device_notices:
        st.caption(f":material/memory: {plain(notice)}")
    return study


def of(wanted: Settings, mapping: str | None) -> Study:
    """Study of these settings with its sentences encoded and the mapping, if any, fitted.

    The page stops here while a download needs consent.

    Raises
    ------
    InputError
        When the settings are invalid or a model cannot be loaded.
    """
    shared = studies.shared(wanted)
    if not shared.is_ready(mapping):
        _ask_before_download(wanted)
    try:
        return _prepare(shared, mapping)
    except InputError:
        st.session_state.pop("consent", None)  # a download that failed is not begun again unasked
        raise


def bundled() -> Study:
    """Study of the bundled models with the built-in seeds and the default mapping, whatever the sidebar's choices."""
    return _prepare(studies.shared(sidebar.bundled_settings()), DEFAULT_MAPPING)


def _prepare(shared: studies.SharedStudy, mapping: str | None) -> Study:
    """Study with the mapping, if any, fitted; progress is shown while it is prepared."""
    box = st.empty()  # created even if ready: later elements keep their position, or an open popover would close
    if shared.is_ready(mapping):
        return shared.study(mapping, lambda *progress: None)
    with box.status("Preparing the models", expanded=True):
        study = shared.study(mapping, bar_in(st.progress(0.0, "Loading the text encoder and the class space")))
    box.empty()
    return study


def _ask_before_download(wanted: Settings) -> None:
    """Return if all models are on this machine or their download was agreed to; else ask, and stop the page."""
    waiting = downloads(wanted)
    if not waiting or st.session_state.get("consent") == wanted:
        return
    if not limits.allowed().downloads:
        raise InputError(f"{waiting[0][0]} is not on this server, which downloads no models.")
    sizes = [size for _, size in waiting]
    total = f" {sum(size or 0 for size in sizes):.0f} MB" if all(sizes) else ""
    with st.container(border=True):
        st.markdown("**Not on this machine yet**")
        for name, size in waiting:
            st.markdown(f"- {plain(name)}: {f'{size:.0f} MB' if size else 'size known to the Hub only'}")
        st.caption("Downloaded once and kept; nothing is fetched before you ask for it.")
        if not st.button(
            f"Download{total} and load", type="primary", icon=":material/download:", key="download_models"
        ):
            st.stop()
    st.session_state["consent"] = wanted


def downloads(wanted: Settings) -> list[tuple[str, float | None]]:
    """Models to download: name and megabytes (None when unknown) of each missing one."""
    waiting: list[tuple[str, Mapping[str, encoders.KnownEncoder | generators.KnownGenerator]]] = []
    if not encoders.is_here(wanted.encoder):
        waiting.append((wanted.encoder, encoders.ENCODERS))
    if wanted.generator and not generators.is_here(wanted.generator):
        waiting.append((wanted.generator, generators.GENERATORS))
    return [(name, known[name].download_mb if name in known else None) for name, known in waiting]
