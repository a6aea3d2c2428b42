"""Classes: all classes that the generator can draw, with search and groups."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from alignment.errors import InputError
from alignment.study import Study
from dashboard.components import class_wall
from dashboard.pages import CLASSES, GENERATE, LATENT_SPACES
from dashboard.state import cached_results, page_links, prepared_study
from dashboard.state.class_choice import ALL, group_box
from dashboard.state.query_params import bound
from dashboard.views.classes.words import sentence_of

MAX_SEARCH_CHARACTERS = 100


def main() -> None:
    heading = st.empty()
    heading.title(CLASSES.heading)
    study = prepared_study.chosen()
    if not study.space.generator:
        heading.title(CLASSES.title)
    wall(study)


@st.fragment
def wall(study: Study) -> None:
    """Show the page below the title, as a fragment."""
    classes = study.classes
    of = (
        f" of the {len(classes.known.frame):,} kinds of things that ImageNet names"
        if classes.are_imagenets
        else " classes"
    )
    mixtures = "; mixtures of them can be drawn too" if study.space.generator else ""
    st.caption(
        f"The class space holds {len(classes):,}{of}{mixtures}. Every sentence lands among these. Click one to begin "
        "with it."
    )
    notes = matching_classes(study, *controls(study))
    every = list(notes)
    rows = one_page(every)
    if not rows:
        st.info(
            "No class is called that. A sentence about it still lands on one of the classes: the nearest.",
            icon=":material/search_off:",
        )
        return
    labels, groups = classes.labels, classes.group_labels
    starts = page_links.addresses(GENERATE, begun_with(study, rows))
    cards = page_links.addresses(LATENT_SPACES, card_of(study, rows))
    tiles = [
        class_wall.Tile(labels[row], groups[row] if groups else "Classes", start, card, notes[row])
        for row, start, card in zip(rows, starts, cards, strict=True)
    ]
    pictures = cached_results.class_pictures(study)[rows] if study.space.generator else None
    if len(rows) < len(every):
        st.caption(f"{len(rows):,} of {len(every):,} classes; a search or a group narrows them down.")
    clicked = class_wall.show(tiles, pictures, key="wall")
    if clicked and clicked[0] in labels:
        name, link = clicked
        row = labels.index(name)
        if link == class_wall.START:
            page_links.follow(GENERATE, *begun_with(study, [row]))
        else:
            page_links.follow(LATENT_SPACES, *card_of(study, [row]))


def controls(study: Study) -> tuple[str, str]:
    """Controls of search text and group."""
    left, right = st.columns([3, 2], width=700)
    text = bound(
        left.text_input,
        "Search",
        key="search",
        type="search",
        placeholder="Part of a name, such as dog or wolf",
        max_chars=MAX_SEARCH_CHARACTERS,
        live="300ms",
    )
    return text, group_box(right, study.classes.group_labels)


def matching_classes(study: Study, text: str, group: str) -> dict[int, str]:
    """Row -> note for the classes of a group that match a text, groups with most matches first.

    A class matches if its name, its group's name or a synonym contains the text, or if the text refers to it as in a
    sentence, such as a WordNet hypernym. The note names the synonym or hypernym.
    """
    classes, text = study.classes, text.strip()
    notes: dict[int, str] = {}
    for row, known in enumerate(classes.frame.itertuples(index=False)):
        names = (known.name, known.group, *known.synonyms, *known.everyday)
        place = next((place for place, name in enumerate(names) if text.casefold() in name.casefold()), None)
        if place is not None:
            notes[row] = "" if place < 2 else f"also: {names[place]}"
    meant = _classes_meant(study, text)
    notes = dict.fromkeys(classes.rows(meant), f"a kind of: {text}" if len(meant) > 1 else "") | notes
    groups = classes.group_labels or ("",) * len(classes)
    rows = [row for row in notes if group in (ALL, groups[row])]
    sizes = Counter(groups[row] for row in rows)
    rows.sort(key=lambda row: (-sizes[groups[row]], groups[row], classes.names[row].casefold()))
    return {row: notes[row] for row in rows}


def _classes_meant(study: Study, text: str) -> tuple[int, ...]:
    """Indices of the classes that the whole text refers to; empty if there is none or it is ambiguous."""
    try:
        return study.classes.known.find(text)
    except InputError:
        return ()


def one_page(rows: list[int]) -> list[int]:
    """Rows on the chosen page of the wall; a page control is shown if there are several."""
    if len(rows) <= class_wall.MAX_TILES:
        return rows
    pages = -(-len(rows) // class_wall.MAX_TILES)
    if "wall_page" in st.session_state:  # a search may have reduced the number of pages
        st.session_state["wall_page"] = min(st.session_state["wall_page"], pages)
    page = bound(st.number_input, f"Page, of {pages}", 1, pages, 1, key="wall_page", width=160)
    return rows[(page - 1) * class_wall.MAX_TILES : page * class_wall.MAX_TILES]


def begun_with(study: Study, rows: list[int]) -> list[dict[str, str]]:
    """Query parameters of Generate by which it begins with each of these classes."""
    known = study.classes.frame.iloc[rows]
    return [{"prompt": sentence_of(*word)} for word in zip(known["name"], known["number"], strict=True)]


def card_of(study: Study, rows: list[int]) -> list[dict[str, str]]:
    """Query parameters of Latent spaces that open the card of each of these classes."""
    indices = (str(study.classes.indices[row]) for row in rows)
    return [{"focus": index, "classes": index} for index in indices]


main()
