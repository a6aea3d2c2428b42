"""When a selection is sent to the browser again, and what a page shows."""

import json

from streamlit.testing.v1 import AppTest

from dashboard.components.linked_scatter import Selection, component


def test_a_selection_is_sent_only_when_the_browser_shows_another(monkeypatch):
    state = {}
    monkeypatch.setattr(component.st, "session_state", state)

    def report(at, *rows):
        state["v"] = {"selection": {"selected": list(rows), "focused": None, "reportedAt": at}}

    def token(*rows):
        sent = component._selection_to_send("v", Selection(rows))
        return sent["token"]

    first = token(1)
    assert token(1) == first, "the same again"
    report(10, 4, 5)
    assert component.reported_selection("v") == Selection((4, 5))
    assert token(4, 5) == first, "what the browser already shows"
    search = token(7)
    assert search != first, "another selection of the page's wins"
    assert token(7) == search
    report(11, 4, 5)  # as reported before the search, so distinguished by its time alone
    assert token(4, 5) == search
    assert token(7) not in (first, search), "the search once more"
    del state["v"]  # the visitor went to another page and came back
    back = token(7)
    assert back not in (first, search)
    assert token(7) == back


def app():
    import numpy as np
    import streamlit as st

    from dashboard.components import linked_scatter

    places = np.eye(3)[:, :2]
    rows = st.multiselect("rows", [0, 1, 2], key="rows")
    linked_scatter.show(
        linked_scatter.Scene(
            [linked_scatter.Pane("a", "A")],
            list("xyz"),
            list("ppq"),
            {"a": places},
            linked_scatter.Colour("n", [1, 2, 3]),
            selected=rows,
        ),
        key="scatter",
    )


def test_a_page_shows_a_scene_and_what_it_selects():
    at = AppTest.from_function(app, default_timeout=30).run()
    assert not at.exception

    def sent():
        return json.loads(at.get("bidi_component")[0].proto.json)

    before = sent()
    at.multiselect(key="rows").set_value([2, 1]).run()
    assert not at.exception
    assert sent()["selection"]["selected"] == [2, 1]
    assert sent()["id"] == before["id"], "the selection is no part of the scene"
