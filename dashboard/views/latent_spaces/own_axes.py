"""Custom axes, each from one class or sentence to another."""

from __future__ import annotations

import streamlit as st

from alignment.study import Study
from dashboard.state.class_choice import offered_names
from dashboard.state.query_params import bound

FIRST_ENDS = ("an animal", "a vehicle")  # defaults
ENDS = {"left": "Left", "right": "Right", "bottom": "Bottom", "top": "Top"}  # key of the box -> its label
HELP = (
    "A class, or any sentence. Every class stands where its vector lies along the way from one end to the other. "
    "Without bottom and top, up and down is the direction in which classes differ most besides."
)


def ends(study: Study) -> tuple[str, ...]:
    """Inputs of the axes: left and right ends and, if both are given, bottom and top ends."""
    names = [name for name in offered_names(study.classes.labels) if name not in FIRST_ENDS]
    chosen = []
    with st.container(horizontal=True, gap="small"):
        for number, (key, label) in enumerate(ENDS.items()):
            is_first = number < len(FIRST_ENDS)
            box = bound(
                st.selectbox,
                label,
                [*FIRST_ENDS, *names],
                index=number if is_first else None,
                key=key,
                accept_new_options=True,
                placeholder="Class or sentence" if is_first else "Optional",
                help=HELP if not number else None,
            )
            chosen.append(box and box.strip())
    if bool(chosen[2]) != bool(chosen[3]):
        st.caption("An axis up and down needs both ends.")
    first = tuple(end or default for end, default in zip(chosen[:2], FIRST_ENDS, strict=True))
    return (*first, *chosen[2:]) if all(chosen[2:]) else first
