"""The visitor's own seed pairs: a file in the cache, named by content and class list, that the address names too.

They are used with the class list that they were made for; with another they wait until theirs is chosen again.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

from alignment.dictionary.class_files import read_classes
from alignment.dictionary.class_names import ClassNames
from alignment.dictionary.classes import imagenet_names
from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError
from alignment.study import CACHE
from dashboard.state import query_params, seed_edits
from dashboard.state.file_stamps import Stamps, stamps_of

PARAM = "own_seeds"  # in the address
IS_NAME = query_params.Matching(
    lambda text: bool(seed_edits.SEED_FILE.fullmatch(text)), "the name of seed pairs that were edited or uploaded here"
)


def chosen(class_file: str | None) -> str | None:
    """The file of the visitor's own seed pairs, if there are any for the classes of a file, or for ImageNet's."""
    path = st.session_state.get("seeds")
    return path if path and _class_list(path) == _class_list_of(class_file) else None


def show(class_file: str | None) -> None:
    """Say whether the visitor's own seed pairs are learned from; forget them where their file is gone.

    The address names the file, which is named by its content, so that a reload or a link brings the pairs back.
    """
    query_params.check(PARAM, IS_NAME)
    state, asked = st.session_state, st.query_params.get(PARAM, "")
    if "seeds" not in state and seed_edits.SEED_FILE.fullmatch(asked) and PARAM not in state:
        state["seeds"] = str(CACHE / "seeds" / f"{asked}.csv")
    state[PARAM] = True  # looked at once: whoever goes back to the built-in pairs stays with them
    if "seeds" not in state:
        st.query_params.pop(PARAM, None)
        return
    path = Path(state["seeds"])
    if path.is_file():
        if path.parent == CACHE / "seeds":
            st.query_params[PARAM] = path.stem
            seed_edits.used_now(path)
        if chosen(class_file):
            st.caption(":material/edit_note: Learning from your own seed pairs.")
        else:
            st.caption(":material/edit_off: Your own seed pairs are for other classes, and are used with those alone.")
        return
    del state["seeds"]
    st.query_params.pop(PARAM, None)
    st.warning("Your own seed pairs are no longer here; the built-in ones are used again.", icon=":material/warning:")


def use(seeds: SeedDictionary, names: ClassNames) -> None:
    """Let this session's studies learn from these sentences, of which there must be one; ``names`` are the classes'."""
    st.session_state["seeds"] = str(seed_edits.save_seeds(CACHE / "seeds", seeds, names))


def _class_list(path: str) -> str:
    """The class list of a file of seeds; one that names none is read as ImageNet's."""
    named = seed_edits.SEED_FILE.fullmatch(Path(path).stem)
    return (named and named[1]) or _class_list_of(None)


def _class_list_of(class_file: str | None) -> str:
    return _read_class_list(class_file, stamps_of(class_file))


@lru_cache(maxsize=32)
def _read_class_list(class_file: str | None, stamps: Stamps) -> str:
    """The class list of a file that has not changed since; "" where it is none, which the study will say."""
    try:
        return seed_edits.short_digest(read_classes(class_file)[0].known if class_file else imagenet_names())
    except InputError:
        return ""
