"""Query parameters: widgets bound to the URL, with a warning for values that are not accepted.

Streamlit's bound widgets write their values to the URL and read them from it, and silently drop a value that they
cannot take. Here the widget's arguments define which values are accepted, and the visitor is told of the others.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from alignment.wording import first_of
from dashboard.components.markdown import plain

MAX_CHOICES_NAMED = 20
MAX_SHOWN = 60  # characters of a quoted value
# All query parameters of all pages, so that unknown ones can be reported; one of a widget that is not shown at first,
# for example in another tab, is no mistake.
SIDEBAR = ("pair", "encoder", "generator", "class_file", "layer", "pooling", "mapping", "device", "own_seeds")
PARAMETER = re.compile(
    rf"{'|'.join(SIDEBAR)}|"
    # several pages
    "answers|chart_format|class|figure|group|kinds|measure|noise|section|snap|split|tab|truncation|"
    # Lesson
    "step|first|second|sentence|change|pairs_of|amount|bend|guess|between|failure|own_sentence|"
    # Generate
    r"prompt|count|compare|against|others|start|mix|weight_\d+|direction_\d+|negative|strength|trail|effort|list|drawn_list|"
    # Classes, Glossary, Seed pairs
    "search|wall_page|term|words|"
    # Interpolation
    r"prompts|prompt_\d|steps|through|shape|even|corner_\d|edge|size|and_back|"
    # Latent spaces
    "layout|dims|colour|groups|sentences|pins|compared|compared_encoder|n_neighbors|min_dist|metric|mapped_by|drawn_in|"
    "left|right|bottom|top|classes|focus|camera|morph|show|"
    # Mapping error
    "named|order|other|trait|tree|"
    # Runs
    r"first_run|second_run|only_\w+|sorted_by|held_out|random_runs|layers|poolings|mappings|encoders|spaces|runs_split"
)
_UNCHECKED, _PROBLEMS, _PAGE, _APP_RUN = "link_unchecked", "link_problems", "link_page", "link_app_run"
_KEPT = "link_kept"


@dataclass(frozen=True)
class Matching:
    """Values of a query parameter that a predicate accepts; ``description`` completes the message "it can be ..."."""

    accepts: Callable[[str], bool]
    description: str


def one_of(options: Sequence[str]) -> Matching:
    """One of several options."""
    named, more = ", ".join(options[:MAX_CHOICES_NAMED]), len(options) - MAX_CHOICES_NAMED
    return Matching(options.__contains__, f"{named} or one of {more:,} more" if more > 0 else named)


def number_between(kind: type, low: float, high: float) -> Matching:
    """A number in a range."""

    def accepts(value: str) -> bool:
        try:
            return low <= kind(value) <= high  # NaN compares false
        except ValueError:
            return False

    return Matching(accepts, f"{low:,} to {high:,}")


def text_up_to(max_chars: int | None) -> Matching:
    """Any text, up to a maximum length if there is one."""
    if max_chars is None:
        return Matching(lambda _: True, "any text")
    return Matching(lambda value: len(value) <= max_chars, f"a text of at most {max_chars:,} characters")


SWITCH = one_of(("true", "false"))


def begin(page: str) -> None:
    """Begin a run of the whole app; on a visitor's first run, remember the query parameters to check."""
    state = st.session_state
    if _PAGE not in state:
        state[_PAGE], state[_PROBLEMS] = page, []
        # Streamlit's own parameters, such as embed, are not in st.query_params.
        asked = {name: st.query_params.get_all(name) for name in st.query_params}
        state[_UNCHECKED] = {name: values for name, values in asked.items() if PARAMETER.fullmatch(name)}
        if unknown := [repr(name[:MAX_SHOWN]) for name in asked if name not in state[_UNCHECKED]]:
            named = first_of(unknown, MAX_CHOICES_NAMED)
            state[_PROBLEMS].append(f"The link asks for {named}, which no page knows.")
    elif state[_PAGE] != page:  # the parameters were another page's
        state[_PROBLEMS], state[_UNCHECKED] = [], {}
    for name in state.pop(_KEPT, ()):
        state[name] = state[name]  # a value that is set is written into the address
    state[_APP_RUN] = True


