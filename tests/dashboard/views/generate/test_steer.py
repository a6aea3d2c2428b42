"""The tab Steer: what its sliders are called, and what is saved of them with a picture."""

from types import SimpleNamespace

import numpy as np
import pytest

from dashboard.views.generate import steer


def test_a_direction_leads_from_the_classes_on_its_left_to_those_on_its_right(monkeypatch):
    sliders = []
    monkeypatch.setattr(steer, "bound", lambda widget, label, *_, help, **__: sliders.append((label, help)) or 0.0)
    along = SimpleNamespace(low=[[0], [2]], high=[[1, 2], [0]], shares=[0.25, 0.125])
    study = SimpleNamespace(classes=SimpleNamespace(labels=["fox", "boat", "ship"]), directions=along)
    assert steer.along_directions(study) == [0.0, 0.0]
    assert [label.replace("\\", "") for label, _ in sliders] == ["fox ↔ boat, ship", "ship ↔ fox"]
    assert ["25%" in sliders[0][1], "12%" in sliders[1][1]] == [True, True]


@pytest.mark.parametrize(("against", "saved"), [("a dog", 1.5), ("", 0.0)])
def test_what_steers_a_picture_is_saved_with_it(monkeypatch, against, saved):
    monkeypatch.setattr(steer, "bound", lambda *_, **__: steer.STARTS[1])
    monkeypatch.setattr(steer, "mix_of_classes", lambda study: {2: 0.5, 0: 1.0})
    monkeypatch.setattr(steer, "along_directions", lambda study: [0.0, -2.0])
    monkeypatch.setattr(steer, "negative_sentence", lambda study: (against, 1.5))
    study = SimpleNamespace(
        classes=SimpleNamespace(labels=["fox", "boat", "ship"]),
        class_vectors=np.eye(3),
        steer=lambda point, **how: (point.tolist(), how),
    )
    request = SimpleNamespace(study=study, point=lambda prompt: f"point of {prompt}")
    (point, how), steering = steer.steered(request)
    np.testing.assert_allclose(point, [[2 / 3, 0, 1 / 3]])
    assert how == {"amounts": [0.0, -2.0], "against": "point of a dog" if against else None, "strength": 1.5}
    assert steering == {
        "mix": {"ship": 0.5, "fox": 1.0}, "directions": [0.0, -2.0], "negative": against, "strength": saved,
    }  # fmt: skip
