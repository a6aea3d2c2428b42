"""Download button of all pages."""

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
    """Button that downloads ``content`` without rerunning the page.

    Parameters
    ----------
    content : str, bytes or callable
        A callable creates it on click, outside of the visitor's session.
    name : str
        File name.
    kind : str
        Media type, such as "image/png".
    key : str, optional
        Needed if two files on a page may have the same name.
    """
    key = key or f"save_{name.replace('.', '_')}"
    st.download_button(label, content, name, kind, icon=icon, help=help, on_click="ignore", key=key)
