"""File uploaders: :func:`upload_box`, whose file stays in use, and :func:`open_box`, which opens a saved file once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from alignment.errors import InputError
from dashboard.components.markdown import plain
from dashboard.state import limits
from dashboard.state.notices import refuse


def upload_box(
    label: str, types: Sequence[str], *, key: str, on_change: Callable[[], None] | None = None, **options: Any
) -> UploadedFile | None:
    """Return the uploaded file, until the visitor removes it or uploads another, also while they are elsewhere.

    Streamlit forgets the file of an uploader that is not on the page for a moment. Below an uploader that has come
    back empty, the file that is still in use is named, with a button to remove it.

    Parameters
    ----------
    on_change : callable, optional
        Called when another file is uploaded, and when the file is removed.
    options : keyword arguments of ``st.file_uploader``
    """

    def keep() -> None:  # what the uploader holds: nothing, where it has come back empty
        st.session_state[_kept(key)] = st.session_state[key]
        if on_change:
            on_change()

    file = st.file_uploader(label, types, key=key, on_change=keep, **options)
    if file is None and (file := uploaded(key)):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f":material/draft: {plain(file.name)} is still in use.", width="content")
            st.button("Remove", icon=":material/close:", key=f"remove {key}", type="tertiary", on_click=keep)
    return file


def uploaded(key: str) -> UploadedFile | None:
    """File of an :func:`upload_box`, whether or not the box is on the page."""
    return st.session_state.get(_kept(key))


def forget(key: str) -> None:
    """Let the file of an :func:`upload_box` go, once it is used."""
    st.session_state.pop(_kept(key), None)


def _kept(key: str) -> str:
    """Name of the file in the session's state, where Streamlit leaves it alone."""
    return f"upload {key}"


def open_box(label: str, kind: str, *, on_open: Callable[[bytes], None], key: str, **options: Any) -> None:
    """File uploader for files that the dashboard saved, with one extension, such as "zip".

    An error message stays below it as long as the file is there.

    Parameters
    ----------
    on_open : callable
        Called with the content of a newly uploaded file; raises InputError for a file it cannot read.
    options : keyword arguments of ``st.file_uploader``
    """
    state, refused = st.session_state, f"{key}_refused"

    def open_file() -> None:
        file, state[refused] = state[key], None
        try:
            if file is not None:
                if most := options.get("max_upload_size"):
                    limits.check_size(file.getvalue(), most)
                on_open(file.getvalue())
        except InputError as error:
            state[refused] = error

    file = st.file_uploader(label, kind, key=key, on_change=open_file, **options)
    if file and (error := state.get(refused)):
        refuse(error)
