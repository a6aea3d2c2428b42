"""Two mappings, layers or poolings in one morph, with a table of the classes that moved most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from alignment.mappings import MAPPINGS
from alignment.projection.comparison import fit_pair, moved_most
from alignment.projection.layouts import Projection
from alignment.study import Study
from dashboard.components.charts import download_table
from dashboard.state import session, studies
from dashboard.state.query_params import bound
from dashboard.state.studies import BY_SETTINGS, watched
from dashboard.views.latent_spaces.data import LayoutRequest

NOTHING = "Nothing"
KINDS = ("Mapping", "Layer", "Pooling")
TABLE_ROWS = 300
CAPTION = (
    "The same classes twice: as the sidebar has them, and as compared with. **Overlaid (morph)** turns one into the "
    "other; select a class to see its path. Pinned and seed sentences are not shown meanwhile."
)


def box(disabled: bool) -> str:
    """The box that says what to compare with."""
    own, pair = {"Mapping": MAPPINGS[session.mapping()].label, **_own_reading()}, _pair()
    values = {
        "Mapping": [spec.label for spec in MAPPINGS.values()],
        "Layer": [session.layer_label(layer) for layer in session.layers(pair)],
        "Pooling": session.poolings(pair),
    }
    options = [f"{kind}: {value}" for kind in KINDS for value in values[kind] if value != own[kind]]
    return bound(
        st.selectbox,
        "Compare with",
        [NOTHING, *options],
        key="compared",
        disabled=disabled,
        help="Another mapping: mapped text beside mapped text. Another layer or pooling: text space beside text space.",
    )


def _own_reading() -> dict[str, str]:
    settings = session.settings()
    return {"Layer": session.layer_label(settings.layer), "Pooling": settings.pooling or session.poolings(_pair())[0]}


def _pair() -> str:
    return st.session_state.get("pair", "bundled")


@dataclass(frozen=True, eq=False)
class Versions:
    """Two versions of a space, (K, d) each, and their titles by pane."""

    titles: dict[str, str]
    first: np.ndarray
    second: np.ndarray


def versions(study: Study, request: LayoutRequest, against: str) -> Versions:
    """What the box asks for; progress is shown while it is prepared."""
    kind, _, value = against.partition(": ")
    if kind == "Mapping":
        key = next(key for key, spec in MAPPINGS.items() if spec.label == value)
        return Versions(
            {"first": f"Mapped by {MAPPINGS[request.mapping].label}", "second": f"Mapped by {value}"},
            _mapped(study, request.mapping, request.held_out),
            _mapped(study, key, request.held_out),
        )
    settings = session.settings()
    if kind == "Pooling":
        changed = replace(settings, pooling=value)
    else:
        changed = replace(settings, layer=next(n for n in session.layers(_pair()) if session.layer_label(n) == value))
    other = session.prepared(studies.shared(changed), session.mapping())
    own = _own_reading()[kind]
    return Versions(
        {"first": f"Text space, {kind.lower()} {own}", "second": f"Text space, {kind.lower()} {value}"},
        study.text_means,
        other.text_means,
    )


def _mapped(study: Study, mapping: str, held_out: bool) -> np.ndarray:
    def task(progress: Callable) -> np.ndarray:
        return study.evaluations.class_positions(mapping, held_out=held_out, progress=progress)["mapped"]

    return watched(study, f"mapped classes {mapping} {held_out}", task)


def projections(study: Study, request: LayoutRequest, against: str, both: Versions) -> dict[str, Projection]:
    """Both versions drawn; progress is shown while that takes."""

    def task(progress: Callable) -> dict[str, Projection]:
        return fit_pair(both.first, both.second, request.layout, progress=progress)

    layout = request.layout
    key, work = f"pair {against} {request} {_own_reading()}", f"pair {layout.method} {layout.dimensions}"
    return watched(study, key, task, work=work)


def moved(study: Study, both: Versions) -> pd.DataFrame:
    """:func:`~alignment.projection.comparison.moved_most` of the study's classes."""
    return _moved(study, both.first, both.second)


@st.cache_data(max_entries=16, hash_funcs=BY_SETTINGS, show_spinner=False)
def _moved(study: Study, first: np.ndarray, second: np.ndarray) -> pd.DataFrame:
    return moved_most(first, second, study.classes.names)


def table(found: pd.DataFrame, on_row: Callable[[int | None], None]) -> None:
    """The classes that moved most; ``on_row`` is called with the row of the one that is clicked."""
    st.markdown("##### Moved most relative to their neighbours")
    shown = found.head(TABLE_ROWS)
    names = shown.assign(left=shown["left"].map(", ".join), met=shown["met"].map(", ".join))

    def take() -> None:
        picked = st.session_state["moved_table"]["selection"]["rows"]
        on_row(int(shown.index[picked[0]]) if picked else None)

    st.dataframe(
        names,
        hide_index=True,
        height=320,
        key="moved_table",
        on_select=take,
        selection_mode="single-row",
        column_config={
            "name": "Class",
            "moved": st.column_config.ProgressColumn(
                "Moved",
                format="percent",
                max_value=1.0,
                help="Share of its ten nearest classes that are others in the second space, measured in the spaces "
                "themselves.",
            ),
            "left": "No longer near",
            "met": "Newly near",
        },
    )
    download_table(found.assign(left=found["left"].map(", ".join), met=found["met"].map(", ".join)), "moved")
