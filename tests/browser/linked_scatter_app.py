"""A page of linked views alone, for test_linked_scatter.py: 20 classes on a grid, mirrored in the second pane."""

import numpy as np
import streamlit as st

from dashboard.components import linked_scatter as linked

ACROSS, UP = 5, 4
PLACES = np.array([(x, y) for y in range(UP) for x in range(ACROSS)], float)  # row r stands at (r % 5, r // 5)


def scene(**changes) -> linked.Scene:
    numbers = [f"{row:02d}" for row in range(len(PLACES))]
    settings = {
        "panes": [linked.Pane("a", "First", "", "one"), linked.Pane("b", "Second", "", "one")],
        "names": [f"class {number}" for number in numbers],
        "groups": [f"line {row // ACROSS}" for row in range(len(PLACES))],
        "positions": {"a": PLACES, "b": np.c_[ACROSS - 1 - PLACES[:, 0], PLACES[:, 1]]},
        "colour": linked.Colour("Line", [f"line {row // ACROSS}" for row in range(len(PLACES))]),
    }
    return linked.Scene(**settings | changes)


def keep() -> None:
    st.session_state["kept"] = linked.picked("views")


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    kept = st.session_state.get("kept", linked.Picked())
    if st.button("Search"):
        kept = st.session_state["kept"] = linked.Picked((7, 8), 8)
    coloured = linked.Colour("Number", np.arange(20)) if st.toggle("Numbers") else scene().colour
    linked.show(
        scene(colour=coloured, selected=kept.selected, focused=kept.focused), key="views", height=300, on_change=keep
    )
    st.text(f"kept {list(kept.selected)} {kept.focused}")
