"""Interpolation: the way from one sentence to the next, in one space and in the other."""

from __future__ import annotations

import random

import streamlit as st

from alignment.errors import InputError
from alignment.images.class_space import DEFAULT_PULL
from alignment.interpolation.curves import SHAPES
from alignment.interpolation.paths import LINE, Plan, Way
from alignment.study import Study
from dashboard.components import charts as shown
from dashboard.components import film_player
from dashboard.components.images import PAGE_WIDTH
from dashboard.state import session
from dashboard.views.interpolation import charts
from dashboard.views.interpolation import data as ways
from dashboard.views.interpolation import files as wayfiles
from dashboard.views.interpolation import grid as squares

PROMPTS = ("a cat", "a fox", "a sports car", "a violin", "a lemon", "a castle")
TITLES = {"text": "Text space", "class": "Class space", "noise": "Class space and noise"}
LINES = {"text": "Line between the sentences", "class": "Line between the mapped sentences"}
READINGS = {
    "text": "Straight between the sentences; the mapping then carries every point over. A mapping that is not linear "
    "holds on to one class and jumps to the next.",
    "class": "Straight between the mapped sentences. What lies between two classes is a point of its own, and its "
    "picture is a mixture.",
    "noise": "As above, and the noise goes from its seed at A to the following one at B, and so on: pose, colours and "
    "place change too.",
}


def main() -> None:
    st.title("Interpolation")
    st.caption("Go from one sentence to the next in small steps, and see what each space puts between them.")
    wayfiles.open_settings()
    interpolation()


@st.fragment
def interpolation() -> None:
    """All but the title: a change redraws it without the rest of the app."""
    prompts, how = prompt_inputs(), controls()
    study, mapping = session.study(), session.mapping()
    show_ways(study, prompts, mapping, how)
    if study.space.draws:
        st.divider()
        squares.four_prompts(study, mapping, how)


def show_ways(study: Study, prompts: tuple[str, ...], mapping: str, how: dict) -> None:
    """The prompts' ways: films as they are ready, files, charts."""
    if not study.space.draws:
        st.info("This class space is a bare matrix: it draws no pictures.", icon=":material/image_not_supported:")
    rows = {}
    try:
        ways.check(study, prompts, charts.LETTERS)
        plan = Plan(prompts, mapping, **how)
        if ways.stopped(study, plan):
            return
        for space, way in ways.rows(study, plan):
            rows[space] = way
            if study.space.draws:
                show_film(study, rows, space)
    except InputError as error:
        return session.refuse(error)
    if study.space.draws:
        film_player.player(
            {TITLES[space]: (way.pictures, names(study, way)) for space, way in rows.items()}, key="player"
        )
        wayfiles.save_buttons(study, rows, TITLES)
    with st.container(width=PAGE_WIDTH):
        show_charts(study, rows)


