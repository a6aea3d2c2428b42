"""What is sent to the browser, and which scenes are refused."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest

from dashboard.components.linked_scatter import Colour, Pane
from dashboard.components.linked_scatter.scene import as_json


def decode(text, dtype="<f4"):
    return np.frombuffer(base64.b64decode(text), dtype)


def test_numbers_arrive_as_they_were(scene):
    sent = json.loads(as_json(scene))
    assert sent["dimensions"] == 2
    for key, values in scene.positions.items():
        np.testing.assert_array_equal(decode(sent["positions"][key]).reshape(3, 2), values.astype("f4"))
    np.testing.assert_array_equal(decode(sent["sentences"]["rows"], "<i4"), [2, 0])
    np.testing.assert_array_equal(decode(sent["colour"]["values"]), np.array([0.5, np.nan, 2], "f4"))
    assert (sent["colour"]["low"], sent["colour"]["high"]) == (0.5, 2.0)
    assert sent["details"] == {"Rank": [1, 2, 3], "Error": [0.5, None, None], "Kind": ["a", "b", "c"]}
    assert sent["pins"][0]["positions"] == {"text": [0.5, 1.0]}
    np.testing.assert_array_equal(decode(sent["neighbours"]["text"]["rows"], "<i4"), [1, 0, -1])
    (contour,) = sent["contours"]["text"]
    assert contour["share"] == 0.5
    np.testing.assert_array_equal(decode(contour["lines"][0]), [0, 0, 1, 0, 0, 0])
    assert sent["panes"][0] == {"key": "text", "title": "Text", "note": "trust 0.9", "frame": "one", "axes": []}


def test_groups_are_numbered_in_the_order_they_appear(scene):
    sent = json.loads(as_json(replace(scene, colour=Colour("Group", scene.groups))))["colour"]
    assert sent["categories"] == ["pet", "wild"]
    np.testing.assert_array_equal(decode(sent["values"]), [0, 0, 1])


def test_an_unknown_category_has_no_number(scene):
    sent = json.loads(as_json(replace(scene, colour=Colour("Own", ["large", None, "small"]))))["colour"]
    assert sent["categories"] == ["large", "small"]
    np.testing.assert_array_equal(decode(sent["values"]), [0, np.nan, 1])


def test_a_class_without_a_place_is_sent_as_unknown(scene):
    places = scene.positions | {"text": np.full((3, 2), np.nan)}
    assert np.isnan(decode(json.loads(as_json(replace(scene, positions=places)))["positions"]["text"])).all()


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
