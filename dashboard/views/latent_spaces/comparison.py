"""Comparison of two mappings, layers, poolings or text encoders by a morph and a table of the classes moved most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from alignment.mappings import MAPPINGS
from alignment.projection.layout_pairs import fit_pair, moved_most
from alignment.projection.layouts import Projection
from alignment.study import Study
from alignment.text.checkpoints import ENCODERS, is_here
from dashboard.components.charts import BAR_PIXELS, download_table
from dashboard.state import limits, prepared_study, sidebar
from dashboard.state.query_params import bound
from dashboard.state.studies import STUDY_HASH, watched
from dashboard.views.latent_spaces.data import LayoutRequest

NOTHING = "Nothing"
ENCODER = "Encoder: "
OWN_ENCODER = f"{ENCODER}own"
TABLE_ROWS = 300
CAPTION = (
    "The same classes twice: as the sidebar has them, and as compared with. **Overlaid (morph)** turns one into the "
    "other; select a class to see its path. Pinned and seed sentences are not shown meanwhile."
)


def comparison_box(disabled: bool) -> str:
    """Select box of the comparison; an encoder is named in full, however it was chosen."""
    own, encoder = {"Mapping": MAPPINGS[sidebar.mapping()].label, **_own_reading()}, sidebar.settings().encoder
    every = {
        "Mapping": [spec.label for spec in MAPPINGS.values()],
        "Layer": [sidebar.layer_label(layer) for layer in sidebar.layers_of(encoder)],
        "Pooling": _poolings(encoder),
    }
    options = [f"{kind}: {value}" for kind, values in every.items() for value in values if value != own[kind]]
    against = bound(
        st.selectbox,
        "Compare with",
        [NOTHING, *options, *_encoders()],
        key="compared",
        disabled=disabled,
        help="Another mapping: mapped text beside mapped text. Another layer, pooling or text encoder: text space "
        "beside text space.",
    )
    if against != OWN_ENCODER:
        return against
    source = bound(st.text_input, "Encoder", key="compared_encoder", placeholder="Folder or Hub name").strip()
    return f"{ENCODER}{source}" if source else NOTHING


def _encoders() -> list[str]:
    """Text encoders that visitors may choose, besides the sidebar's."""
    allowed = limits.allowed()
    known = [name for name in ENCODERS if allowed.downloads or is_here(name)]
    others = [f"{ENCODER}{name}" for name in known if name != sidebar.settings().encoder]
    return [*others, OWN_ENCODER] if allowed.own_models else others


def _own_reading() -> dict[str, str]:
    settings = sidebar.settings()
    return {
        "Layer": sidebar.layer_label(settings.layer),
        "Pooling": settings.pooling or _poolings(settings.encoder)[0],
    }


def _poolings(encoder: str) -> list[str]:
    return sidebar.poolings_of(encoder, sidebar.pair_key())


@dataclass(frozen=True, eq=False)
class Versions:
    """Two versions of a space, (K, d) each, and their titles by pane."""

    titles: dict[str, str]
    first: np.ndarray
    second: np.ndarray


def versions(study: Study, request: LayoutRequest, against: str) -> Versions:
    """Versions of the chosen comparison; progress is shown while they are prepared."""
    kind, _, value = against.partition(": ")
    if kind == "Mapping":
        key = next(key for key, spec in MAPPINGS.items() if spec.label == value)
        return Versions(
            {"first": f"Mapped by {MAPPINGS[request.mapping].label}", "second": f"Mapped by {value}"},
            _mapped(study, request.mapping, held_out=request.held_out),
            _mapped(study, key, held_out=request.held_out),
        )
    settings = sidebar.settings()
    own, other = Path(settings.encoder).name if kind == "Encoder" else _own_reading()[kind], value
    if kind == "Encoder":  # layers and poolings depend on the encoder
        changed, other = replace(settings, encoder=value, layer=-1, pooling=""), Path(value).name
    elif kind == "Pooling":
        changed = replace(settings, pooling=value)
    else:
        layers = sidebar.layers_of(settings.encoder)
        changed = replace(settings, layer=next(layer for layer in layers if sidebar.layer_label(layer) == value))
    return Versions(
        {"first": f"Text space, {kind.lower()} {own}", "second": f"Text space, {kind.lower()} {other}"},
        study.text_means,
        prepared_study.of(changed, mapping=None).text_means,
    )


def _mapped(study: Study, mapping: str, *, held_out: bool) -> np.ndarray:
    def task(progress: Callable) -> np.ndarray:
        return study.projections.class_positions(mapping, held_out=held_out, progress=progress)["mapped"]

    work = f"mapped classes {mapping} {held_out}"
    return watched(study, work, task, work=work)


def projections(study: Study, request: LayoutRequest, against: str, both: Versions) -> dict[str, Projection]:
    """Projections of both versions; progress is shown while they are fitted."""

    def task(progress: Callable) -> dict[str, Projection]:
        return fit_pair(both.first, both.second, request.layout, progress=progress)

    layout = request.layout
    key, work = f"pair {against} {request}", f"pair {layout.method} {layout.dimensions}"
    return watched(study, key, task, work=work)


@st.cache_data(max_entries=16, hash_funcs=STUDY_HASH, show_spinner=False)
def moved(study: Study, first: np.ndarray, second: np.ndarray) -> pd.DataFrame:
    """:func:`~alignment.projection.layout_pairs.moved_most` of the study's classes."""
    return moved_most(first, second, study.classes.labels)


def moved_table(study: Study, found: pd.DataFrame, on_row: Callable[[int | None], None]) -> None:
    """Show the classes that moved most; ``on_row`` is called with the row of a clicked one."""
    st.markdown("## Moved most relative to their neighbours")
    table = found.assign(left=found["left"].map(", ".join), met=found["met"].map(", ".join))
    shown = table.head(TABLE_ROWS)

    def take() -> None:
        picked = st.session_state["moved_table"]["selection"]["rows"]
        on_row(int(shown.index[picked[0]]) if picked else None)

    st.dataframe(
        shown,
        hide_index=True,
        height=320,
        key="moved_table",
        on_select=take,
        selection_mode="single-row",
        column_config={
            "name": st.column_config.TextColumn("Class", pinned=True),
            "moved": st.column_config.ProgressColumn(
                "Moved",
                width=BAR_PIXELS,
                format="percent",
                max_value=1.0,
                help="Share of its ten nearest classes that are others in the second space, measured in the spaces "
                "themselves.",
            ),
            "left": "No longer near",
            "met": "Newly near",
        },
    )
    download_table(study.classes.with_indices(table.rename_axis("class").reset_index()), "moved")
