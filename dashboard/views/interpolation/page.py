"""Interpolation: pictures along paths between sentences, in text space and in class space."""

from __future__ import annotations

from functools import partial

import streamlit as st

from alignment.errors import InputError
from alignment.interpolation.curves import SHAPES
from alignment.interpolation.paths import CURVE_POSITIONS, InterpolationPath, InterpolationSettings
from alignment.mappings import MAPPINGS
from alignment.study import Study
from dashboard.components import film_player
from dashboard.components.charts import chart_with_caption
from dashboard.components.images import PAGE_WIDTH
from dashboard.components.markdown import plain
from dashboard.components.wording import shortened
from dashboard.pages import INTERPOLATION
from dashboard.state import cached_results, limits, on_demand, prepared_study, sidebar
from dashboard.state.class_choice import class_boxes
from dashboard.state.drawing_controls import can_draw, drawing_controls
from dashboard.state.notices import refuse
from dashboard.state.query_params import bound
from dashboard.state.sentence_box import sentence_box
from dashboard.views.interpolation import charts, data, files, grid

TITLES = {"text": "Text space", "class": "Class space", "noise": "Class space and noise"}
CURVE_NAMES = {"text": "Line between the sentences", "class": "Line between the mapped sentences"}
SHAPE_WORDS = {"linear": "Straight", "spherical": "Turning evenly"}
EXPLANATIONS = {  # begun with the shape
    "text": "between the sentences in text space; every point is then mapped. A mapping that is not linear stays near "
    "one class and then moves quickly to the next.",
    "class": "between the mapped sentences. A point between two classes belongs to neither, and its picture is a "
    "mixture.",
    "noise": "as above, and the noise vector changes from its seed at A to the following one at B, and so on: pose, "
    "colours and position change too.",
}
ROW = 3  # sentence boxes per row
SENTENCE_LENGTH = 24  # characters of a sentence in the title of a chart


def main() -> None:
    st.title(INTERPOLATION.heading)
    st.caption(
        "Move from one sentence to the next in small steps, and compare the pictures between them in each space."
    )
    files.open_settings()
    interpolation()


@st.fragment
def interpolation() -> None:
    """Show the page below the title, as a fragment."""
    prompts, options = prompt_inputs(), controls()
    study, mapping = prepared_study.chosen(), sidebar.mapping()
    options["through"] = through_classes(study)
    waypoints, steps = len(prompts) + len(options["through"]), options["steps"]
    better = data.steps_that_show_all(waypoints, steps, limits.allowed().steps)
    if better and not options["even"]:
        places = "sentences and classes" if options["through"] else "sentences"
        st.caption(f"Some of the {waypoints} {places} lie between two of the {steps} steps; {better} steps show each.")
    show_paths(study, prompts, mapping, options)
    if study.space.generator:
        st.divider()
        grid.four_prompts(study, mapping, options)


def show_paths(study: Study, prompts: tuple[str, ...], mapping: str, options: dict) -> None:
    """Show the paths between the prompts: films as they are computed, downloads, charts."""
    has_pictures = can_draw(study)
    paths = {}
    try:
        data.check_prompts(study, prompts, charts.LETTERS)
        settings = InterpolationSettings(prompts, mapping, **options)
        for space, path in data.paths(study, settings):
            if path is None:
                return
            paths[space] = path
            if has_pictures:
                show_film(study, paths, space)
    except InputError as error:
        on_demand.forget(data.PATHS)
        return refuse(error)
    if has_pictures:
        film_player.show(
            {
                TITLES[space]: (path.pictures, nearest_names(study, path))
                for space, path in paths.items()
                if path.pictures is not None
            },
            key="player",
        )
    files.save_buttons(study, paths, TITLES)
    with st.container(width=PAGE_WIDTH):
        show_charts(study, paths)


def prompt_inputs() -> tuple[str, ...]:
    """Text inputs for two to six prompts, labelled by letters."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = bound(
            st.segmented_control, "Sentences", range(2, len(data.PROMPTS) + 1), default=2, required=True, key="prompts"
        )
        st.button("Reverse", icon=":material/swap_horiz:", key="reverse", on_click=_reverse)
    # Row by row: within columns the tab order and a phone would have A, D, B, C.
    rows = [st.columns(min(count, ROW), gap="small", width=PAGE_WIDTH) for _ in range(0, count, ROW)]
    prompts = []
    for i in range(count):
        with rows[i // ROW][i % ROW].container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
            prompt = sentence_box(st.text_input, charts.LETTERS[i], data.PROMPTS[i], key=f"prompt_{i + 1}")
            if count > 2:
                st.button(
                    "Remove",
                    icon=":material/close:",
                    key=f"remove_{i + 1}",
                    help=f"Without sentence {charts.LETTERS[i]}",
                    on_click=_remove,
                    args=(i,),
                )
            prompts.append(prompt)
    return tuple(prompts)


def _remove(place: int) -> None:
    state = st.session_state
    for i in range(place + 1, state["prompts"]):
        state[f"prompt_{i}"] = state[f"prompt_{i + 1}"]
    state["prompts"] -= 1


def _reverse() -> None:
    state = st.session_state
    keys = [f"prompt_{i + 1}" for i in range(state["prompts"])]
    for key, prompt in zip(keys, [state[key] for key in reversed(keys)], strict=True):
        state[key] = prompt


def controls() -> dict:
    """Controls of the settings: ``steps``, ``shape``, ``even`` and ``drawing``."""
    first, *places = st.columns([3, 3, 3, 3, 2.4], vertical_alignment="bottom", gap="medium", width=PAGE_WIDTH)
    steps = bound(
        first.slider,
        "Steps",
        2,
        limits.allowed().steps,
        9,
        key="steps",
        help="Pictures on the whole way, the first and the last sentence among them.",
    )
    drawing = drawing_controls(
        places,
        snap_help="Each sentence is moved this far to its nearest class, as on the page Generate. Between two "
        "sentences the move changes evenly from that of the one to that of the other.",
        noise_help="One noise vector for the first two rows; in the third it changes to the following seed's at each "
        "prompt.",
    )
    return {"steps": steps, "drawing": drawing, **curve_controls()}


def curve_controls() -> dict:
    """Controls of the curve, ``shape``, and of the placement of steps, ``even``, if there are pictures."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        shape = bound(
            st.segmented_control,
            "Shape",
            SHAPES,
            default=SHAPES[0],
            format_func=str.capitalize,
            required=True,
            key="shape",
            label_visibility="collapsed",
            help="Linear is the straight line; spherical turns the direction and changes the length evenly.",
        )
        even = sidebar.draws_pictures() and bound(
            st.toggle,
            "Even steps",
            key="even",
            help="Places the steps so that each changes the picture by about as much; draws five times as many.",
        )
    return {"shape": shape, "even": even}


