"""Which classes are selected and which one's card is open: kept for the session, and in the address.

Both are kept as ImageNet indices, so that they outlive a change of the class space.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from alignment.dictionary.classes import ClassTable
from dashboard.state import query_params

SELECTED, FOCUSED = "classes", "focus"  # as the address calls them
IMAGENET_INDICES = query_params.Matching(
    lambda text: all(word.isdecimal() and len(word) <= 3 for word in text.split(",")),
    "numbers from 0 to 999, separated by commas",
)
_STORE, _WRITTEN = "picked_classes", "picked_classes_in_address"


def open_from_address() -> None:
    """On a visitor's first run, and when a link of another page has led here, take both from the address."""
    for name in (SELECTED, FOCUSED):
        query_params.check(name, IMAGENET_INDICES)
    asked = {name: st.query_params[name] for name in (SELECTED, FOCUSED) if name in st.query_params}
    if _STORE not in st.session_state or (asked and asked != st.session_state.get(_WRITTEN)):
        focused = _numbers(asked.get(FOCUSED, ""))
        st.session_state[_STORE] = _numbers(asked.get(SELECTED, "")), focused[0] if focused else None


def rows(classes: ClassTable) -> tuple[list[int], int | None]:
    """Rows of the selected classes and of the focused one, as far as this class space has them."""
    selected, focused = st.session_state[_STORE]
    return classes.rows(selected), next(iter(classes.rows([] if focused is None else [focused])), None)


def keep(classes: ClassTable, selected: Sequence[int], focused: int | None) -> None:
    """Remember rows as selected and focused."""
    indices = classes.indices
    st.session_state[_STORE] = [indices[row] for row in selected], None if focused is None else indices[focused]


def write_address() -> None:
    """Put both into the address."""
    selected, focused = st.session_state[_STORE]
    wanted = {SELECTED: ",".join(map(str, selected)), FOCUSED: "" if focused is None else str(focused)}
    for name, value in wanted.items():
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value
        elif not value and name in st.query_params:
            del st.query_params[name]
    st.session_state[_WRITTEN] = {name: value for name, value in wanted.items() if value}


def _numbers(text: str) -> list[int]:
    words = (word.strip() for word in text.split(","))
    return list(dict.fromkeys(int(word) for word in words if IMAGENET_INDICES.accepts(word)))
