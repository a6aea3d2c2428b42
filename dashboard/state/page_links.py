"""Links to other pages, with the sidebar's choices in their addresses.

A click keeps these in the session; a new tab begins a session of its own, which knows the address alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.pages import Page
from dashboard.state import own_seeds

CHOICES = (
    "pair",
    "encoder",
    "generator",
    "class_file",
    "layer",
    "pooling",
    "mapping",
    "device",
    own_seeds.PARAM,
)
Parameters = Mapping[str, str | Sequence[str]]
NONE: Parameters = MappingProxyType({})


def show(
    page: Page, label: str, wanted: Parameters = NONE, *, icon: str = "", place: DeltaGenerator | None = None
) -> None:
    """A link to a page that is to open with these query parameters; with the page's own icon unless told."""
    (place or st).page_link(page.path, label=label, icon=icon or page.icon, query_params=_parameters(wanted))


def address(page: Page, wanted: Parameters = NONE) -> str:
    """A page's address with these query parameters, relative to that of another page."""
    return f"{page.address}?{urlencode(_parameters(wanted), doseq=True)}"


def _parameters(wanted: Parameters = NONE) -> dict[str, str | Sequence[str]]:
    """These query parameters, and those of the sidebar's choices that are not the first ones offered."""
    return {name: st.query_params[name] for name in CHOICES if name in st.query_params} | dict(wanted)
