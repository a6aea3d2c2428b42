"""Linked scatter plots as a Streamlit component, and the exchange of selections between browser and script."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard.components.es_modules import join_modules
from dashboard.components.linked_scatter.scene import Scene, as_json

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Selection:
    """Rows of the selected classes, and of the one whose card is open."""

    selected: tuple[int, ...] = ()
    focused: int | None = None


@dataclass(frozen=True)
class _Sent:
    """A selection sent to the browser, and the time of the browser's last report before it."""

    token: str
    selection: Selection
    reported_at: int | None


def show(scene: Scene, *, key: str, height: int = 420, on_change: Callable[[], None] | None = None) -> None:
    """Put linked scatter plots on the page.

    A selection is drawn in the browser at once and reported when the mouse button is released. In ``on_change``, read
    it with :func:`reported_selection`, store it, and pass it as ``scene.selected`` and ``scene.focused`` from then on.
    If these differ from the report (after a search, or from a link), the browser shows these.

    Parameters
    ----------
    height : int
        Of a pane, in pixels, at most; a pane is lower in a narrow window, and where the points lie in a wide strip.
    on_change : callable
        Called after the visitor selected something, before the script runs again.
    """
    packed = as_json(scene)
    data = {
        "key": key,
        "id": hashlib.sha256(packed.encode()).hexdigest()[:16],
        "scene": packed,
        "height": height,
        "selection": _selection_to_send(key, Selection(tuple(map(int, scene.selected)), scene.focused)),
    }
    css = (HERE / "linked_scatter.css").read_text(encoding="utf-8")
    component = st.components.v2.component("linked_scatter", css=css, js=join_modules(HERE / "js/streamlit.js"))
    component(key=key, data=data, on_selection_change=on_change or (lambda: None))


def reported_selection(key: str) -> Selection:
    """The visitor's last selection in the plots of this key; to be read in ``on_change``."""
    return _last_report(key)[1]


def _last_report(key: str) -> tuple[int | None, Selection]:
    """Time of the browser's last report, None before the first, and its selection."""
    report = st.session_state.get(key, {}).get("selection")
    if not report:
        return None, Selection()
    return report["reportedAt"], Selection(tuple(report["selected"]), report["focused"])


def _selection_to_send(key: str, wanted: Selection) -> dict:
    """Selection for the browser, with a new token only if the browser shows another one.

    The browser applies a selection only if its token is new. A visitor's own selection is sent back with the old
    token: it is not applied again, and does not undo what was selected meanwhile.
    """
    reported_at, reported = _last_report(key)
    last: _Sent | None = st.session_state.get(f"{key}_sent")
    if last is None or (reported_at is None and last.reported_at is not None):
        shown = None  # plots newly put on the page
    else:
        shown = last.selection if reported_at == last.reported_at else reported
    if last is None or wanted != shown:
        last = st.session_state[f"{key}_sent"] = _Sent(uuid.uuid4().hex, wanted, reported_at)
    return {"token": last.token, "selected": list(last.selection.selected), "focused": last.selection.focused}
