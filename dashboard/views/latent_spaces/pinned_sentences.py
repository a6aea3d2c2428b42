"""Sentences a visitor pins into the spaces: typed or sent as a file, each with its mark and its nearest classes."""

from __future__ import annotations

import csv
import io

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from alignment.errors import InputError
from alignment.files.csv_cells import unescaped
from alignment.study import Study
from dashboard.components.charts import download_table
from dashboard.state import limits, session
from dashboard.state.query_params import bound
from dashboard.views.latent_spaces.data import MAX_PINS, LayoutRequest, Pinned, pinned


def boxes() -> tuple[list[str], UploadedFile | None]:
    """The box for sentences and the box for a file, and what is in them."""
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
        file = st.file_uploader(
            f"Up to {MAX_PINS} sentences",
            type=["csv", "txt"],
            key="pins_file",
            help="TXT: one sentence per line. CSV: column 1.",
        )
    return typed, file


def placed(study: Study, request: LayoutRequest, typed: list[str], file: UploadedFile | None) -> list[Pinned]:
    """The sentences of both boxes, placed; what cannot be placed is said."""
    sent: list[str] = []
    if file is not None:
        try:
            limits.check_lines(file.getvalue())
            sent = read_sentences(file.getvalue(), csv_file=file.name.lower().endswith(".csv"))
        except InputError as error:
            session.refuse(error)
    found, problems = pinned(study, request, typed, sent)
    for problem in problems:
        session.refuse(problem)
    return found


def read_sentences(data: bytes, *, csv_file: bool) -> list[str]:
    """Sentences of a file: its lines, or a CSV's column ``sentence``, ``prompt`` or, without such a header, its first.

    Raises
    ------
    InputError
        When it is not text, holds nothing, or holds more than ``MAX_PINS``.
    """
    try:
        text = data.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text))) if csv_file else [[line] for line in text.splitlines()]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError("This file cannot be read; save it as CSV or plain text in UTF-8.") from error
    header = [cell.strip().casefold() for cell in rows[0]] if csv_file and rows else []
    column = next((header.index(name) for name in ("sentence", "prompt") if name in header), None)
    rows = rows if column is None else rows[1:]
    found = [unescaped(row[column or 0].strip()) for row in rows if len(row) > (column or 0)]
    found = list(dict.fromkeys(filter(None, found)))
    if not 1 <= len(found) <= MAX_PINS:
        raise InputError(f"The file must hold 1 to {MAX_PINS} sentences; it has {len(found)}.")
    return found


def table(pins: list[Pinned]) -> None:
    """The pinned sentences and their nearest classes."""
    if not pins:
        return
    rows = pd.DataFrame(
        [(mark, p.sentence, ", ".join(p.near_text), ", ".join(p.lands_on)) for mark, p in enumerate(pins, start=1)],
        columns=["mark", "sentence", "nearest in text space", "nearest once mapped"],
    )
    st.markdown("##### Pinned sentences")
    st.dataframe(
        rows,
        hide_index=True,
        height=min(36 * len(rows) + 38, 300),
        key="pins_table",
        column_config={"mark": st.column_config.NumberColumn("No.", width=50)},
    )
    download_table(rows, "pinned")
