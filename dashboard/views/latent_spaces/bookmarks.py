"""Bookmarks: named views of the spaces, stored as query strings in the session and in a file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import streamlit as st

from alignment.errors import InputError
from alignment.files.reading import parse_json
from dashboard.components.markdown import plain
from dashboard.components.save_button import save_button
from dashboard.state import query_params
from dashboard.state.uploads import open_box

MAX_BOOKMARKS = 50
MAX_NAME_CHARACTERS = 60
MAX_LINK_CHARACTERS = 8_000  # servers refuse longer URLs
MAX_FILE_MB = 1  # fifty of the longest links have half of it
_KEPT, _NAME = "bookmarks", "bookmark_name"


@dataclass(frozen=True)
class Bookmark:
    """A view of the page; ``link`` is its query string, with every choice."""

    name: str
    link: str


def bookmarks_popover() -> None:
    """Popover with the bookmarks, a form that adds the current view, and their download and upload."""
    kept = _kept()
    with st.popover("Bookmarks", icon=":material/bookmarks:"):
        with st.form("bookmark", clear_on_submit=True, border=False):
            st.text_input("Name of this view", key=_NAME, max_chars=MAX_NAME_CHARACTERS, placeholder=_next_name())
            full = len(kept) >= MAX_BOOKMARKS
            no_room = f"There is room for {MAX_BOOKMARKS}; remove one first."
            st.form_submit_button(
                "Keep this view",
                icon=":material/bookmark_add:",
                key="keep_view",
                disabled=full,
                help=no_room if full else "With all that is chosen on the page",
                on_click=_keep,
            )
        for number, bookmark in enumerate(kept):
            with st.container(horizontal=True, gap="xsmall", key=f"bookmark_{number}"):
                st.link_button(plain(bookmark.name), f"?{bookmark.link}", help="Opens in a tab of its own")
                st.button(
                    "",
                    icon=":material/delete:",
                    key=f"remove_{number}",
                    help=f"Remove {plain(bookmark.name)}",
                    on_click=_remove,
                    args=(bookmark,),
                )
        if kept:
            save_button("Save as a file", lambda: to_json(kept), "bookmarks.json", "application/json")
        open_box("Open a saved file", "json", on_open=_add_saved, key="bookmarks_file", max_upload_size=MAX_FILE_MB)


def to_json(bookmarks: list[Bookmark]) -> str:
    """Bookmarks as JSON."""
    return json.dumps([asdict(bookmark) for bookmark in bookmarks], indent=2, ensure_ascii=False)


def from_json(content: bytes) -> list[Bookmark]:
    """Bookmarks of a file, the first ``MAX_BOOKMARKS``.

    Raises
    ------
    InputError
        For content that :func:`to_json` would not write.
    """
    try:
        entries = parse_json(content)
        if not isinstance(entries, list):
            raise ValueError("no list")
        return [_bookmark(**entry) for entry in entries[:MAX_BOOKMARKS]]
    except (ValueError, TypeError) as error:
        raise InputError("This is no file of bookmarks: it should be a JSON list of names and links.") from error


def _bookmark(name: object, link: object) -> Bookmark:
    """Bookmark from a file; its link is reduced to query parameters, so that it can only lead to this page."""
    if not isinstance(name, str) or not isinstance(link, str):
        raise ValueError("no texts")
    if not 0 < len(name) <= MAX_NAME_CHARACTERS or len(link) > MAX_LINK_CHARACTERS:
        raise ValueError("too long, or without a name")
    name.encode()  # half of a surrogate pair is no text
    return Bookmark(name, query_params.parameters_of(link))


def _kept() -> list[Bookmark]:
    return st.session_state.get(_KEPT, [])


def _next_name() -> str:
    return f"View {len(_kept()) + 1}"


def _keep() -> None:
    name = st.session_state[_NAME].strip() or _next_name()
    st.session_state[_KEPT] = [*_kept(), Bookmark(name, query_params.link())]


def _remove(bookmark: Bookmark) -> None:
    st.session_state[_KEPT] = [other for other in _kept() if other is not bookmark]


def _add_saved(content: bytes) -> None:
    new = [bookmark for bookmark in from_json(content) if bookmark not in _kept()]
    room = MAX_BOOKMARKS - len(_kept())
    st.session_state[_KEPT] = [*_kept(), *new[:room]]
    if len(new) > room:
        st.toast(f"There was room for {room} of {len(new)} bookmarks.", icon=":material/bookmarks:")
