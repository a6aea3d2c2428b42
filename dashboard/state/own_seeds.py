"""The visitor's own seed pairs: a file in the cache, named by its content, that the address names too."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from alignment.dictionary.class_names import ClassNames
from alignment.dictionary.seeds import SeedDictionary
from alignment.study import CACHE
from dashboard.state import seed_edits

PARAM = "own_seeds"  # in the address
SEED_FILE = re.compile("[0-9a-f]{16}")


def show() -> None:
    """Say that the visitor's own seed pairs are learned from; forget them where their file is gone.

    The address names the file, which is named by its content, so that a reload or a link brings the pairs back.
    """
    state, asked = st.session_state, st.query_params.get(PARAM, "")
    if "seeds" not in state and SEED_FILE.fullmatch(asked) and PARAM not in state:
        state["seeds"] = str(CACHE / "seeds" / f"{asked}.csv")
    state[PARAM] = True  # looked at once: whoever goes back to the built-in pairs stays with them
    if "seeds" not in state:
        st.query_params.pop(PARAM, None)
        return
    path = Path(state["seeds"])
    if path.is_file():
        if path.parent == CACHE / "seeds":
            st.query_params[PARAM] = path.stem
        st.caption(":material/edit_note: Learning from your own seed pairs.")
        return
    del state["seeds"]
    st.query_params.pop(PARAM, None)
    st.warning("Your own seed pairs are no longer here; the built-in ones are used again.", icon=":material/warning:")


def use(seeds: SeedDictionary, names: ClassNames) -> None:
    """Let this session's studies learn from these sentences, of which there must be one; ``names`` are the classes'."""
    st.session_state["seeds"] = str(seed_edits.save_seeds(CACHE / "seeds", seeds, names))
