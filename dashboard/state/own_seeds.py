"""The visitor's own seed pairs: which file of :mod:`.own_seed_files` they learn from; the URL names it too.

They are used only with the class list that they were made for, and kept while another is chosen.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from alignment.dictionary.class_names import ClassNames
from alignment.dictionary.seeds import SeedDictionary
from dashboard.state import own_seed_files, query_params

PARAM = "own_seeds"  # in the address
IS_NAME = query_params.Matching(
    lambda text: bool(own_seed_files.NAME.fullmatch(text)), "the name of seed pairs that were edited or uploaded here"
)


def chosen(class_file: str | None) -> str | None:
    """File of the visitor's own seed pairs if they are for the classes of this file (None: ImageNet's), else None."""
    path = st.session_state.get("seeds")
    return path if path and own_seed_files.is_for(path, class_file) else None


def show(class_file: str | None) -> None:
    """Show whether the visitor's own seed pairs are used; forget them if their file is gone.

    The URL names the file, which is named by its content, so that a reload or a link restores the pairs.
    """
    query_params.check(PARAM, IS_NAME)
    state, asked = st.session_state, st.query_params.get(PARAM, "")
    if "seeds" not in state and own_seed_files.NAME.fullmatch(asked) and PARAM not in state:
        state["seeds"] = str(own_seed_files.file_of(asked))
    state[PARAM] = True  # read only once: a visitor who goes back to the built-in pairs keeps them
    if "seeds" not in state:
        st.query_params.pop(PARAM, None)
        return
    path = Path(state["seeds"])
    if path.is_file():
        if path.parent in own_seed_files.folders():
            st.query_params[PARAM] = path.stem
            own_seed_files.mark_used(path)
        if chosen(class_file):
            st.caption(":material/edit_note: Learning from your own seed pairs.")
        else:
            st.caption(":material/edit_off: Your own seed pairs are for other classes, and are used with those alone.")
        return
    del state["seeds"]
    st.query_params.pop(PARAM, None)
    st.warning("Your own seed pairs are no longer here; the built-in ones are used again.", icon=":material/warning:")


def use(seeds: SeedDictionary, names: ClassNames) -> None:
    """Use these seed sentences, at least one, in this session; ``names`` is their class list."""
    st.session_state["seeds"] = str(own_seed_files.save(own_seed_files.folders()[0], seeds, names))


def forget() -> None:
    """Go back to the built-in seed pairs in this session."""
    st.session_state.pop("seeds", None)
