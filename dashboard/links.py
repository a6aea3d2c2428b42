"""Links: what an address asks for beyond a page.

Streamlit's bound widgets put their values into the address and take them from it; a value that a widget cannot take
they drop without a word. This module finds the words.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from alignment.encoders import POOLINGS
from alignment.mappings import MAPPINGS
from dashboard import session


def read() -> None:
    """On a visitor's first run, remember what the link asks for in vain; widgets drop such a value without a word."""
    if "link_problems" in st.session_state:
        return
    given = {name: st.query_params[name] for name in _LINKED if name in st.query_params}
    st.session_state["link_problems"] = [
        f"The link asks for the {name} {value[:60]!r}; it can be {_LINKED[name].allowed}."
        for name, value in given.items()
        if not _LINKED[name].accepts(value)
    ]


def show_problems() -> None:
    """Say what the link asked for in vain."""
    for problem in st.session_state.get("link_problems", ()):
        st.warning(session.plain(problem), icon=":material/link_off:")


@dataclass(frozen=True)
class _Choice:
    """A query parameter that is one of several words."""

    options: tuple[str, ...]

    @property
    def allowed(self) -> str:
        return ", ".join(self.options)

    def accepts(self, value: str) -> bool:
        return value in self.options


@dataclass(frozen=True)
class _Number:
    """A query parameter that is a number of a range."""

    kind: type
    low: float
    high: float

    @property
    def allowed(self) -> str:
        return f"{self.low:,} to {self.high:,}"

    def accepts(self, value: str) -> bool:
        try:
            return self.low <= self.kind(value) <= self.high  # NaN compares false
        except ValueError:
            return False


_LINKED = {
    "pair": _Choice(tuple(pair.label for pair in session.PAIRS.values())),
    "layer": _Choice(tuple(session.layer_label(layer) for layer in range(-1, session.OWN_LAYERS))),
    "pooling": _Choice(POOLINGS),
    "mapping": _Choice(tuple(spec.label for spec in MAPPINGS.values())),
    "count": _Number(int, 1, session.MAX_COUNT),
    "truncation": _Number(float, session.MIN_TRUNCATION, 1),
    "pull": _Number(float, 0, 1),
    "noise": _Number(int, 0, session.MAX_NOISE_SEED),
}
