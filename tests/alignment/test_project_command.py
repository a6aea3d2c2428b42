"""The command project, with a search that is done already."""

import json
from argparse import Namespace
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from alignment.commands import project
from alignment.dictionary.classes import ClassTable
from alignment.errors import InputError
from alignment.images.inversion import Inversion


@pytest.fixture
def arguments(tmp_path):
    Image.new("RGB", (20, 20)).save(tmp_path / "mine.png")
    settings = {
        "file": tmp_path / "mine.png",
        "output": tmp_path / "found.npz",
        "class_embeddings": None,
        "json": False,
    }
    return Namespace(**settings, steps=1, truncation=0.4, top=1, mapping="ridge")


@pytest.fixture
def search(monkeypatch):
    """What the search finds; a test may put another inversion at its first place."""

    def no_sentence(vector, mapping):
        raise InputError("No seed sentence names a class near this point.")

    found = [Inversion(np.zeros(3), np.ones(2), np.zeros((16, 16, 3), np.uint8), 2.0, 0, 9.0)]
    study = SimpleNamespace(
        generator=SimpleNamespace(pixels=16),
        pictures=SimpleNamespace(invert=lambda *_, **__: found[0]),
        nearest_to=lambda *_, **__: pd.DataFrame({"prompt": [""], "class": [0], "name": ["lemon"]}),
        classes=ClassTable([951]),
        nearest_sentence=no_sentence,
    )
    monkeypatch.setattr(project, "settings_of", lambda _: None)
    monkeypatch.setattr(project, "open_study", lambda *_, **__: study)
    return found


def test_without_a_nearest_sentence_all_else_is_shown(search, arguments, capsys):
    project.project(arguments)
    said = capsys.readouterr().out
    assert "lemon" in said and said.endswith("nearest sentence: No seed sentence names a class near this point.\n")
    with np.load(arguments.output) as saved:
        assert sorted(saved) == ["noise", "original", "picture", "vector"]


def test_json_is_all_that_standard_output_holds(search, arguments, capsys):
    arguments.json = True
    project.project(arguments)
    said = capsys.readouterr()
    assert json.loads(said.out)["error"] == 2.0 and said.err.startswith(f"{arguments.output}: differs by 2.0 of 255")


@pytest.mark.parametrize(("error", "steps", "is_said"), [(41.0, 40, True), (20.0, 40, False), (41.0, 0, False)])
def test_a_picture_that_cannot_be_drawn_is_said_to_be_so(error, steps, is_said, search, arguments, capsys):
    search[0], arguments.steps = replace(search[0], error=error), steps
    project.project(arguments)
    assert ("The generator cannot draw this picture" in capsys.readouterr().err) == is_said


@pytest.mark.parametrize("top", [0, -1])
def test_a_number_of_classes_is_checked_before_the_search(arguments, top):
    arguments.top = top
    with pytest.raises(InputError, match="--top must be a whole number of at least 1"):
        project.project(arguments)
