"""Measuring more runs: the choice of runs, the expected time, and the background job."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pandas as pd
import streamlit as st

from alignment.errors import InputError
from alignment.evaluation.splits import SPLITS
from alignment.images import checkpoints as generators
from alignment.mappings import DEFAULT_MAPPING, MAPPINGS
from alignment.study import Settings, Study
from alignment.study.cache.keys import digest
from alignment.study.code_snippets import comparison_code
from alignment.study.runs.estimates import duration, estimate
from alignment.study.runs.measure import Run, measure_runs, runs_over
from alignment.text import checkpoints as encoders
from alignment.text.pooling import POOLINGS
from alignment.text.sentence_transformers_folder import OWN_POOLING
from alignment.wording import counted
from dashboard.components.code_snippet import copy_buttons, shared_settings
from dashboard.components.glossary import explained, tooltip
from dashboard.components.markdown import plain
from dashboard.state import durations, limits, on_demand, sidebar, studies
from dashboard.state.query_params import bound
from dashboard.views.runs import data

FIRST_MAPPINGS = ("ridge", "procrustes", "kernel-ridge", "reverse-kernel-ridge", DEFAULT_MAPPING)  # quick and diverse
TABLE_SECONDS = 4  # between two looks for runs that were measured meanwhile
ONE_AT_A_TIME = "runs"  # one visitor's at a time: they take long, and pages have to open meanwhile
JOBS = "runs "  # how the keys of these jobs start
HELD_OUT = "classes: new things; sentences: other wordings of known things; kinds: all sentences of one kind."
_FOLLOWED = "runs_of"  # in the session: the sidebar's choices that those of the runs last followed


def add_runs(study: Study, rows: pd.DataFrame) -> None:
    """Show the choices, and a button that measures those missing from the table."""
    settings, mappings, split = controls(study)
    runs = runs_over(settings, mappings, split=split)
    if not runs:
        st.caption("Choose at least one of each.")
        return
    most = limits.allowed().runs
    if len(runs) > most:
        st.warning(f"Up to {most} runs can be measured at once here; choose fewer.", icon=":material/warning:")
        return
    expected = estimate(runs, rows, encoded=[study.settings], pace=durations.pace())
    st.caption(
        f"{expected} Each run is measured in a random space too: only what goes beyond its figure there is alignment. "
        "Measuring ends when you leave this page; runs that are done are kept.",
        help=tooltip("random space"),
    )
    missing = expected.runs - expected.there
    if missing > 0 or on_demand.running(JOBS):
        show_measuring(study, runs, rows, f"Measure {counted(missing, 'run')} ({duration(expected.seconds)})")
    models = [(shared_settings(run.settings), run.mapping) for run in runs if not run.random]
    copy_buttons(comparison_code(models, split), study.settings)


def show_measuring(study: Study, runs: list[Run], rows: pd.DataFrame, label: str) -> None:
    """Show the button, then the progress with a stop button, then the failures; ``rows`` are those shown so far."""
    if name := on_demand.running(JOBS):  # perhaps of other choices: the sidebar may have changed since it began
        on_demand.show_progress(name)
        st.fragment(offer_more_rows, run_every=TABLE_SECONDS)(study, rows)
        return
    key = f"{JOBS}{digest([(vars(run.settings), run.mapping, run.split, run.random) for run in runs])}"
    failures = on_demand.result_or_button(
        study,
        key,
        lambda progress: measure_runs(runs, data.table(), progress=progress).failures,
        label,
        exclusive=ONE_AT_A_TIME,
    )
    if failures is None:
        return
    if missing_rows(study, rows):
        st.rerun()
    for failure in failures:
        what = f"{failure.settings.encoder}, layer {sidebar.layer_label(failure.settings.layer).lower()}"
        mapping = f", {MAPPINGS[failure.mapping].label}" if failure.mapping else ""
        st.error(
            plain(f"Not measured: {what}, {failure.settings.pooling}{mapping}: {failure.reason}"),
            icon=":material/error:",
        )
    if not failures:
        st.warning("What was measured is not in the table: it could not be kept, or was removed.")
    anew = studies.jobs(study).forget_result  # another visitor's retry may be running already, and goes on
    st.button("Try again", icon=":material/replay:", on_click=anew, args=(key,), key="again")


def offer_more_rows(study: Study, rows: pd.DataFrame) -> None:
    """Redraw the page for runs that are not in the table yet: at once while there is little to look at, then if asked.

    A redraw closes lists that a visitor has open, and forgets ticks.
    """
    more = missing_rows(study, rows)
    if more and (~rows["random"]).sum() < 2:
        st.rerun()
    if more and st.button(f"Show {counted(more, 'more run')}", icon=":material/refresh:", key="more_rows"):
        st.rerun()


def missing_rows(study: Study, rows: pd.DataFrame) -> int:
    """How many runs are kept that are not among those shown."""
    return len(set(data.visible_runs(study.settings.seeds)[0]["key"]) - set(rows["key"]))


def controls(study: Study) -> tuple[list[Settings], list[str], str]:
    """Controls of the new runs: settings of every pair of spaces, the mappings, and the split."""
    own = study.settings
    follow_sidebar(own)
    left, right = st.columns(2, gap="medium")
    with left:
        chosen_encoders = choose_encoders(own)
        layers = bound_unless_measuring(
            st.multiselect,
            "Layers",
            sidebar.layers_of(own.encoder),
            default=[own.layer],
            format_func=sidebar.layer_label,
            key="layers",
            help=explained("Which hidden states are read; 0 is the input of the first layer.", "layer"),
        )
    with right:
        poolings = bound_unless_measuring(
            st.multiselect,
            "Poolings",
            list(dict.fromkeys([own.pooling, *POOLINGS])),
            default=[own.pooling],
            key="poolings",
            help=explained("One that was learned for an encoder is used with that one alone.", "pooling"),
        )
        split = bound_unless_measuring(st.selectbox, "Held out", SPLITS, key="runs_split", help=HELD_OUT)
    spaces = choose_spaces(own)
    mappings = bound_unless_measuring(
        st.multiselect,
        "Mappings",
        list(MAPPINGS),
        default=list(FIRST_MAPPINGS),
        format_func=lambda key: MAPPINGS[key].label,
        key="mappings",
        help=explained(sidebar.distinctions(), "mapping"),
    )
    combined = product(chosen_encoders, layers, poolings, spaces)
    pairs = [settings_of_pair(own, *pair) for pair in combined if suits(pair[0], pair[2], own)]
    return pairs, mappings, split


def follow_sidebar(own: Settings) -> None:
    """Choose the sidebar's encoder, layer, pooling or class space for the runs once it has changed there.

    A widget's default is that of its first run: the choices would be the former models'.
    """
    if on_demand.running(JOBS):
        return
    now = {"encoders": own.encoder, "layers": own.layer, "poolings": own.pooling, "spaces": own.class_space}
    before = st.session_state.get(_FOLLOWED, now)
    st.session_state.update({key: [value] for key, value in now.items() if value != before[key]})
    st.session_state[_FOLLOWED] = now


def bound_unless_measuring(widget: Callable, *args, **kwargs):
    """:func:`.bound` widget that keeps its value while runs are measured: their progress is that of the choices."""
    return bound(widget, *args, disabled=bool(on_demand.running(JOBS)), **kwargs)


def choose_encoders(own: Settings) -> list[str]:
    """Multiselect of encoders: the sidebar's, those on this machine and, if allowed, any other by name."""
    here = [name for name in encoders.ENCODERS if encoders.is_here(name)]
    free = limits.allowed().own_models
    named = bound_unless_measuring(
        st.multiselect,
        "Encoders",
        list(dict.fromkeys([own.encoder, *here])),
        default=[own.encoder],
        accept_new_options=free,
        key="encoders",
        help="Write the folder of any other, or its name on the Hugging Face Hub, and press Enter." if free else None,
    )
    missing = {name: why for name in named if (why := why_missing(name))}
    for why in missing.values():
        st.warning(plain(why), icon=":material/warning:")
    return [name for name in named if name not in missing]


