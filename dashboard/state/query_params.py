"""Values that a page takes from its address.

Streamlit's bound widgets put their values into the address and take them from it; a value that a widget cannot take
they drop without a word. Here each widget says, where it is defined, what it takes, and the visitor is told what the
address asked for in vain.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.components.markdown import plain

MAX_CHOICES_NAMED = 20
MAX_SHOWN = 60  # characters of what an address says
# All that addresses of the pages may hold, so that others can be told; what a page does not show at first, as it is in
# another of its tabs, is no mistake.
PARAMETER = re.compile(
    # the sidebar
    "pair|encoder|generator|class_file|layer|pooling|mapping|device|own_seeds|"
    # several pages
    "answers|chart_format|class|figure|group|kinds|measure|noise|search|section|snap|split|tab|truncation|"
    # Lesson
    "step|first|second|sentence|change|pairs_of|amount|bend|guess|between|failure|"
    # Generate
    r"prompt|count|compare|against|others|start|mix|weight_\d+|direction_\d+|negative|strength|trail|effort|list|drawn_list|"
    # Classes, Glossary
    "wall_page|term|"
    # Interpolation
    r"prompts|prompt_\d|steps|through|shape|even|corner_\d|edge|size|and_back|"
    # Latent spaces
    "layout|dims|colour|groups|sentences|pins|compared|compared_encoder|n_neighbors|min_dist|metric|mapped_by|drawn_in|"
    "left|right|bottom|top|classes|focus|camera|morph|show|"
    # Mapping error
    "order|other|trait|tree|"
    # Runs
    r"first_run|second_run|only_\w+|sorted_by|held_out|random_runs|layers|poolings|mappings|encoders|spaces|runs_split"
)
_UNCHECKED, _PROBLEMS, _PAGE, _APP_RUN = "link_unchecked", "link_problems", "link_page", "link_app_run"


class Accepted(Protocol):
    """What a query parameter may be."""

    @property
    def description(self) -> str:
        """As said to a visitor after "it can be"."""

    def accepts(self, value: str) -> bool: ...


@dataclass(frozen=True)
class Choice:
    """One of several words."""

    options: tuple[str, ...]

    @property
    def description(self) -> str:
        named = ", ".join(self.options[:MAX_CHOICES_NAMED])
        more = len(self.options) - MAX_CHOICES_NAMED
        return f"{named} or one of {more:,} more" if more > 0 else named

    def accepts(self, value: str) -> bool:
        return value in self.options


@dataclass(frozen=True)
class Number:
    """A number in a range."""

    kind: type
    low: float
    high: float

    @property
    def description(self) -> str:
        return f"{self.low:,} to {self.high:,}"

    def accepts(self, value: str) -> bool:
        try:
            return self.low <= self.kind(value) <= self.high  # NaN compares false
        except ValueError:
            return False


@dataclass(frozen=True)
class Text:
    """Any text up to a length."""

    max_chars: int | None

    @property
    def description(self) -> str:
        return f"a text of at most {self.max_chars:,} characters"

    def accepts(self, value: str) -> bool:
        return self.max_chars is None or len(value) <= self.max_chars


@dataclass(frozen=True)
class Matching:
    """A text that passes a check of its own."""

    check: Callable[[str], bool]
    description: str

    def accepts(self, value: str) -> bool:
        return self.check(value)


SWITCH = Choice(("true", "false"))


def begin(page: str) -> None:
    """Begin a run of the whole app: on a visitor's first, remember what the address of this page asks for."""
    state = st.session_state
    if _PAGE not in state:
        state[_PAGE], state[_PROBLEMS] = page, []
        # Streamlit's own, such as embed, are not among them.
        asked = {name: st.query_params.get_all(name) for name in st.query_params}
        state[_UNCHECKED] = {name: values for name, values in asked.items() if PARAMETER.fullmatch(name)}
        if unknown := [repr(name[:MAX_SHOWN]) for name in asked if name not in state[_UNCHECKED]]:
            more = len(unknown) - MAX_CHOICES_NAMED
            named = ", ".join(unknown[:MAX_CHOICES_NAMED]) + (f" and {more:,} more" if more > 0 else "")
            state[_PROBLEMS].append(f"The link asks for {named}, which no page knows.")
    elif state[_PAGE] != page:  # the address was another page's
        state[_PROBLEMS], state[_UNCHECKED] = [], {}
    state[_APP_RUN] = True


def end() -> None:
    """End a run of the whole app; what runs from now on are fragments."""
    st.session_state[_APP_RUN] = False


def show_problems(top: DeltaGenerator) -> None:
    """Say at the top of the page which values of the address are not accepted, as far as that is known."""
    if problems := st.session_state[_PROBLEMS]:
        top.warning("  \n".join(map(plain, problems)), icon=":material/link_off:")


def bound(widget: Callable[..., Any], *args: Any, key: str, **kwargs: Any) -> Any:
    """A widget whose value stands in the address under its key; its arguments say what it takes from there.

    Parameters
    ----------
    widget : callable
        Such as ``st.slider`` or ``column.selectbox``; called with the other arguments.
    key : str
        One of ``PARAMETER``.

    Raises
    ------
    LookupError
        For another key: a link that holds it would be called a mistake.
    """
    if not PARAMETER.fullmatch(key):
        raise LookupError(f"PARAMETER names what an address may hold; {key!r} is missing there.")
    if is_asked_for(key):
        arguments = inspect.signature(widget).bind_partial(*args, **kwargs).arguments
        check(key, accepted_by(widget.__name__, arguments))
    return widget(*args, key=key, bind="query-params", **kwargs)


def is_asked_for(name: str) -> bool:
    """Whether the address asks for this parameter, and nobody has looked at what it says."""
    return name in st.session_state.get(_UNCHECKED, ())


def check(name: str, accepted: Accepted) -> None:
    """Note a problem if the address has a value for this parameter that is not accepted."""
    values = st.session_state.get(_UNCHECKED, {}).pop(name, [])
    bad = next((value for value in values if not accepted.accepts(value)), None)
    if bad is None:
        return
    st.session_state[_PROBLEMS].append(
        f"The link asks for the {name} {bad[:MAX_SHOWN]!r}; it can be {accepted.description}."
    )
    if not st.session_state[_APP_RUN]:  # a fragment runs by itself, and the place of the warning is outside of it
        st.rerun()


def link() -> str:
    """The query string that brings back what the page shows."""
    return urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])


def parameters_of(text: str) -> str:
    """A query string from a file, such as :func:`link` gives, of which nothing but parameters is left.

    Examples
    --------
    >>> parameters_of("javascript:alert(1)//&a=1&b=")
    'javascript%3Aalert%281%29%2F%2F=&a=1&b='
    """
    return urlencode(parse_qsl(text, keep_blank_values=True))


def accepted_by(widget: str, arguments: dict[str, Any]) -> Accepted:
    """What the widget of this name takes from the address, given its arguments by name."""
    if widget in ("slider", "number_input"):
        low, high = arguments["min_value"], arguments["max_value"]
        return Number(int if isinstance(low, int) and isinstance(high, int) else float, low, high)
    if widget in ("toggle", "checkbox"):
        return SWITCH
    if widget in ("text_input", "text_area") or arguments.get("accept_new_options"):
        return Text(arguments.get("max_chars"))
    if widget in ("selectbox", "select_slider", "segmented_control", "pills", "radio", "multiselect", "tabs"):
        label = arguments.get("format_func", str)
        return Choice(tuple(label(option) for option in arguments["tabs" if widget == "tabs" else "options"]))
    raise TypeError(f"What {widget!r} takes from an address is not known here.")
