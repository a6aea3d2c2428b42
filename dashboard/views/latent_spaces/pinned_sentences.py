"""Pinned sentences: typed or uploaded as a file, each with a marker and its nearest classes."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from alignment.dictionary.prompts import read_prompts
from alignment.errors import InputError
from alignment.files.tables import TABLE_TYPES, left_out
from alignment.study import Study
from alignment.vectors.word_sums import is_sum
from dashboard.components.charts import download_table
from dashboard.state import limits, studies
from dashboard.state.notices import refuse, show_notes, warn_of
from dashboard.state.query_params import bound
from dashboard.state.uploads import upload_box
from dashboard.views.latent_spaces.data import MAX_PINS, LayoutRequest, Pinned, pinned


def pin_boxes() -> tuple[list[str], UploadedFile | None]:
    """Show the input for sentences and the file uploader; return their contents."""
    typed = bound(
        st.multiselect,
        "Pin sentences",
        [],
        key="pins",
        accept_new_options=True,
        max_selections=MAX_PINS,
        placeholder="Write a sentence and press Enter",
        help="Each gets a numbered mark in text space and, mapped, among the mapped classes and the classes. "
        "A text that begins with = is a sum of words: = tiger - cat + dog.",
    )
    with st.popover("File", icon=":material/upload:"):
        file = upload_box(
            f"Up to {MAX_PINS} sentences",
            TABLE_TYPES,
            key="pins_file",
            help="CSV, TSV or JSON with a column `sentence` or `prompt`, TXT with one sentence per line.",
        )
    return typed, file


def placed(study: Study, request: LayoutRequest, typed: list[str], file: UploadedFile | None) -> list[Pinned]:
    """Pins of the typed and uploaded sentences; errors and notices are shown."""
    sent: list[str] = []
    if file is not None:
        try:
            limits.check_lines(file.getvalue())
            sent, notes = studies.answer(lambda: read_sentences(file.getvalue(), file.name))
            show_notes(notes)
        except InputError as error:
            refuse(error)
    found, problems = pinned(study, request, typed, sent)
    for problem in problems:
        refuse(problem)
    warn_of(study.prompt_reader.notices([pin.sentence for pin in found if not is_sum(pin.sentence)]))
    return found


def read_sentences(data: bytes, name: str) -> tuple[list[str], list[str]]:
    """Distinct sentences of a file, read by :func:`~alignment.dictionary.prompts.read_prompts`, and notes.

    Raises
    ------
    InputError
        When it cannot be read, is empty, or has more than ``MAX_PINS`` sentences.
    """
    read = read_prompts(data, name)
    found = list(dict.fromkeys(filter(None, (row.cells["prompt"] for row in read.rows))))
    if not 1 <= len(found) <= MAX_PINS:
        raise InputError(f"The file must hold 1 to {MAX_PINS} sentences; it has {len(found)}.")
    return found, [*read.notes, *left_out(read.refused)]


def pins_table(pins: list[Pinned]) -> None:
    """Show a table of the pinned sentences and their nearest classes."""
    if not pins:
        return
    rows = pd.DataFrame(
        [(mark, p.sentence, ", ".join(p.lands_on), ", ".join(p.near_text)) for mark, p in enumerate(pins, start=1)],
        columns=["mark", "sentence", "nearest once mapped", "nearest in text space"],
    )
    st.markdown("## Pinned sentences")
    st.dataframe(
        rows,
        hide_index=True,
        key="pins_table",
        column_config={"mark": st.column_config.NumberColumn("No.", width=50)},
    )
    download_table(rows, "pinned")
