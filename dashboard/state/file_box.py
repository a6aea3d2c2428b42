"""File uploader for files that the dashboard saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from alignment.errors import InputError
from dashboard.state import limits
from dashboard.state.notices import refuse


def file_box(label: str, kind: str, *, on_open: Callable[[bytes], None], key: str, **options: Any) -> None:
    """File uploader for one extension, such as "zip"; an error message stays below it as long as the file is there.

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
