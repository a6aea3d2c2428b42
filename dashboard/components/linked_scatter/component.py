"""Linked views: several projections of the same classes, side by side or over one another.

What is selected in one is selected in all. A :class:`Scene` is plain data; :func:`show` puts it on a
page, and :func:`as_page` writes it as one HTML file that needs neither server nor network. Both draw with the same
JavaScript in ``js``, which needs no library.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from dashboard.components.linked_scatter.scene import Scene, as_json

HERE = Path(__file__).parent
PARTS = ("points.js", "colours.js", "scene.js", "marks.js", "pane.js", "card.js", "linked.js")


@dataclass(frozen=True)
class Picked:
    """What a visitor picked: rows of classes."""

    selected: tuple[int, ...] = ()
    focused: int | None = None


def show(scene: Scene, *, key: str, height: int = 420, on_change: Callable[[], None] | None = None) -> None:
    """Put linked views on the page.

    A selection is marked in the browser at once and reported when the mouse is released, so ``on_change`` is the place
    to keep it: read it there with :func:`picked`, and hand it back as ``scene.selected``. Where ``scene.selected`` or
    ``scene.focused`` is something else than was reported (a search, a link), it wins.

    Parameters
    ----------
    height : int
        Of a pane, in pixels; a pane in a narrow window is lower.
    on_change : callable
        Called, before the script runs again, when the visitor picked something.
    """
    packed = as_json(scene)
    data = {
        "key": key,
        "id": hashlib.sha256(packed.encode()).hexdigest()[:16],
        "scene": packed,
        "height": height,
        "push": _pushed(key, Picked(tuple(map(int, scene.selected)), scene.focused)),
    }
    component = st.components.v2.component("linked_views", css=_asset("linked_scatter.css"), js=_script())
    component(key=key, data=data, on_picked_change=on_change or (lambda: None))


def picked(key: str) -> Picked:
    """What the visitor last picked in the views of this key; to be read in ``on_change``."""
    return _report(key)[1]


def _report(key: str) -> tuple[int | None, Picked]:
    """When the browser last reported, None before it did, and what."""
    said = st.session_state.get(key, {}).get("picked")
    if not said:
        return None, Picked()
    return said["at"], Picked(tuple(said["selected"]), said["focused"])


def _pushed(key: str, wanted: Picked) -> dict:
    """The selection that the browser is told, with a new token only when it shows another.

    So a visitor's own selection comes back to the browser as what it already has: nothing is sent again, and one made
    meanwhile is not undone.
    """
    at, reported = _report(key)
    last = st.session_state.get(f"{key}_pushed")
    if last is None or (at is None and last["at"] is not None):
        shown = None  # a view newly put on the page
    else:
        shown = last["wanted"] if at == last["at"] else reported
    if wanted != shown:
        last = {"token": uuid.uuid4().hex, "wanted": wanted, "at": at}
        st.session_state[f"{key}_pushed"] = last
    return {"token": last["token"], "selected": list(last["wanted"].selected), "focused": last["wanted"].focused}


def _script() -> str:
    return "\n".join(_asset(f"js/{name}") for name in PARTS)


@cache
def _asset(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def as_page(scene: Scene, title: str) -> str:
    """One HTML file of linked views, with a table of the selected classes beneath; opens without server or network.

    The file forbids itself every request and every script but its own, and nothing of the scene is read as HTML.
    """
    selection = {"token": "file", "selected": list(map(int, scene.selected)), "focused": scene.focused}
    data = {"key": "file", "id": "file", "scene": as_json(scene), "height": 460, "push": selection}
    script = _script() + _asset("js/offline.js")
    style = _asset("exported_page.css") + _asset("linked_scatter.css")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{_policy(script, style)}">
<title>{html.escape(title)}</title>
<style>{style}</style>
</head>
<body>
<h1>{html.escape(title)}</h1>
<div id="views"></div>
<table id="selected"></table>
<script type="application/json" id="data">{json.dumps(data).replace("<", chr(92) + "u003c")}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def _policy(script: str, style: str) -> str:
    """Nothing may run or be fetched but what has one of these hashes, and pictures within the file."""
    seal = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (script, style)]
    return f"default-src 'none'; script-src 'sha256-{seal[0]}'; style-src 'sha256-{seal[1]}'; img-src data:"
