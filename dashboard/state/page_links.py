"""Links to other pages, with the sidebar's choices as query parameters.

A click stays in the session, which has these choices; a new tab starts a new session, which has only the URL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.pages import Page
from dashboard.state.query_params import SIDEBAR, keep_sidebar

Parameters = Mapping[str, str | Sequence[str]]
NONE: Parameters = MappingProxyType({})


def show(
    page: Page, label: str, wanted: Parameters = NONE, *, icon: str = "", place: DeltaGenerator | None = None
) -> None:
    """Link to a page with these query parameters; ``icon`` is the page's by default."""
    parameters = _sidebar() | dict(wanted)
    (place or st).page_link(page.path, label=label, icon=icon or page.icon, query_params=parameters)


def follow(page: Page, wanted: Parameters = NONE) -> None:
    """End this run and go to a page with these query parameters, as a click on a link of :func:`show` does."""
    keep_sidebar()
    st.switch_page(page.path, query_params=wanted)


def addresses(page: Page, wanted: Iterable[Parameters]) -> list[str]:
    """URLs of a page, one for each of these query parameters, relative to another page's."""
    sidebar = _sidebar()
    return [f"{page.address}?{urlencode(sidebar | dict(parameters), doseq=True)}" for parameters in wanted]


def _sidebar() -> dict[str, str | Sequence[str]]:
    """Query parameters of the sidebar's choices that are not defaults."""
    return {name: st.query_params[name] for name in SIDEBAR if name in st.query_params}
