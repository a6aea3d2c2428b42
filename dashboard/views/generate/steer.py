"""Steer: move the point by sliders, and choose the noise among pictures."""

from __future__ import annotations

import numpy as np
import streamlit as st

from alignment.images.drawing_settings import DrawingSettings
from alignment.images.picture_files import png
from alignment.images.truncation_and_noise import NOISE_SEEDS
from alignment.interpolation.steering import blend_classes
from alignment.study import Study
from dashboard.components import html
from dashboard.components.images import PAGE_WIDTH, picture_uri
from dashboard.components.markdown import plain
from dashboard.components.save_button import save_button
from dashboard.state import cached_results, query_params, studies
from dashboard.state.class_choice import class_boxes
from dashboard.state.drawing_controls import can_draw
from dashboard.state.query_params import bound
from dashboard.state.sentence_box import sentence_box
from dashboard.views.generate import gallery
from dashboard.views.generate.request import NEAREST_CLASSES, Request, diagnosis, link_to_classes, warn_if_far

STARTS = ("The sentence", "A mix of classes")
MAX_CLASSES = 5
PICTURE_CHOICES = 9  # the current picture first
MAX_TRAIL_LENGTH = 12


def show(request: Request) -> None:
    left, right = st.columns([3, 4], gap="large", width=PAGE_WIDTH)
    with left:
        point, steering = steered(request)
    with right:
        nearest = request.study.nearest_to(point, [""], top=NEAREST_CLASSES)
        if not can_draw(request.study):
            st.container(key="steered").html(html.nearest_list(nearest))  # in sight of the sliders, as the picture is
            return
        trail = read_trail()
        pictures = noise_choices(request.study, point, request.drawing, trail)
        with st.container(key="steered"):
            picture, facts = st.columns([3, 4], gap="medium")
        picture.html(html.picture_grid([picture_uri(pictures[0])], "The steered picture"))
        facts.html(html.nearest_list(nearest, cached_results.thumbnails(request.study, nearest["class"].tolist())))
        st.caption(
            "Similarity of the classes to the steered point. A sentence's point is steered after Snap has moved it."
        )
        st.caption(plain(diagnosis(request.study, point)["reason"].iloc[0]))
        settings = request.settings(count=1, trail=list(trail), **steering)
        with st.container(horizontal=True):
            gallery.keep_button(pictures[0], settings, key="keep_steered")
            save_button("PNG", lambda: png(pictures[0], note=settings), "steered.png", "image/png")
        choose_noise(request, pictures, trail)


def steered(request: Request) -> tuple[np.ndarray, dict]:
    """Steered point, (1, d), and the values of the controls."""
    study = request.study
    start = bound(st.segmented_control, "Start from", STARTS, default=STARTS[0], required=True, key="start")
    mix = mix_of_classes(study) if start == STARTS[1] else {}
    if not mix and warn_if_far(request):
        link_to_classes()
    point = blend_classes(study.class_vectors, mix) if mix else request.point()
    amounts = along_directions(study)
    against, strength = negative_sentence(study)
    against_point = request.point(prompt=against) if against else None
    labels = study.classes.labels
    names = {labels[row]: weight for row, weight in mix.items()}
    steering = {"mix": names, "directions": amounts, "negative": against, "strength": strength if against else 0.0}
    return study.steer(point, amounts=amounts, against=against_point, strength=strength), steering


def mix_of_classes(study: Study) -> dict[int, float]:
    """Controls that mix classes: row -> weight; empty while all weights are 0."""
    names = study.classes.labels
    chosen = class_boxes("Classes", sorted(names, key=str.casefold), key="mix", max_selections=MAX_CLASSES)
    weights = {}
    for name in chosen:
        row = names.index(name)
        key = f"weight_{study.classes.indices[row]}"
        weights[row] = bound(st.slider, plain(name), 0.0, 1.0, 1.0, 0.05, key=key)
    if not sum(weights.values()):
        st.caption("Choose classes and give one a weight; until then the sentence is drawn.")
        return {}
    return weights


