"""Select boxes for classes and their groups: full lists for few classes, a search on the server for many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.components.markdown import plain
from dashboard.state.query_params import Matching, bound, check

LISTED_NAMES = 2000  # up to this many, the browser gets the whole list
OFFERED_NAMES = 50  # options sent when there are more
NAMED_MATCHES = 8
PLACEHOLDER = "Part of a name, then Enter"
ALL = "All"  # the option before all others, the same on every page, as pages share the query parameters
NO_GROUPS = Matching(lambda _: False, "none: these classes have no groups")  # what a link may ask for there


def offered_names(names: Sequence[str], text: str = "") -> list[str]:
    """Options of a list: all names, or of more than :data:`LISTED_NAMES` the first that contain the text; an exact
    match comes first.

    Examples
    --------
    >>> offered_names(["wolf", "fox"], "fo")
    ['wolf', 'fox']
    """
    if len(names) <= LISTED_NAMES:
        return list(names)
    if not text:
        return list(names[:OFFERED_NAMES])
    found = dict.fromkeys([name for name in names if name == text] + names_with(names, text))
    return list(found)[:OFFERED_NAMES]


def names_with(names: Sequence[str], text: str) -> list[str]:
    """Names that contain a text, case ignored, shortest first."""
    wanted = text.casefold().strip()
    return sorted(dict.fromkeys(name for name in names if wanted in name.casefold()), key=len)


def group_box(place: DeltaGenerator, groups: Iterable[str] | None) -> str:
    """Select box of the groups of classes; ``ALL`` is the option before them, and all there is without groups."""
    if groups is None:
        check("group", NO_GROUPS)
        return ALL
    return bound(place.selectbox, "Group", [ALL, *sorted(set(groups))], key="group")


def class_box(place: DeltaGenerator | Any, names: Sequence[str], **options: Any) -> str:
    """Select box of class names; ``ALL`` is the option before them, returned also when nothing is found.

    Parameters
    ----------
    place : container or ``st``
    names : sequence of str, in the order of the list
    options : keyword arguments of ``st.selectbox``
    """
    if len(names) <= LISTED_NAMES:
        return bound(place.selectbox, "Class", [ALL, *names], key="class", **options)
    text = st.session_state.get("class") or ALL
    searched = "" if text == ALL else text
    shown = dict(options) | {"accept_new_options": True, "placeholder": PLACEHOLDER}
    chosen = bound(place.selectbox, "Class", [ALL, *offered_names(names, searched)], key="class", **shown) or ALL
    if chosen == ALL or chosen in names:
        return chosen
    found = names_with(names, chosen)
    if len(found) == 1:
        return found[0]
    place.caption(_count_of_matches(chosen, found) + (" Choose one in the list." if found else ""))
    return ALL


def class_boxes(
    label: str, names: Sequence[str], *, key: str, max_selections: int, placeholder: str = "Choose classes"
) -> list[str]:
    """Multiselect of class names; returns at most ``max_selections``, without duplicates."""
    if len(names) <= LISTED_NAMES:
        chosen = bound(st.multiselect, label, names, max_selections=max_selections, key=key, placeholder=placeholder)
        return list(chosen)
    chosen = st.session_state.get(key) or []
    shown = dict.fromkeys([*chosen, *offered_names(names)])
    found: list[str] = []
    typed = bound(
        st.multiselect,
        label,
        list(shown),
        max_selections=max_selections,
        key=key,
        accept_new_options=True,
        placeholder=PLACEHOLDER,
    )
    known = set(names)
    for text in typed:
        matches = [text] if text in known else names_with(names, text)
        if len(matches) == 1:
            found += matches
        else:
            named = ", ".join(plain(name) for name in matches[:NAMED_MATCHES])
            st.caption(_count_of_matches(text, matches) + (f" Write one out, such as: {named}." if matches else ""))
    return list(dict.fromkeys(found))


def _count_of_matches(text: str, found: Sequence[str]) -> str:
    shown = plain(text[:60])
    return f"{len(found):,} class names contain “{shown}”." if found else f"No class is called {shown}."
