"""Controls shared by Generate and Interpolation: truncation, snap and noise seed, and a notice for a bare matrix."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from alignment.images.drawing_settings import DEFAULT_DRAWING, DrawingSettings
from alignment.images.truncation_and_noise import NOISE_SEEDS, TRUNCATION_STEPS
from alignment.study import Study
from dashboard.components.glossary import explained, tooltip
from dashboard.state import sidebar
from dashboard.state.query_params import bound


def can_draw(study: Study) -> bool:
    """Whether the class space has a generator; shows a notice if not."""
    if not study.space.generator:
        st.info("This class space is a bare matrix: it draws no pictures.", icon=":material/image_not_supported:")
    return study.space.generator is not None


def drawing_controls(places: Sequence[DeltaGenerator], *, snap_help: str, noise_help: str) -> DrawingSettings:
    """Controls of truncation, snap and noise seed, with a button for another seed, in four places of the page.

    Without a generator only the snap is shown, in the first place: the others would change nothing.
    """
    if not sidebar.draws_pictures():
        return replace(DEFAULT_DRAWING, snap=_snap_slider(places[0], snap_help))
    first, second, third, dice = places
    truncation = bound(
        first.slider,
        "Truncation",
        1 / TRUNCATION_STEPS,
        1.0,
        DEFAULT_DRAWING.truncation,
        1 / TRUNCATION_STEPS,
        key="truncation",
        help=tooltip("truncation"),
    )
    snap = _snap_slider(second, snap_help)
    noise_seed = bound(
        third.number_input,
        "Noise seed",
        0,
        NOISE_SEEDS - 1,
        DEFAULT_DRAWING.noise_seed,
        key="noise",
        help=explained(noise_help, "noise"),
    )
    dice.button("Dice", icon=":material/casino:", help="Another noise seed", on_click=_roll, key="dice")
    return DrawingSettings(truncation, noise_seed, snap)


def _snap_slider(place: DeltaGenerator, snap_help: str) -> float:
    return bound(
        place.slider,
        "Snap to nearest class",
        0.0,
        1.0,
        DEFAULT_DRAWING.snap,
        0.05,
        key="snap",
        help=explained(snap_help, "snap to the nearest class"),
    )


def _roll() -> None:
    st.session_state["noise"] = random.randrange(10_000)
