"""Controls of the page Latent spaces: layout, colour, and display options."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from alignment.mappings import MAPPINGS
from alignment.projection.layouts import DISTANCES, METHODS, LayoutSettings
from alignment.study import Study
from dashboard.state import sidebar
from dashboard.state.class_choice import NO_GROUPS
from dashboard.state.query_params import bound, check
from dashboard.views.latent_spaces import comparison, own_axes, own_columns
from dashboard.views.latent_spaces.data import LayoutRequest

METHOD_LABELS = dict(zip(METHODS, ("Aligned UMAP", "UMAP", "PCA", "t-SNE"), strict=True))
UMAPS = ("aligned", "umap")
OWN_AXES = "axes"
PROJECTIONS = METHOD_LABELS | {OWN_AXES: "Own axes"}
DIMENSIONS = {"2-D": 2, "3-D": 3}
COLOURS = ("Group", "Error", "Norm", "Neighbourhood change")
MAPPED_BY = {"Held out": True, "As learned": False}
DRAWN_IN = {"Its own projection": False, "That of class space": True}
NEIGHBOURS = (2, 100)
PROJECTION_HELP = (
    "Aligned UMAP fits the three spaces at once and draws a class to the same place in each, so that the column Change "
    "says more of how they agree than the eye. The others fit each space by itself and turn it onto class space; PCA "
    "alone keeps straight lines straight. Own axes lead from one class or sentence to another."
)
MAPPED_HELP = (
    "Held out: every class as mapped by a mapping that has not seen it, which is what errors are measured on. As "
    "learned: by the mapping fitted on all seeds, which brings them close to where they should be."
)


@dataclass(frozen=True)
class DisplayOptions:
    """Display options, which do not change positions; ``own`` are columns of the visitor's file, K rows.

    ``against`` is the chosen comparison, an option of :func:`comparison.comparison_box`.
    """

    colour: str
    own: pd.DataFrame | None
    against: str
    groups: tuple[str, ...]
    sentences: bool
    hover: bool


def controls(study: Study) -> tuple[LayoutRequest, DisplayOptions]:
    """Show the controls above the views and return their values."""
    uploaded = own_columns.read(study)
    own = own_columns.columns(uploaded, COLOURS)
    grouped = study.classes.group_labels
    colours = (*(COLOURS if grouped else COLOURS[1:]), *([] if own is None else own.columns))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        method = bound(
            st.selectbox,
            "Projection",
            list(PROJECTIONS),
            format_func=PROJECTIONS.get,
            key="layout",
            help=PROJECTION_HELP,
            width=170,
        )
        on_axes = method == OWN_AXES
        dimensions = bound(
            st.segmented_control, "Dimensions", DIMENSIONS, default="2-D", required=True, key="dims", disabled=on_axes
        )
        colour = bound(st.selectbox, "Colour", colours, key=own_columns.COLOUR, width=200)
        groups = []
        if grouped is None:
            check("groups", NO_GROUPS)
        else:
            groups = bound(st.multiselect, "Groups", sorted(set(grouped)), key="groups", placeholder="All groups")
        with st.popover("Settings", icon=":material/tune:"):
            layout, held_out = _layout("pca" if on_axes else method, 2 if on_axes else DIMENSIONS[dimensions])
            sentences = bound(
                st.toggle,
                "All sentences",
                key="sentences",
                help="Every seed sentence as a small point in text space and, mapped, in mapped text.",
            )
            hover = study.space.generator is not None and st.toggle(
                "Pictures on hover",
                study.settings.generator == "bundled",
                key="hover",
                help="The generator draws every class once: seconds for the bundled one, minutes for a large one.",
            )
            against = comparison.comparison_box(disabled=on_axes)
            own_columns.columns_box(uploaded)
    options = DisplayOptions(colour, own, comparison.NOTHING if on_axes else against, tuple(groups), sentences, hover)
    axes = own_axes.ends(study) if on_axes else ()
    return LayoutRequest(layout, sidebar.mapping(), held_out, axes), options


def in_words(study: Study, request: LayoutRequest, against: str) -> str:
    """Settings of the views in one line."""
    settings, layout = study.settings, request.layout
    mapped_by = next(label for label, held_out in MAPPED_BY.items() if held_out == request.held_out)
    projection = [METHOD_LABELS[layout.method]]
    if layout.method != "pca":
        projection += [f"{layout.n_neighbors} neighbours", layout.metric]
    if layout.method in UMAPS:
        projection.append(f"least distance {layout.min_dist:g}")
    if layout.shared:
        projection.append("mapped text in that of class space")
    parts = [
        f"Encoder {settings.encoder}, layer {sidebar.layer_label(settings.layer).lower()}, {study.encoder.pooling}",
        f"class space {settings.class_space}",
        f"mapping {MAPPINGS[request.mapping].label}, {mapped_by.lower()}",
        *(["own seed pairs"] if settings.seeds else []),
        "own axes" if request.axes else ", ".join(projection),
        *([] if against == comparison.NOTHING else [f"compared with {against}"]),
    ]
    return " · ".join(parts)


def _layout(method: str, dimensions: int) -> tuple[LayoutSettings, bool]:
    n_neighbors = bound(
        st.slider,
        "Neighbours",
        *NEIGHBOURS,
        15,
        key="n_neighbors",
        disabled=method == "pca",
        help="How many classes count as near: few bring out small groups, many the whole. For t-SNE, the perplexity.",
    )
    min_dist = bound(
        st.slider,
        "Least distance",
        0.0,
        1.0,
        0.1,
        0.05,
        key="min_dist",
        disabled=method not in UMAPS,
        help="How close UMAP may put points.",
    )
    metric = bound(st.selectbox, "Metric", DISTANCES, key="metric", disabled=method == "pca")
    held_out = bound(
        st.segmented_control,
        "Mapped text",
        MAPPED_BY,
        default="Held out",
        required=True,
        key="mapped_by",
        help=MAPPED_HELP,
    )
    shared = bound(
        st.segmented_control,
        "Mapped text is drawn in",
        DRAWN_IN,
        default="Its own projection",
        required=True,
        key="drawn_in",
        help="In that of class space, a mapped class stands among the classes it is nearest to.",
    )
    settings = LayoutSettings(method, dimensions, n_neighbors, min_dist, metric, DRAWN_IN[shared])
    return settings, MAPPED_BY[held_out]