def through_classes(study: Study) -> tuple[str, ...]:
    """Multiselect of classes that the paths go through before the last sentence."""
    names = data.classes_with_sentences(study)
    if opened := st.session_state.pop("opened_through", None):  # from a settings file, by any of their names
        found, missing = data.named_here(study, opened, names)
        st.session_state["through"] = found
        if missing:
            st.caption(plain(f"Left out, because no seed sentence names such a class: {', '.join(missing)}."))
    with st.container(width=PAGE_WIDTH):
        return tuple(
            class_boxes(
                "Through a class, before the last sentence",
                names,
                key="through",
                max_selections=files.MAX_THROUGH,
                placeholder="Straight to the last sentence",
            )
        )


def waypoint_labels(settings: InterpolationSettings) -> list[str]:
    """Labels of the waypoints: letters of the sentences, and names of the classes before the last one."""
    *first, last = list(charts.LETTERS)[: len(settings.prompts)]
    return [*first, *settings.through, last]


def show_film(study: Study, paths: dict[str, InterpolationPath], space: str) -> None:
    """Show the film strip of a path."""
    path = paths[space]
    assert path.pictures is not None, "shown only where the class space has a generator"
    st.markdown(f"## {TITLES[space]}")
    st.html(film_player.film_strip(path.pictures, nearest_names(study, path), data.class_colours(study, paths)))
    st.caption(f"{SHAPE_WORDS[path.settings.shape]} {EXPLANATIONS[space]}")
    if space == "text":
        show_confidence(study, path)


def show_confidence(study: Study, path: InterpolationPath) -> None:
    """Show the confidence in the class nearest to each sentence."""
    settings = path.settings
    found = cached_results.confidence(study, settings.mapping, settings.prompts)
    if found is not None:
        answers = [
            f"{letter}: {row.name}, {row.confidence_text}"
            for letter, row in zip(charts.LETTERS, found.itertuples(index=False), strict=False)
        ]
        st.caption(plain(" · ".join(answers)))


def nearest_names(study: Study, path: InterpolationPath) -> list[str]:
    """Label of each step's nearest class."""
    return [study.classes.labels[row] for row in path.nearest]


def show_charts(study: Study, paths: dict[str, InterpolationPath]) -> None:
    """Show charts: class weights and picture changes along the paths, and the paths among the classes."""
    named, colours = data.named_classes(study, paths), data.class_colours(study, paths)
    waypoints = waypoint_labels(paths["class"].settings)
    title = partial(chart_title, paths["class"].settings)
    st.header("Along the path")
    chart_with_caption(
        charts.class_weights(
            {TITLES[space]: paths[space].weights for space in ("text", "class")},
            CURVE_POSITIONS,
            named,
            colours,
            waypoints,
        ),
        "Weight of every class at each position between the sentences: softmax of its similarity over 0.05. Where two "
        "areas are equally high the nearest class changes. Noise has no influence on them.",
        name="class_weights",
        title=title("Class weights"),
    )
    if study.space.generator:
        chart_with_caption(
            charts.picture_changes({TITLES[space]: path.picture_changes for space, path in paths.items()}),
            "How much each step changes the picture: root mean square over pixels, 0 to 255. One tall bar is a jump.",
            name="picture_changes",
            title=title("Change of the picture"),
        )
    try:
        spaces = data.curves_among_classes(study, paths)
    except InputError as error:  # seeds about too few classes
        return refuse(error)
    captions = {
        "text": "Text space along its two principal axes; grey points are classes.",
        "class": "Class space along its two principal axes. The line between the sentences is mapped point by point, "
        "and a mapping that is not linear bends it; the dotted line connects the mapped sentences.",
    }
    for place, (space, (classes, curves)) in zip(st.columns(2), spaces.items(), strict=True):
        named_curves = {CURVE_NAMES[name]: curve for name, curve in curves.items()}
        with place:
            chart_with_caption(
                charts.curves_among_classes(classes, named_curves, study.classes.labels, named, waypoints),
                captions[space],
                name=f"curves_among_classes_{space}",
                title=title(f"Among the classes in {TITLES[space].lower()}"),
            )


def chart_title(settings: InterpolationSettings, what: str) -> str:
    """Title of a chart: what it shows, the mapping, and the sentences."""
    sentences = [shortened(prompt, SENTENCE_LENGTH) for prompt in settings.prompts]
    return f"{what} · {MAPPINGS[settings.mapping].label} · “{'” to “'.join(sentences)}”"


main()