def prompt_inputs() -> tuple[str, ...]:
    """Two to six prompts, a letter each."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.segmented_control(
            "Sentences", range(2, len(PROMPTS) + 1), default=2, required=True, key="stops", bind="query-params"
        )
        st.button("Reverse", icon=":material/swap_horiz:", key="reverse", on_click=_reverse)
    places = st.columns(min(count, 3), gap="small", width=PAGE_WIDTH)
    prompts = []
    for i in range(count):
        with places[i % len(places)].container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
            prompt = st.text_input(
                charts.LETTERS[i], PROMPTS[i], max_chars=5000, key=f"way_{i + 1}", live="100ms", bind="query-params"
            )
            if count > 2:
                st.button("", icon=":material/close:", key=f"drop_{i + 1}", help="Remove", on_click=_drop, args=(i,))
            prompts.append(prompt)
    return tuple(prompts)


def _drop(place: int) -> None:
    state = st.session_state
    for i in range(place + 1, state["stops"]):
        state[f"way_{i}"] = state[f"way_{i + 1}"]
    state["stops"] -= 1


def _reverse() -> None:
    state = st.session_state
    keys = [f"way_{i + 1}" for i in range(state["stops"])]
    for key, prompt in zip(keys, [state[key] for key in reversed(keys)], strict=True):
        state[key] = prompt


def controls() -> dict:
    """How the way is gone: ``steps``, ``shape``, ``even``, ``truncation``, ``pull`` and ``noise_seed``."""
    first, second, third, fourth, dice = st.columns(
        [3, 3, 3, 3, 1], vertical_alignment="bottom", gap="medium", width=PAGE_WIDTH
    )
    steps = first.slider("Steps", 2, wayfiles.MAX_STEPS, 9, key="steps", bind="query-params")
    truncation = second.slider(
        "Truncation", session.MIN_TRUNCATION, 1.0, 0.4, 0.02, key="truncation", bind="query-params",
        help="How far the noise may stray: low gives the typical picture, high gives variety.",
    )  # fmt: skip
    pull = third.slider(
        "Pull to nearest class", 0.0, 1.0, DEFAULT_PULL, 0.05, key="pull", bind="query-params",
        help="Each sentence is moved this far to its nearest class, as on the page Generate. On the way the shift "
        "changes evenly from one sentence's to the next one's.",
    )  # fmt: skip
    seed = fourth.number_input(
        "Noise seed", 0, session.MAX_NOISE_SEED, 0, key="noise", bind="query-params",
        help="One noise along the first two rows; in the third it walks to the following seed at each prompt.",
    )  # fmt: skip
    dice.button("", icon=":material/casino:", help="Another noise seed", on_click=_roll, key="dice")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        shape = st.segmented_control(
            "Line", SHAPES, default=SHAPES[0], format_func=str.capitalize, required=True, key="shape",
            bind="query-params", label_visibility="collapsed",
            help="Linear is the straight line; spherical turns from one direction to the other and keeps the length.",
        )  # fmt: skip
        even = st.toggle(
            "Even steps", key="even", bind="query-params",
            help="Places the steps so that each changes the picture by about as much; draws five times as many.",
        )  # fmt: skip
    return {
        "steps": steps,
        "shape": shape,
        "even": even,
        "truncation": truncation,
        "pull": pull,
        "noise_seed": seed,
    }


def _roll() -> None:
    st.session_state["noise"] = random.randrange(10_000)


def show_film(study: Study, rows: dict[str, Way], space: str) -> None:
    """The strip of one of the ways."""
    st.markdown(f"##### {TITLES[space]}")
    st.html(film_player.strip(rows[space].pictures, names(study, rows[space]), ways.colours(study, rows)))
    st.caption(READINGS[space])


def names(study: Study, way: Way) -> list[str]:
    """Of the class nearest to each step."""
    return [study.classes.names[row] for row in way.nearest]


def show_charts(study: Study, rows: dict[str, Way]) -> None:
    """What lies along the ways, and the ways among the classes."""
    named, colours = ways.named(study, rows), ways.colours(study, rows)
    stations = len(rows["class"].plan.prompts)
    st.subheader("Along the way")
    shown.chart(
        charts.class_weights(
            {TITLES[space]: rows[space].weights for space in ("text", "class")}, LINE, named, colours, stations
        ),
        "Every class's weight at each place between the sentences: softmax of its similarity over 0.05. Where two "
        "areas are equally high the nearest class changes. Noise moves none of them.",
        name="class_weights",
    )
    if study.space.draws:
        shown.chart(
            charts.picture_changes({TITLES[space]: way.seen for space, way in rows.items()}),
            "How much each step changes the picture: root mean square over pixels, 0 to 255. One tall bar is a jump.",
            name="picture_changes",
        )
    panels = {
        TITLES[space]: (classes, {LINES[name]: line for name, line in lines.items()})
        for space, (classes, lines) in ways.among_classes(study, rows).items()
    }
    shown.chart(
        charts.lines(panels, study.classes.names, named, stations),
        "Both spaces along their two principal axes; grey points are classes. The line between the sentences is mapped "
        "point by point, and the mapping may bend it; the dotted line lies between the mapped sentences.",
        name="way_lines",
    )


main()
