"""Messages on a page: user errors, and notes on how files were read."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from alignment.errors import InputError
from alignment.study import CACHE
from dashboard.components.markdown import plain
from dashboard.components.wording import capitalised
from dashboard.state import limits


def refuse(error: InputError) -> None:
    """Show an error as plain text, without Markdown; a public server hides the path of its cache."""
    message = str(error) if limits.allowed().own_models else str(error).replace(str(CACHE), "the cache")
    st.error(plain(message), icon=":material/error:")


def about_files(notes: list[str]) -> None:
    """Show notes on the visitor's files: what was left out or interpreted."""
    if notes:
        with st.expander(f"About your files ({len(notes)})", icon=":material/info:"):
            show_notes(notes)


def show_notes(notes: Iterable[str]) -> None:
    """Show notes on files or prompts, one below the other."""
    for note in notes:
        st.caption(plain(capitalised(note)))


def warn_of(notices: Iterable[str]) -> None:
    """Show notices on sentences that are cut, in another language, or partly unknown to the encoder."""
    for notice in notices:
        st.warning(plain(capitalised(notice)), icon=":material/info:")
