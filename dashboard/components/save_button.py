"""A button that saves a file."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def save_button(label: str, content: bytes | Callable[[], str | bytes], name: str, kind: str) -> None:
    """A button that saves ``content``, made when it is asked for if it is a function, without a run of the page.

    Parameters
    ----------
    name : str
        Of the file.
    kind : str
        Its media type, such as "image/png".
    """
    key = f"save_{name.replace('.', '_')}"
    st.download_button(label, content, name, kind, icon=":material/download:", on_click="ignore", key=key)
