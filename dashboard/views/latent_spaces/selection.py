"""Selected classes and the focused one (whose card is open), kept in the session and as query parameters.

Both are stored as class indices, ImageNet's or a class file's, so that they survive a change of the class space.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from alignment.dictionary.class_names import MAX_INDEX_DIGITS
from alignment.dictionary.classes import ClassTable
from dashboard.state import query_params

SELECTED, FOCUSED = "classes", "focus"  # query parameters
MAX_IN_ADDRESS = 1000  # selected classes; servers would refuse a longer URL
_STORE, _WRITTEN = "picked_classes", "picked_classes_in_address"


def open_from_address() -> None:
    """Read both from the URL on a visitor's first run, and after a link from another page."""
    asked = {name: st.query_params[name] for name in (SELECTED, FOCUSED) if name in st.query_params}
    if _STORE not in st.session_state or (asked and asked != st.session_state.get(_WRITTEN)):
        focused = _numbers(asked.get(FOCUSED, ""))
        st.session_state[_STORE] = _numbers(asked.get(SELECTED, "")), focused[0] if focused else None


def check_address(classes: ClassTable) -> None:
    """Record a problem if the URL names an index that is no class of this space."""
    known = set(map(str, classes.indices))
    accepted = query_params.Matching(
        lambda text: known.issuperset(word.strip() for word in text.split(",")),
        "indices of classes of this space, separated by commas",
    )
    for name in (SELECTED, FOCUSED):
        query_params.check(name, accepted)


def rows(classes: ClassTable) -> tuple[list[int], int | None]:
    """Rows of the selected classes and of the focused one, as far as they are in this class space."""
    selected, focused = st.session_state[_STORE]
    return classes.rows(selected), next(iter(classes.rows([] if focused is None else [focused])), None)


def keep(classes: ClassTable, selected: Sequence[int], focused: int | None) -> None:
    """Store rows as selected and focused."""
    indices = classes.indices
    st.session_state[_STORE] = [indices[row] for row in selected], None if focused is None else indices[focused]


def write_address() -> None:
    """Write both to the URL; a selection of more than ``MAX_IN_ADDRESS`` classes is left out."""
    selected, focused = st.session_state[_STORE]
    selected = selected if len(selected) <= MAX_IN_ADDRESS else []
    wanted = {SELECTED: ",".join(map(str, selected)), FOCUSED: "" if focused is None else str(focused)}
    for name, value in wanted.items():
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value
        elif not value and name in st.query_params:
            del st.query_params[name]
    st.session_state[_WRITTEN] = {name: value for name, value in wanted.items() if value}


def _numbers(text: str) -> list[int]:
    words = (word.strip() for word in text.split(","))
    return list(dict.fromkeys(int(word) for word in words if word.isdecimal() and len(word) <= MAX_INDEX_DIGITS))
