"""What the charts of Interpolation are given: curves by space, and classes by name."""

from types import SimpleNamespace

import pytest

from alignment.dictionary.classes import ClassTable
from dashboard.views.interpolation import data

CLASSES = ClassTable([281, 282, 0, 134])


def test_each_curve_is_placed_in_its_space_under_its_own_name(monkeypatch):
    def axes(space):
        return SimpleNamespace(points=f"classes in {space}", place=lambda curve: f"{curve} in {space}")

    layout = {space: axes(space) for space in ("text", "class")}
    study = SimpleNamespace(projections=SimpleNamespace(principal_axes=lambda: layout))
    monkeypatch.setattr(data.studies, "watched", lambda study, key, task, **_: task(None))
    paths = {
        space: SimpleNamespace(text_curve=f"sentences of {space}", curve=f"points of {space}")
        for space in ("text", "class", "noise")
    }
    assert data.curves_among_classes(study, paths) == {
        "text": ("classes in text", {"text": "sentences of text in text"}),
        "class": ("classes in class", {"text": "points of text in class", "class": "points of class in class"}),
    }


@pytest.mark.parametrize(
    ("asked", "found", "missing"),
    [
        (["282", "tabby"], ["tiger cat", "tabby cat"], []),
        (["n02123045", "281"], ["tabby cat"], []),
        (["goblin", "tench", "281"], ["tabby cat"], ["goblin", "tench"]),
    ],
    ids=["in their order", "each once", "those that have no sentences are missing"],
)
def test_classes_on_the_way_are_known_by_any_name(asked, found, missing):
    study = SimpleNamespace(classes=CLASSES)
    assert data.named_here(study, asked, ["tabby cat", "tiger cat"]) == (found, missing)