def why_missing(encoder: str) -> str:
    """Why an encoder cannot be measured, and what to do; "" for one that is on this machine."""
    try:
        if encoders.is_here(encoder):
            return ""
    except InputError as error:  # neither the name of a folder nor of a Hub model
        return str(error)
    advice = "choose it in the sidebar once, which downloads it" if limits.allowed().downloads else "choose another"
    return f"{encoder} is not on this machine: {advice}."


def choose_spaces(own: Settings) -> list[str]:
    """Multiselect of class spaces: the sidebar's and, with ImageNet's classes, the generators on this machine."""
    current = own.class_space
    if own.classes:
        return [current]
    here = [name for name in generators.GENERATORS if generators.is_here(name)]
    options = list(dict.fromkeys([current, *here]))
    if len(options) == 1:
        return options
    return bound_unless_measuring(st.multiselect, "Class spaces", options, default=[current], key="spaces")


def suits(encoder: str, pooling: str, own: Settings) -> bool:
    """Whether a pooling can be used with an encoder; the pooling from an encoder's folder only with that one."""
    if pooling == OWN_POOLING:
        return encoder == own.encoder or encoders.pools_itself(encoder)
    return POOLINGS[pooling].suits(encoder)


def settings_of_pair(own: Settings, encoder: str, layer: int, pooling: str, space: str) -> Settings:
    is_matrix = space == own.class_embeddings
    return Settings(
        encoder=encoder,
        layer=layer,
        pooling=pooling,
        generator=own.generator if is_matrix else space,
        class_embeddings=space if is_matrix else None,
        classes=own.classes,
        seeds=own.seeds,
        device=own.device,
    )