def keep_sidebar() -> None:
    """Keep the sidebar's parameters in the address of the page that the script goes to.

    Streamlit drops all, and takes none anew that a widget is bound to.
    """
    # An address may name what the sidebar has no widget for, such as an encoder beside the bundled models.
    names = [name for name in SIDEBAR if name in st.query_params and name in st.session_state]
    st.session_state[_KEPT] = names


def end() -> None:
    """End a run of the whole app; later runs are fragments."""
    st.session_state[_APP_RUN] = False


def show_problems(top: DeltaGenerator) -> None:
    """Show at the top of the page which query parameters were not accepted so far."""
    if problems := st.session_state[_PROBLEMS]:
        top.warning("  \n".join(map(plain, problems)), icon=":material/link_off:")


def bound(widget: Callable[..., Any], *args: Any, key: str, **kwargs: Any) -> Any:
    """Widget whose value is the query parameter of its key; its arguments define the accepted values.

    Parameters
    ----------
    widget : callable
        Such as ``st.slider`` or ``column.selectbox``; called with the other arguments.
    key : str
        One that ``PARAMETER`` matches.

    Raises
    ------
    LookupError
        For another key: a link with it would be reported as unknown.
    """
    if not PARAMETER.fullmatch(key):
        raise LookupError(f"PARAMETER names what an address may hold; {key!r} is missing there.")
    if is_asked_for(key):
        arguments = inspect.signature(widget).bind_partial(*args, **kwargs).arguments
        check(key, accepted_by(widget.__name__, arguments))
    return widget(*args, key=key, bind="query-params", **kwargs)


def is_asked_for(name: str) -> bool:
    """Whether the URL has this parameter and its value has not been checked yet."""
    return name in st.session_state.get(_UNCHECKED, ())


def check(name: str, accepted: Matching) -> None:
    """Record a problem if the URL has a value of this parameter that is not accepted."""
    values = st.session_state.get(_UNCHECKED, {}).pop(name, [])
    bad = next((value for value in values if not accepted.accepts(value)), None)
    if bad is None:
        return
    st.session_state[_PROBLEMS].append(
        f"The link asks for the {name} {bad[:MAX_SHOWN]!r}; it can be {accepted.description}."
    )
    if not st.session_state[_APP_RUN]:  # the warning is outside of the fragment that runs
        st.rerun()


def link() -> str:
    """Query string that restores what the page shows."""
    return urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])


def parameters_of(text: str) -> str:
    """Sanitise a query string from a file, as from :func:`link`: only parameters are left.

    Examples
    --------
    >>> parameters_of("javascript:alert(1)//&a=1&b=")
    'javascript%3Aalert%281%29%2F%2F=&a=1&b='
    """
    return urlencode(parse_qsl(text, keep_blank_values=True))


def accepted_by(widget: str, arguments: dict[str, Any]) -> Matching:
    """Query values that the widget of this name accepts, given its arguments by name."""
    if widget in ("slider", "number_input"):
        low, high = arguments["min_value"], arguments["max_value"]
        return number_between(int if isinstance(low, int) and isinstance(high, int) else float, low, high)
    if widget in ("toggle", "checkbox"):
        return SWITCH
    if widget in ("text_input", "text_area") or arguments.get("accept_new_options"):
        return text_up_to(arguments.get("max_chars"))
    if widget in ("selectbox", "select_slider", "segmented_control", "pills", "radio", "multiselect", "tabs"):
        label = arguments.get("format_func", str)
        return one_of([label(option) for option in arguments["tabs" if widget == "tabs" else "options"]])
    raise TypeError(f"What {widget!r} takes from an address is not known here.")
