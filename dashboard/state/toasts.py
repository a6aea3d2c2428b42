"""Toasts: short notices of what a click has done.

A callback must not show an element itself: before a fragment runs, Streamlit counts the elements from the first again,
so that a toast would take the place of the page's stylesheet.
"""

import streamlit as st


def notify(text: str, *, icon: str) -> None:
    """Queue a toast, from a callback, for the next :func:`show_toasts`. ``text`` is Markdown."""
    st.session_state.setdefault("toasts", []).append((text, icon))


def show_toasts() -> None:
    """Show the queued toasts, from a page's fragment."""
    for text, icon in st.session_state.pop("toasts", ()):
        st.toast(text, icon=icon)
