"""Gallery: pictures kept in this session, with their settings and links."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import streamlit as st

from alignment.images.picture_files import png
from dashboard.components import html
from dashboard.components.images import PAGE_WIDTH, picture_uri
from dashboard.components.markdown import plain
from dashboard.components.save_button import save_button
from dashboard.state import query_params
from dashboard.state.uploads import open_box
from dashboard.views.generate.gallery_file import (
    MAX_ITEMS,
    MAX_NAME_CHARACTERS,
    GalleryItem,
    archive,
    facts,
    file_name,
    read_archive,
)
from dashboard.views.generate.request import Request

COLUMNS = 4
LASTS = "It lasts until the page is loaded anew, or is offline for half an hour; save it to open it again."


def items() -> list[GalleryItem]:
    return st.session_state.setdefault("gallery", [])


def keep_button(picture: np.ndarray, settings: dict, *, key: str) -> None:
    """Button that adds a picture, uint8 (h, w, 3), to the gallery."""
    full = len(items()) >= MAX_ITEMS
    st.button(
        "Keep",
        icon=":material/bookmark_add:",
        key=key,
        disabled=full,
        help=f"The gallery holds {MAX_ITEMS} pictures; remove one first." if full else "Put it into the gallery.",
        on_click=_keep,
        args=(picture, settings),
    )


def _keep(picture: np.ndarray, settings: dict) -> None:
    items().append(GalleryItem(_next_number(), picture, settings, query_params.link()))
    st.toast("Added to the gallery", icon=":material/bookmark_added:")


def _next_number() -> int:
    number = st.session_state["gallery_count"] = st.session_state.get("gallery_count", 0) + 1
    return number


def show(_request: Request) -> None:
    if not items():
        st.caption(
            f"The gallery is empty: press **Keep** under a picture to put it here, or open one that was saved. {LASTS}"
        )
        open_saved()
        return
    compared = [item for item in items() if st.session_state.get(f"side_by_side_{item.number}")]
    if compared:
        st.markdown("## Side by side")
        st.html(html.comparison([card(item) for item in compared]))
    named = [(item, name(item)) for item in items()]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"## In the gallery: {len(items())} of {MAX_ITEMS}")
        save_button(
            "Save all",
            lambda: archive(named),
            "gallery.zip",
            "application/zip",
            icon=":material/folder_zip:",
            help="A ZIP of the pictures as PNG, each with its settings inside, and of the settings and links as JSON; "
            "it can be opened here again.",
        )
    st.caption(LASTS)
    for start in range(0, len(items()), COLUMNS):
        columns = st.columns(COLUMNS, gap="medium", width=PAGE_WIDTH)
        for column, item in zip(columns, items()[start : start + COLUMNS], strict=False):
            with column.container(border=True):
                show_item(item)
    open_saved()


def open_saved() -> None:
    """File uploader for a saved gallery."""
    open_box("Open a saved gallery", "zip", on_open=_add_saved, key="gallery_file", width=PAGE_WIDTH)


def _add_saved(content: bytes) -> None:
    new = read_archive(content)
    room = MAX_ITEMS - len(items())
    for item, called in new[:room]:
        number = _next_number()
        items().append(replace(item, number=number))
        st.session_state[f"name_{number}"] = called
    if len(new) > room:
        st.toast(f"There was room for {room} of {len(new)} pictures.", icon=":material/filter_list:")


def show_item(item: GalleryItem) -> None:
    st.html(html.picture_grid([picture_uri(item.picture)], item.settings["prompt"]))
    st.text_input(
        "Name", _default_name(item), max_chars=MAX_NAME_CHARACTERS, key=f"name_{item.number}", persist_state="session"
    )
    st.caption(" · ".join(plain(line) for line in facts(item)))
    st.checkbox("Side by side", key=f"side_by_side_{item.number}", persist_state="session")
    with st.container(horizontal=True, gap="xsmall"):
        note, called = item.settings | {"name": name(item)}, file_name(item, name(item))
        save_button(
            "PNG",
            lambda: png(item.picture, note=note),
            f"{called}.png",
            "image/png",
            help="The picture, with its settings inside",
            key=f"png_{item.number}",
        )
        save_button(
            "JSON",
            json.dumps(note, indent=2),
            f"{called}.json",
            "application/json",
            icon=":material/data_object:",
            help="Its settings",
            key=f"json_{item.number}",
        )
        st.link_button("Link", f"?{item.link}", icon=":material/link:", help="The link that draws it again")
        st.button("Remove", icon=":material/delete:", key=f"remove_{item.number}", on_click=_remove, args=(item,))


def _remove(item: GalleryItem) -> None:
    st.session_state["gallery"] = [other for other in items() if other is not item]


def _default_name(item: GalleryItem) -> str:
    return item.settings["prompt"][:MAX_NAME_CHARACTERS]


def name(item: GalleryItem) -> str:
    return st.session_state.get(f"name_{item.number}") or _default_name(item)


def card(item: GalleryItem) -> html.Card:
    return html.Card(title=name(item), picture=picture_uri(item.picture), reason=" · ".join(facts(item)))
