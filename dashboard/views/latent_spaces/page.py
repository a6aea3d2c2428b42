"""Latent spaces: linked scatter plots of text space, mapped text and class space."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from alignment.errors import InputError
from alignment.projection.layouts import Projection
from alignment.study import Study
from dashboard.components import linked_scatter
from dashboard.components.charts import BAR_PIXELS, download_table
from dashboard.components.glossary import tooltip
from dashboard.components.markdown import plain
from dashboard.components.save_button import save_button
from dashboard.pages import LATENT_SPACES
from dashboard.state import prepared_study
from dashboard.state.class_choice import offered_names
from dashboard.state.notices import refuse
from dashboard.state.query_params import Matching, check
from dashboard.views.latent_spaces import bookmarks, comparison, data, pinned_sentences, selection
from dashboard.views.latent_spaces.class_card import ANCHOR, LANDS_ON, class_card
from dashboard.views.latent_spaces.controls import controls, in_words
from dashboard.views.latent_spaces.data import LayoutRequest
from dashboard.views.latent_spaces.scatter import TITLES, drawn_rows, left_out, placed_rows, scene

SCATTER_KEY = "spaces_view"
NUMBER = r"_-?\d{1,9}(\.\d{1,3})?"
CAMERA = re.compile(rf"[a-z]*({NUMBER}){{3}}(({NUMBER}){{9}})?")
MORPH = re.compile(r"[a-z]+_[a-z]+_(0(\.\d{1,3})?|1)")
SHOWN = re.compile(r"points|(names|pictures|contours)(_pictures)?(_contours)?")
VIEW = {  # written and read by view_address.js
    "camera": Matching(lambda text: bool(CAMERA.fullmatch(text)), "a pane, its zoom and its shifts, _ between them"),
    "morph": Matching(lambda text: bool(MORPH.fullmatch(text)), "two panes and a number from 0 to 1, _ between them"),
    "show": Matching(
        lambda text: bool(SHOWN.fullmatch(text)), "points, or names, pictures and contours, _ between them"
    ),
}
TABLE_ROWS = 1000  # rows of the class table
TABLE_ROWS_SEEN, TABLE_PIXELS = 8, 320  # of those, and their height; fewer are as high as their letters need
CAPTION = (
    "A point is a class: the mean of its sentences, the mean of its mapped sentences, its class vector. Trust falls "
    "where points look close that are far apart in the space; kept is the share of a class's nearest classes that are "
    "still nearest in the picture. In UMAP and t-SNE, distances between clusters mean little."
)

AXES_CAPTION = (
    "The axes are measured in the spaces themselves. The lines cross half way between the ends; a class near an end's "
    "name goes as far that way as the end itself, or further."
)


def main() -> None:
    st.title(LATENT_SPACES.heading)
    st.caption("Where the classes stand in text space, once mapped, and in the generator's class space.")
    for name, accepted in VIEW.items():
        check(name, accepted)
    selection.open_from_address()
    page()


@st.fragment
def page() -> None:
    """Show the page, as a fragment."""
    study = prepared_study.chosen()
    selection.check_address(study.classes)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        find_box(study)
        boxes = pinned_sentences.pin_boxes()
        bookmarks.bookmarks_popover()
    request, options = controls(study)
    try:
        facts = data.facts(study, request.mapping, held_out=request.held_out)
        versions, drawn = _project(study, request, options.against)
        placed = placed_rows(drawn)
        neighbours = data.neighbours(study, request.mapping, held_out=request.held_out)
        pictures = data.hover_pictures(study, placed) if options.hover else None
    except InputError as error:
        return refuse(error)
    pins = [] if versions else pinned_sentences.placed(study, request, *boxes)
    selected, focused = selection.rows(study.classes)
    if focused is not None:  # the card is below the views
        st.caption(f"[Card of {plain(study.classes.labels[focused])}](#{ANCHOR})")
    picked = [*([] if focused is None else [focused]), *selected]
    rows = drawn_rows(facts, placed, [*drawn.values()][-1].fitted, options.groups, picked)
    shown_scene = scene(
        request,
        options,
        drawn,
        facts,
        rows,
        sentences=data.sentences(study, request) if options.sentences and not versions else None,
        thumbnails=pictures if len(rows) == len(placed) else None,  # one picture per row
        titles=versions.titles if versions else TITLES,
        pins=pins,
        neighbours=neighbours,
        selected=selected,
        focused=focused,
    )
    linked_scatter.show(shown_scene, key=SCATTER_KEY, on_change=lambda: _take_picked(study, rows))
    axes, compared = AXES_CAPTION if request.axes else "", comparison.CAPTION if versions else ""
    captions(*left_out(drawn, placed, rows), axes, compared)
    selection.write_address()
    save_as_page(shown_scene, in_words(study, request, options.against))
    pinned_sentences.pins_table(pins)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if versions:
            moved = comparison.moved(study, versions.first, versions.second)
            comparison.moved_table(study, moved, lambda row: _open(study, row))
        classes_table(study, facts, placed, selected, options.groups, held_out=request.held_out)
    with right, st.container(border=True):
        if focused is None:
            st.caption("Click a class, in a picture or in the table, or look for one by name: its card opens here.")
        else:
            class_card(study, facts, neighbours, focused, held_out=request.held_out)


def captions(*notes: str) -> None:
    """Show notes beneath the views."""
    for note in filter(None, notes):
        st.caption(note)
    st.caption(CAPTION, help=tooltip("UMAP", "trustworthiness"))


def _project(
    study: Study, request: LayoutRequest, against: str
) -> tuple[comparison.Versions | None, dict[str, Projection]]:
    """Projections of the three spaces, or of the two versions of a comparison."""
    if against == comparison.NOTHING:
        return None, data.projections(study, request)
    both = comparison.versions(study, request, against)
    return both, comparison.projections(study, request, against, both)


def _take_picked(study: Study, rows: np.ndarray) -> None:
    """Store the reported selection; ``rows`` are the drawn classes."""
    now = linked_scatter.reported_selection(SCATTER_KEY)
    focused = None if now.focused is None else int(rows[now.focused])
    selection.keep(study.classes, rows[list(now.selected)].tolist(), focused)


def find_box(study: Study) -> None:
    """Search box: a class by name, or all classes whose names contain a word."""
    st.selectbox(
        "Find a class",
        offered_names(study.classes.labels),
        index=None,
        key="find",
        accept_new_options=True,
        placeholder="Name, or part of names",
        on_change=_take_found,
        args=(study,),
        width=260,
    )


def _take_found(study: Study) -> None:
    wanted, names = st.session_state["find"], study.classes.labels
    if not wanted:
        return
    st.session_state["find"] = None
    selected, focused = selection.rows(study.classes)
    if wanted in names:
        row = names.index(wanted)
        return selection.keep(study.classes, [*selected, row] if row not in selected else selected, row)
    found = [row for row, name in enumerate(names) if wanted.casefold() in name.casefold()]
    if len(found) > selection.MAX_IN_ADDRESS:
        st.toast(
            f"{len(found):,} names hold that; the first {selection.MAX_IN_ADDRESS:,} are selected.",
            icon=":material/filter_list:",
        )
        found = found[: selection.MAX_IN_ADDRESS]
    if not found:
        st.toast(f"No class is called {plain(wanted[:60])}.", icon=":material/search_off:")
        return
    selection.keep(study.classes, found, found[0] if len(found) == 1 else focused)


def classes_table(
    study: Study,
    facts: pd.DataFrame,
    placed: np.ndarray,
    selected: list[int],
    groups: Sequence[str],
    *,
    held_out: bool,
) -> None:
    """Show a table of the selected classes, or of all in the chosen groups that have a position."""
    rows = facts.iloc[selected or placed].sort_values("rank", ascending=False)
    if groups and not selected:
        rows = rows[rows["group"].isin(groups)]
    every, chosen = "All " if len(rows) == len(facts) else "", " in the chosen groups" if groups else ""
    st.markdown(f"## {len(selected):,} selected" if selected else f"## {every}{len(rows):,} classes{chosen}")
    if len(selected) > selection.MAX_IN_ADDRESS:
        most = f"{selection.MAX_IN_ADDRESS:,}"
        st.caption(f"An address holds up to {most} selected classes: a link, or a reload, opens without these.")
    if len(rows) > TABLE_ROWS:
        st.caption(f"The table shows the {TABLE_ROWS:,} with the worst rank; the file holds all.")
    columns, rows = _columns(rows), rows.head(TABLE_ROWS)
    if study.classes.groups is None:
        columns = columns.drop(columns="group")
    shown_rows = columns.head(TABLE_ROWS)
    key = f"selected_{hash(tuple(rows.index))}"
    st.dataframe(
        shown_rows,
        hide_index=True,
        height="content" if len(rows) < TABLE_ROWS_SEEN else TABLE_PIXELS,
        key=key,
        on_select=lambda: _take_row(study, key, list(rows.index)),
        selection_mode="single-row",
        column_order=[name for name in shown_rows if name != "index"],
        column_config={
            "name": st.column_config.TextColumn("Class", pinned=True),
            "group": "Group",
            "rank": st.column_config.NumberColumn(
                "Rank",
                format="%.0f",
                help="Of the right class among all, by a mapping that has not seen it; 1 is right.",
            ),
            "neighbourhood change": st.column_config.ProgressColumn(
                "Change",
                width=BAR_PIXELS,
                format="percent",
                max_value=1.0,
                help="Share of the ten nearest classes that text and class space do not agree on.",
            ),
            "near in text space": "Near in text space",
            "lands on": st.column_config.TextColumn("Lands on", help=LANDS_ON[held_out]),
            "near in class space": "Near in class space",
        },
    )
    download_table(columns, "classes")


def _columns(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": rows["name"],
            "neighbourhood change": rows["change"],  # beside the name, so that a phone shows it too
            "rank": rows["rank"],
            "group": rows["group"],
            "index": rows["index"],
            "near in text space": rows["near_text"].map(_first),
            "lands on": rows["lands_on"].map(_first),
            "near in class space": rows["near_class"].map(_first),
        }
    )


def _first(names: tuple[str, ...]) -> str:
    return ", ".join(names[:3])


def _take_row(study: Study, key: str, rows: list[int]) -> None:
    picked = st.session_state[key]["selection"]["rows"]
    _open(study, rows[picked[0]] if picked else None)


def _open(study: Study, row: int | None) -> None:
    """Open the card of the class in this row."""
    selection.keep(study.classes, selection.rows(study.classes)[0], row)


def save_as_page(whole: linked_scatter.Scene, settings: str) -> None:
    """Download button for the views as an HTML file that opens without network or server."""
    save_button(
        "Save as a page",
        lambda: linked_scatter.to_html(whole, "Latent spaces", settings),
        "latent-spaces.html",
        "text/html",
        help="One HTML file with these views, the selection and the settings; it opens without network or server.",
    )


main()
