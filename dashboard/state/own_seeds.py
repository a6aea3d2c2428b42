"""The visitor's own seed pairs: a CSV file in the cache, named by its content and class list; the URL names it too.

Where the cache cannot be written, the file lies in a temporary folder that is removed at the end of the process.
They are used only with the class list that they were made for, and kept while another is chosen.
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
from alignment.execution.locks import Once
from alignment.files.folders import writable_folder
from alignment.study import CACHE
from dashboard.state import query_params, seed_edits
from dashboard.state.file_stamps import Stamps, stamps_of

FOLDER = "seeds"  # of the cache
_found = Once()
PARAM = "own_seeds"  # in the address
IS_NAME = query_params.Matching(
    lambda text: bool(seed_edits.SEED_FILE.fullmatch(text)), "the name of seed pairs that were edited or uploaded here"
)


def chosen(class_file: str | None) -> str | None:
    """File of the visitor's own seed pairs if they are for the classes of this file (None: ImageNet's), else None."""
    path = st.session_state.get("seeds")
    return path if path and _digest_of_seeds(path) == _digest_of_class_file(class_file) else None


def show(class_file: str | None) -> None:
    """Show whether the visitor's own seed pairs are used; forget them if their file is gone.

    The URL names the file, which is named by its content, so that a reload or a link restores the pairs.
    """
    query_params.check(PARAM, IS_NAME)
    state, asked = st.session_state, st.query_params.get(PARAM, "")
    if "seeds" not in state and seed_edits.SEED_FILE.fullmatch(asked) and PARAM not in state:
        state["seeds"] = str(_file(asked))
    state[PARAM] = True  # read only once: a visitor who goes back to the built-in pairs keeps them
    if "seeds" not in state:
        st.query_params.pop(PARAM, None)
        return
    path = Path(state["seeds"])
    if path.is_file():
        if path.parent in _folders():
            st.query_params[PARAM] = path.stem
            seed_edits.mark_used(path)
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
    st.session_state["seeds"] = str(seed_edits.save_seeds(_folders()[0], seeds, names))


def _file(name: str) -> Path:
    """Seed file of this name, whether or not it is there."""
    paths = [folder / f"{name}.csv" for folder in _folders()]
    return next(filter(Path.is_file, paths), paths[0])


def _folders() -> list[Path]:
    """Folders of seed files: the one for new files, and that of the cache."""
    return [_written(CACHE / FOLDER), CACHE / FOLDER]


def _written(folder: Path) -> Path:
    """:func:`writable_folder`, the same as long as the process lasts; the folder itself where none can be written."""

    def find() -> Path:
        try:
            return writable_folder(folder)
        except OSError:
            return folder  # so that keeping the seeds says what is wrong

    return _found.get(folder, find)


def _digest_of_seeds(path: str) -> str:
    """Class-list digest in the name of a seed file; ImageNet's if the name has none."""
    named = seed_edits.SEED_FILE.fullmatch(Path(path).stem)
    return (named and named[1]) or _digest_of_class_file(None)


def _digest_of_class_file(class_file: str | None) -> str:
    return _cached_digest(class_file, stamps_of(class_file))


@lru_cache(maxsize=32)
def _cached_digest(class_file: str | None, stamps: Stamps) -> str:
    """Digest of a class file's list, cached by its stamps; "" if it cannot be read, which the study reports."""
    try:
        return seed_edits.short_digest(read_classes(class_file)[0].known if class_file else imagenet_names())
    except InputError:
        return ""
