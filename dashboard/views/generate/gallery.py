"""Gallery: what a visitor has kept in this session, with its settings and its link."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from alignment.images.export import png
from alignment.mappings import MAPPINGS
from dashboard.components import html as markup
from dashboard.components.images import PAGE_WIDTH, address
from dashboard.components.markdown import plain
from dashboard.state.notices import notify
from dashboard.views.generate.request import Request

MOST = 24  # pictures kept in a session
COLUMNS = 4
NAME = 60  # characters


@dataclass(frozen=True)
class Kept:
    """A picture, or a sheet of pictures, and all that decides it.

    ``link`` is the page's query string at the time.
    """

    number: int
    picture: np.ndarray
    settings: dict
    link: str


def kept() -> list[Kept]:
    return st.session_state.setdefault("kept", [])


def keep_button(picture: np.ndarray, settings: dict, *, key: str) -> None:
    """A button that puts a picture, uint8 (h, w, 3), into the gallery."""
    full = len(kept()) >= MOST
    st.button(
        "Keep",
        icon=":material/bookmark_add:",
        key=key,
        disabled=full,
        help=f"The gallery holds {MOST} pictures; remove one first." if full else "Put it into the gallery.",
        on_click=_keep,
        args=(picture, settings),
    )


def _keep(picture: np.ndarray, settings: dict) -> None:
    link = urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
    number = st.session_state["kept_so_far"] = st.session_state.get("kept_so_far", 0) + 1
    kept().append(Kept(number, picture, settings, link))
    notify("Kept in the gallery", icon=":material/bookmark_added:")


def show(_request: Request) -> None:
    if not kept():
        st.caption("Nothing kept yet: press **Keep** under a picture, and it stays here as long as this session does.")
        return
    compared = [one for one in kept() if st.session_state.get(f"side_by_side_{one.number}")]
    if compared:
        st.markdown("##### Side by side")
        st.html(markup.comparison([card(one) for one in compared]))
    st.markdown(f"##### Kept: {len(kept())} of {MOST}")
    for start in range(0, len(kept()), COLUMNS):
        places = st.columns(COLUMNS, gap="medium", width=PAGE_WIDTH)
        for place, one in zip(places, kept()[start : start + COLUMNS], strict=False):
            with place.container(border=True):
                show_one(one)


def show_one(one: Kept) -> None:
    st.html(markup.picture_grid([address(one.picture)], one.settings["prompt"]))
    st.text_input("Name", _default_name(one), max_chars=NAME, key=f"name_{one.number}", persist_state="session")
    st.caption(" · ".join(plain(line) for line in facts(one)))
    st.checkbox("Side by side", key=f"side_by_side_{one.number}", persist_state="session")
    with st.container(horizontal=True, gap="xsmall"):
        note = one.settings | {"name": name(one)}
        st.download_button(
            "",
            lambda: png(one.picture, note=note),
            f"picture_{one.number}.png",
            "image/png",
            icon=":material/download:",
            help="PNG, with its settings inside",
            on_click="ignore",
            key=f"png_{one.number}",
        )
        st.download_button(
            "",
            json.dumps(note, indent=2),
            f"picture_{one.number}.json",
            "application/json",
            icon=":material/data_object:",
            help="Settings as JSON",
            on_click="ignore",
            key=f"json_{one.number}",
        )
        st.link_button("", f"?{one.link}", icon=":material/link:", help="The link that draws it again")
        st.button(
            "", icon=":material/delete:", help="Remove", key=f"remove_{one.number}", on_click=_remove, args=(one,)
        )


def _remove(one: Kept) -> None:
    st.session_state["kept"] = [other for other in kept() if other is not one]


def _default_name(one: Kept) -> str:
    return one.settings["prompt"][:NAME]


def name(one: Kept) -> str:
    return st.session_state.get(f"name_{one.number}") or _default_name(one)


def card(one: Kept) -> markup.Card:
    return markup.Card(title=name(one), picture=address(one.picture), reason=" · ".join(facts(one)))


def facts(one: Kept) -> list[str]:
    """The settings that differ from picture to picture, in words."""
    settings = one.settings
    lines = [
        MAPPINGS[settings["mapping"]].label,
        f"truncation {settings['truncation']:g}",
        f"pull {settings['pull']:g}",
        f"noise {settings['noise_seed']}",
    ]
    lines += ["mixed from " + ", ".join(settings["mix"])] if settings.get("mix") else []
    lines += ["steered"] if any(settings.get("directions", ())) or settings.get("negative") else []
    lines += ["learned from your own seed pairs, which the link leaves out"] if "seeds" in settings else []
    return lines
