"""Columns of a visitor's file, offered as colours of the classes."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from alignment.dictionary.class_columns import ClassColumns, read_class_columns
from alignment.errors import InputError
from alignment.files.tables import TABLE_TYPES, left_out
from alignment.study import Study
from alignment.wording import first_items
from dashboard.state import limits, studies
from dashboard.state.notices import refuse, show_notes
from dashboard.state.studies import STUDY_HASH
from dashboard.state.uploads import upload_box, uploaded

RANK = "Rank"  # column of the study that is called "Error" among the colours
FILE, COLOUR = "columns_file", "colour"  # keys of widgets
_NEW = "columns_are_new"  # session key: whether the file was uploaded since it was last read


def read(study: Study) -> ClassColumns | InputError | None:
    """What the uploaded file holds, or why it cannot be read; None if there is none."""
    file = uploaded(FILE)
    if file is None:
        return None
    try:
        limits.check_lines(file.getvalue())
        return _parsed(study, file.getvalue(), file.name)
    except InputError as error:
        return error


@st.cache_data(max_entries=16, hash_funcs=STUDY_HASH, show_spinner=False)
def _parsed(study: Study, content: bytes, name: str) -> ClassColumns:
    return studies.answer(lambda: read_class_columns(content, study.classes, called=name))


def columns(found: ClassColumns | InputError | None, taken: tuple[str, ...]) -> pd.DataFrame | None:
    """Columns of the file that :func:`read` has read, K rows; None if there is no usable one.

    A column whose title is ``taken``, or that of a column of the study, gets the suffix "(file)". The first of a newly
    uploaded file becomes the colour, so that this comes before the box of colours.
    """
    if not isinstance(found, ClassColumns):
        return None
    frame = found.frame.set_axis(distinct_titles(found.frame.columns, taken), axis="columns")
    if st.session_state.pop(_NEW, False):
        st.session_state[COLOUR] = frame.columns[0]
    return frame


def distinct_titles(titles: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Make column titles distinct from one another and from those of the study.

    Examples
    --------
    >>> distinct_titles(["Weight", "Group", "Group (file)"], ["Group"])
    ['Weight', 'Group (file) (file)', 'Group (file)']
    """
    titles, own = list(titles), {*taken, RANK}
    used = own | set(titles)
    found = []
    for title in titles:
        if title in own:
            while title in used:
                title = f"{title} (file)"
            used.add(title)
        found.append(title)
    return found


def columns_box(found: ClassColumns | InputError | None) -> None:
    """Show the uploader and notes on unused parts of the file, of which ``found`` was read."""
    upload_box(
        "Columns of your own",
        TABLE_TYPES,
        key=FILE,
        help="A CSV or JSON file with the column `class` (an index, a WordNet id or a name) and others, of numbers "
        "or of words, which are then offered as colours.",
        on_change=_mark_new,
    )
    if isinstance(found, InputError):
        refuse(found)
    elif found is not None:
        show_notes([*first_items(found.notes), *left_out(found.refused)])


def _mark_new() -> None:
    st.session_state[_NEW] = True
