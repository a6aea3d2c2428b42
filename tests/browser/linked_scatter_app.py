"""Test app for test_linked_scatter.py: a linked scatter of 20 classes on a grid, mirrored in the second pane."""

import numpy as np
import streamlit as st

from dashboard.components import linked_scatter

COLUMNS, ROWS = 5, 4
POSITIONS = np.array([(x, y) for y in range(ROWS) for x in range(COLUMNS)], float)  # class i at (i % 5, i // 5)
LINES = [f"line {i // COLUMNS}" for i in range(len(POSITIONS))]


def make_scene(**changes) -> linked_scatter.Scene:
    settings = {
        "panes": [linked_scatter.Pane("a", "First", "", "one"), linked_scatter.Pane("b", "Second", "", "one")],
        "names": [f"class {i:02d}" for i in range(len(POSITIONS))],
        "groups": LINES,
        "positions": {"a": POSITIONS, "b": np.c_[COLUMNS - 1 - POSITIONS[:, 0], POSITIONS[:, 1]]},
        "colour": linked_scatter.Colour("Line", LINES),
    }
    return linked_scatter.Scene(**settings | changes)


def keep_selection() -> None:
    st.session_state["kept"] = linked_scatter.reported_selection("scatter")


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    kept = st.session_state.get("kept", linked_scatter.Selection())
    if st.button("Search"):
        kept = st.session_state["kept"] = linked_scatter.Selection((7, 8), 8)
    changes = {"colour": linked_scatter.Colour("Number", np.arange(20))} if st.toggle("Numbers") else {}
    linked_scatter.show(
        make_scene(selected=kept.selected, focused=kept.focused, **changes),
        key="scatter",
        height=300,
        on_change=keep_selection,
    )
    st.text(f"kept {list(kept.selected)} {kept.focused}")
