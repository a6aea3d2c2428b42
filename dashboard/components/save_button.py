"""The button that saves a file; every page uses this one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def save_button(
    label: str,
    content: str | bytes | Callable[[], str | bytes],
    name: str,
    kind: str,
    *,
    icon: str = ":material/download:",
    help: str | None = None,
    key: str | None = None,
) -> None:
    """A button that saves ``content``, without a run of the page.

    Parameters
    ----------
    content : str, bytes or callable
        A callable makes it when it is asked for, outside of the visitor's session.
    name : str
        Of the file.
    kind : str
        Its media type, such as "image/png".
    key : str, optional
        Needed where two files on a page may have one name.
    """
    key = key or f"save_{name.replace('.', '_')}"
    st.download_button(label, content, name, kind, icon=icon, help=help, on_click="ignore", key=key)
