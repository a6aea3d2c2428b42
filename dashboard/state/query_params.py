"""Links: what an address asks for beyond a page.

Streamlit's bound widgets put their values into the address and take them from it; a value that a widget cannot take
they drop without a word. This module finds the words.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from alignment.evaluation.splits import SPLITS
from alignment.interpolation.curves import SHAPES
from alignment.mappings import MAPPINGS
from alignment.projection.layouts import METRICS as DISTANCES
from alignment.text.pooling import POOLINGS
from dashboard.state import session
from dashboard.views.generate import TABS, compare, steer
from dashboard.views.latent_spaces.controls import COLOURS, DIMENSIONS, DRAWN_IN, MAPPED_BY, METHOD_LABELS, NEIGHBOURS
from dashboard.views.mapping_error.data import METRICS, TREES


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


@dataclass(frozen=True)
class _Indices:
    """A query parameter that is a list of ImageNet indices, or one."""

    allowed: str = "numbers from 0 to 999, separated by commas"

    def accepts(self, value: str) -> bool:
        return all(word.isdecimal() and int(word) < 1000 for word in value.split(","))


_LINKED = {
    "pair": _Choice(tuple(pair.label for pair in session.PAIRS.values())),
    "layer": _Choice(tuple(session.layer_label(layer) for layer in range(-1, session.OWN_LAYERS))),
    "pooling": _Choice(POOLINGS),
    "mapping": _Choice(tuple(spec.label for spec in MAPPINGS.values())),
    "count": _Number(int, 1, session.MAX_COUNT),
    "truncation": _Number(float, session.MIN_TRUNCATION, 1),
    "pull": _Number(float, 0, 1),
    "prompts": _Number(int, 2, 6),
    "steps": _Number(int, 2, 25),
    "shape": _Choice(tuple(shape.capitalize() for shape in SHAPES)),
    "edge": _Number(int, 2, 9),
    "split": _Choice(SPLITS),
    "figure": _Choice(tuple(metric.label for metric in METRICS)),
    "other": _Choice(tuple(spec.label for spec in MAPPINGS.values())),
    "tree": _Choice(TREES),
    "noise": _Number(int, 0, session.MAX_NOISE_SEED),
    "tab": _Choice(TABS),
    "compare": _Choice(compare.WAYS),
    "start": _Choice(steer.STARTS),
    "strength": _Number(float, 0, 2),
    "layout": _Choice(tuple(METHOD_LABELS.values())),
    "dims": _Choice(tuple(DIMENSIONS)),
    "n_neighbors": _Number(int, *NEIGHBOURS),
    "min_dist": _Number(float, 0, 1),
    "metric": _Choice(DISTANCES),
    "mapped_by": _Choice(tuple(MAPPED_BY)),
    "drawn_in": _Choice(tuple(DRAWN_IN)),
    "colour": _Choice(COLOURS),
    "classes": _Indices(),
    "focus": _Indices(),
}
