"""Short notices of what a click has done.

A callback must not show an element itself: before a fragment runs, Streamlit counts the elements from the first again,
so that a toast would take the place of the page's stylesheet.
"""

import streamlit as st


def notify(text: str, *, icon: str) -> None:
    """From a callback: say this at the next :func:`show_toasts`. ``text`` is Markdown."""
    st.session_state.setdefault("notices", []).append((text, icon))


def show_toasts() -> None:
    """From a page's fragment: show what callbacks have left to say."""
    for text, icon in st.session_state.pop("notices", ()):
        st.toast(text, icon=icon)