def along_directions(study: Study) -> list[float]:
    """Sliders for the principal directions: shift along each, in standard deviations of the classes."""
    names, along = study.classes.labels, study.directions
    amounts = []
    with st.expander("Directions in which classes differ most", icon=":material/open_with:", expanded=True):
        for number, (low, high) in enumerate(zip(along.low, along.high, strict=True), start=1):
            ends = [", ".join(names[row] for row in rows) for rows in (low, high)]
            amounts.append(
                bound(
                    st.slider,
                    f"{plain(ends[0])} ↔ {plain(ends[1])}",
                    -3.0,
                    3.0,
                    0.0,
                    0.25,
                    key=f"direction_{number}",
                    help=f"Holds {along.shares[number - 1]:.0%} of the differences between classes.",
                )
            )
    return amounts


def negative_sentence(study: Study) -> tuple[str, float]:
    """Controls of the negative sentence, "" for none, and how far to move away from it."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    text = sentence_box(left.text_input, "Away from", key="negative", placeholder="a sentence")
    strength = bound(right.slider, "How far", 0.0, 2.0, 0.5, 0.05, key="strength")
    if text:
        study.prompt_reader.check(text)
    return text, strength


def choose_noise(request: Request, pictures: np.ndarray, trail: tuple[int, ...]) -> None:
    """Show pictures with different noise; choosing one sets the noise, and the next pictures vary around it."""
    st.markdown("## More like this one")
    st.caption(
        "The same point with noise around the chosen picture's; choose again to go on."
        if trail
        else "The same point with other noise. Choose a picture to see more like it."
    )
    columns = [column for _ in range(2) for column in st.columns((PICTURE_CHOICES - 1) // 2, gap="small")]
    for number, column in enumerate(columns, start=1):
        with column:
            st.html(html.picture_grid([picture_uri(pictures[number])], f"Choice {number}"))
            st.button(
                "This one",
                key=f"choose_{number}",
                width="stretch",
                disabled=len(trail) >= MAX_TRAIL_LENGTH,
                on_click=_choose,
                args=(request.drawing.noise_seed, trail, number),
            )
    if trail:
        st.button("Start over", icon=":material/undo:", key="start_over", on_click=_write_trail, args=((),))


def _choose(noise_seed: int, trail: tuple[int, ...], number: int) -> None:
    if not trail:
        st.session_state["noise"] = (noise_seed + number) % NOISE_SEEDS
    _write_trail((*trail, number if trail else 0))


def read_trail() -> tuple[int, ...]:
    """Noise choices so far, from the query parameter; empty if it is invalid."""
    query_params.check("trail", TRAIL)
    text = st.query_params.get("trail", "")
    return tuple(map(int, text.split("."))) if TRAIL.accepts(text) else ()


def _is_trail(text: str) -> bool:
    numbers = text.split(".")
    return len(numbers) <= MAX_TRAIL_LENGTH and all(
        len(number) == 1 and number.isascii() and number.isdigit() and int(number) < PICTURE_CHOICES
        for number in numbers
    )


TRAIL = query_params.Matching(
    _is_trail, f"up to {MAX_TRAIL_LENGTH} digits from 0 to {PICTURE_CHOICES - 1}, separated by points"
)


def _write_trail(trail: tuple[int, ...]) -> None:
    if trail:
        st.query_params["trail"] = ".".join(map(str, trail))
    else:
        st.query_params.pop("trail", None)


@st.cache_data(max_entries=32, hash_funcs=studies.STUDY_HASH, show_spinner=False)
def noise_choices(study: Study, point: np.ndarray, drawing: DrawingSettings, trail: tuple[int, ...]) -> np.ndarray:
    """Pictures of a point, uint8 array (PICTURE_CHOICES, pixels, pixels, 3): the current noise first."""
    return studies.answer(lambda: study.pictures.vary(point, count=PICTURE_CHOICES, drawing=drawing, trail=trail)[0])
