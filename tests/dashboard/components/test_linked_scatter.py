"""What linked views send to the browser, when a selection is sent again, and what the exported file keeps out."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components import linked_scatter as linked
from dashboard.components.linked_scatter import Colour, Pane, Picked, Pin, Scene, Sentences, Thumbnails, component
from dashboard.components.linked_scatter.scene import as_json

HOSTILE = "</script><img src=x onerror=alert(1)><!--"


@pytest.fixture
def scene():
    rng = np.random.default_rng(0)
    return Scene(
        panes=[Pane("text", "Text", "trust 0.9", "one"), Pane("class", "Class", "", "one")],
        names=["cat", "dog", "fox"],
        groups=["pet", "pet", "wild"],
        positions={"text": rng.normal(size=(3, 2)), "class": rng.normal(size=(3, 2))},
        colour=Colour("Error", np.array([0.5, np.nan, 2.0])),
        thumbnails=Thumbnails("data:image/png;base64,AAAA", 2, 32),
        sentences=Sentences(np.array([2, 0]), ["a fox", "a cat"], {"text": rng.normal(size=(2, 2))}),
        pins=[Pin("my cat", 1, {"text": np.array([0.5, 1])}, ["cat"])],
        residuals=("text", "class"),
        details={"Rank": np.array([1, 2, 3]), "Error": [0.5, np.nan, None], "Kind": ["a", "b", "c"]},
        selected=[0, 2],
        focused=2,
    )


def unpack(text, kind="<f4"):
    return np.frombuffer(base64.b64decode(text), kind)


def test_numbers_arrive_as_they_were(scene):
    sent = json.loads(as_json(scene))
    assert sent["dimensions"] == 2
    for key, values in scene.positions.items():
        np.testing.assert_array_equal(unpack(sent["positions"][key]).reshape(3, 2), values.astype("f4"))
    np.testing.assert_array_equal(unpack(sent["sentences"]["rows"], "<i4"), [2, 0])
    np.testing.assert_array_equal(unpack(sent["colour"]["values"]), np.array([0.5, np.nan, 2], "f4"))
    assert (sent["colour"]["low"], sent["colour"]["high"]) == (0.5, 2.0)
    assert sent["details"] == {"Rank": [1, 2, 3], "Error": [0.5, None, None], "Kind": ["a", "b", "c"]}
    assert sent["pins"][0]["positions"] == {"text": [0.5, 1.0]}
    assert sent["panes"][0] == {"key": "text", "title": "Text", "note": "trust 0.9", "frame": "one"}


def test_groups_are_numbered_in_the_order_they_appear(scene):
    sent = json.loads(as_json(replace(scene, colour=Colour("Group", scene.groups))))["colour"]
    assert sent["categories"] == ["pet", "wild"]
    np.testing.assert_array_equal(unpack(sent["values"]), [0, 0, 1])


def test_a_class_without_a_place_is_sent_as_unknown(scene):
    places = scene.positions | {"text": np.full((3, 2), np.nan)}
    assert np.isnan(unpack(json.loads(as_json(replace(scene, positions=places)))["positions"]["text"])).all()


def test_what_does_not_fit_together_is_refused(scene):
    with pytest.raises(ValueError, match="Panes without positions: text"):
        as_json(replace(scene, positions={"class": scene.positions["class"]}))
    with pytest.raises(ValueError, match="All positions must be"):
        as_json(replace(scene, positions=scene.positions | {"text": np.zeros((3, 3))}))
    with pytest.raises(ValueError, match="groups: 2 values for 3 classes"):
        as_json(replace(scene, groups=["pet", "wild"]))
    with pytest.raises(ValueError, match="Rank: 1 values"):
        as_json(replace(scene, details={"Rank": [1]}))
    with pytest.raises(ValueError, match="two panes of one frame"):
        as_json(replace(scene, panes=[Pane("text", "Text"), Pane("class", "Class")]))


def test_a_selection_is_sent_only_when_the_browser_shows_another(monkeypatch):
    state = {}
    monkeypatch.setattr(component.st, "session_state", state)

    def report(at, *rows):
        state["v"] = {"picked": {"selected": list(rows), "focused": None, "at": at}}

    def token(*rows):
        push = component._pushed("v", Picked(rows))
        return push["token"]

    first = token(1)
    assert token(1) == first, "the same again"
    report(10, 4, 5)
    assert linked.picked("v") == Picked((4, 5))
    assert token(4, 5) == first, "what the browser already shows"
    search = token(7)
    assert search != first, "another selection of the page's wins"
    assert token(7) == search
    report(11, 4, 5)  # as reported before the search, so told apart by its time alone
    assert token(4, 5) == search
    assert token(7) not in (first, search), "the search once more"
    del state["v"]  # the visitor went to another page and came back
    back = token(7)
    assert back not in (first, search)
    assert token(7) == back


def app():
    import numpy as np
    import streamlit as st

    from dashboard.components import linked_scatter as linked

    places = np.eye(3)[:, :2]
    rows = st.multiselect("rows", [0, 1, 2], key="rows")
    linked.show(
        linked.Scene(
            [linked.Pane("a", "A")],
            list("xyz"),
            list("ppq"),
            {"a": places},
            linked.Colour("n", [1, 2, 3]),
            selected=rows,
        ),
        key="views",
    )


def test_a_page_shows_a_scene_and_what_it_selects():
    at = AppTest.from_function(app, default_timeout=30).run()
    assert not at.exception

    def sent():
        return json.loads(at.get("bidi_component")[0].proto.json)

    before = sent()
    at.multiselect(key="rows").set_value([2, 1]).run()
    assert not at.exception
    assert sent()["push"]["selected"] == [2, 1]
    assert sent()["id"] == before["id"], "the selection is no part of the scene"


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append(tag)


def test_text_of_users_is_only_data_in_the_exported_file(scene):
    hostile = replace(
        scene,
        names=[HOSTILE, "dog", "fox"],
        groups=[HOSTILE] * 3,
        colour=Colour(HOSTILE, [HOSTILE] * 3),
        pins=[Pin(HOSTILE, 1, {}, [HOSTILE])],
        details={HOSTILE: [HOSTILE] * 3},
        panes=[Pane("text", HOSTILE, HOSTILE, HOSTILE), Pane("class", HOSTILE, "", HOSTILE)],
    )
    page = linked.as_page(hostile, HOSTILE)
    assert Tags(page).found == Tags(linked.as_page(scene, "t")).found
    assert "img" not in Tags(page).found
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])
    assert json.loads(data["scene"])["names"][0] == HOSTILE
    assert data["push"] == {"token": "file", "selected": [0, 2], "focused": 2}


def test_the_exported_file_runs_its_own_script_and_fetches_nothing(scene):
    page = linked.as_page(scene, "t")
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page)[1]
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        text = re.search(rf"<{tag}(?: type=\"module\")?>(.*?)</{tag}>", page, re.S)[1]
        seal = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{rule} 'sha256-{seal}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
