"""Editable table of seed pairs; unapplied changes are kept when the table shows other rows."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alignment.dictionary.seeds import SeedDictionary
from alignment.study import Study
from alignment.wording import counted
from dashboard.state import cached_results, seed_edits, studies

MAX_ROWS = 500
_DRAFT, _LAST, _NUMBER = "seed_draft", "seed_rows_changed", "seed_table_number"


def draft(study: Study, chosen: dict) -> pd.DataFrame:
    """Table of the dictionary with all changes so far, except those in the table on the page.

    Streamlit forgets the changes of a table that is no longer on the page, because the visitor chose other rows or
    another page; here they are moved into the draft.
    """
    state = st.session_state
    if state.get(_DRAFT, (None,))[0] != studies.cache_key(study):
        _discard()
        state[_DRAFT] = studies.cache_key(study), cached_results.seed_table(study)
    if _key(chosen) not in state and (last := state.pop(_LAST, None)):
        state[_DRAFT] = studies.cache_key(study), seed_edits.with_changes(state[_DRAFT][1], *last)
    return state[_DRAFT][1]


def edit_table(study: Study, table: pd.DataFrame, shown: pd.DataFrame, chosen: dict) -> SeedDictionary | None:
    """Show rows of the draft for editing, with an apply button; return the new dictionary once it is pressed."""
    state, key = st.session_state, _key(chosen)
    shown = shown.head(MAX_ROWS)
    st.data_editor(
        shown.reset_index(drop=True),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        height=420,
        disabled=["kind"],
        column_config={
            "sentence": st.column_config.TextColumn("Sentence", width="medium", required=True),
            "class": st.column_config.TextColumn(
                "Class", help="Name, ImageNet index or WordNet id; several are separated by |."
            ),
            "kind": st.column_config.TextColumn("Kind", width="small"),
        },
    )
    changes = state.get(key) or {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
    state[_LAST] = shown, changes
    before, after = cached_results.seed_table(study), seed_edits.with_changes(table, shown, changes)
    count = seed_edits.count_changes(before, after)
    label = f"Apply {counted(count, 'change')}" if count else "No changes yet"
    with st.container(horizontal=True):
        apply = st.button(label, type="primary", icon=":material/check:", disabled=not count, key="apply_edits")
        if count:
            st.button("Discard", icon=":material/undo:", key="discard_edits", on_click=_discard)
    if not apply:
        return None
    seeds, refused = seed_edits.apply_edits(study.seeds, before, after, study.classes)
    if refused.empty:
        return seeds
    show_refused(refused)
    return None


def show_refused(rows: pd.DataFrame) -> None:
    """Show the edited or uploaded rows that cannot be used, each with the reason."""
    st.error("These rows are not used:", icon=":material/error:")
    st.dataframe(rows, hide_index=True)


def _key(chosen: dict) -> str:
    return f"edit_{st.session_state.get(_NUMBER)}_{hash(str(chosen))}"


def _discard() -> None:
    """Discard all changes, including those of the table on the page."""
    state = st.session_state
    state[_NUMBER] = state.get(_NUMBER, 0) + 1
    for key in (_DRAFT, _LAST):
        state.pop(key, None)
