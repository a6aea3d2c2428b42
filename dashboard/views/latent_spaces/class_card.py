"""Card of one class: pictures, seed sentences, nearest classes, and its rank under every mapping."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from alignment.mappings import MAPPINGS
from alignment.study import Study
from dashboard.components.images import enlarged, png
from dashboard.components.linked_scatter import Neighbours
from dashboard.components.markdown import plain
from dashboard.state import evaluations
from dashboard.views.latent_spaces import data

PICTURE_PIXELS = 128
ANCHOR = "class-card"
NEAREST = {"text": "Near in text", "mapped": "Lands on", "class": "Near in class"}
LANDS_ON = {
    True: "The classes nearest to what a mapping that has not seen this class predicts for it: the mean of its mapped "
    "sentences, without those about other classes too. The rank is of the same prediction.",
    False: "The classes nearest to the mean of all its sentences, mapped as learned: by the mapping fitted on all "
    "seeds, these among them. The rank is another mapping's, which has not seen this class.",
}  # by whether the class is held out from the mapping


def class_card(
    study: Study, facts: pd.DataFrame, neighbours: Mapping[str, Neighbours], row: int, *, held_out: bool
) -> None:
    """Show the card of the class in this row, with its nearest neighbours in the original spaces."""
    known = facts.iloc[row]
    st.header(plain(known["name"]), anchor=ANCHOR)
    numbered = f"{'ImageNet' if study.classes.are_imagenets else 'class'} {known['index']}"
    st.caption(" · ".join(filter(None, (plain(known["group"]), numbered))))
    if study.space.generator:
        pictures = data.card_pictures(study, row)
        for place, picture in zip(st.columns(len(pictures), gap="xsmall"), pictures, strict=True):
            place.image(png(enlarged(picture, PICTURE_PIXELS)), width="stretch", alt=known["name"])
    for space, title in NEAREST.items():
        near = neighbours[space]
        similar = " · ".join(
            f"{plain(study.classes.labels[other])}\u00a0{similarity:.2f}"
            for other, similarity in zip(near.rows[row], near.similarities[row], strict=True)
            if other >= 0
        )
        meaning = LANDS_ON[held_out] if space == "mapped" else None
        st.markdown(f":small[:gray[{title}]]  \n:small[{similar or 'no sentences'}]", help=meaning)
    st.markdown(":small[:gray[Some of its sentences]]")
    st.caption("  \n".join(map(plain, data.card_sentences(study, row))) or "none")
    ranks_by_mapping(study, row)


def ranks_by_mapping(study: Study, row: int) -> None:
    """Show the rank of the held-out class under every mapping."""
    every = evaluations.all_or_button(study, "classes", "Measure every mapping")
    if every is None or row not in every.ranks.index:
        return
    ranks = every.ranks.loc[row].rename(index={key: spec.label for key, spec in MAPPINGS.items()})
    table = ranks.rename("rank").rename_axis("mapping").reset_index().sort_values("rank")
    st.dataframe(
        table,
        hide_index=True,
        height=220,
        key="card_ranks",
        column_config={
            "mapping": "Mapping, without having seen it",
            "rank": st.column_config.NumberColumn("Rank", format="%.0f", help="Of this class among all; 1 is right."),
        },
    )
