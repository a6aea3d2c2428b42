"""The box for a file that was saved here and is opened again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from alignment.errors import InputError
from dashboard.state.notices import refuse


def file_box(label: str, kind: str, *, on_open: Callable[[bytes], None], key: str, **options: Any) -> None:
    """A box for a file of this kind, such as "zip"; why it was refused is said beneath it for as long as it is there.

    Parameters
    ----------
    on_open : callable
        A callback: takes the content of a file that was just sent; raises InputError for any other file than its own.
    options : keyword arguments of ``st.file_uploader``
    """
    state, refused = st.session_state, f"{key}_refused"

    def open_file() -> None:
        file, state[refused] = state[key], None
        try:
            if file is not None:
                on_open(file.getvalue())
        except InputError as error:
            state[refused] = error

    file = st.file_uploader(label, kind, key=key, on_change=open_file, **options)
    if file and (error := state.get(refused)):
        refuse(error)
