"""Recipes, pasted, give what the page shows."""

import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from alignment.__main__ import main
from alignment.commands.evaluate import SHOWN_FIGURES
from alignment.evaluation.metrics import shown_figure
from alignment.images.drawing_settings import DrawingSettings
from alignment.images.picture_files import grid
from alignment.interpolation.paths import InterpolationSettings
from alignment.mappings import DEFAULT_MAPPING
from alignment.study import Settings, code_snippets
from dashboard.views.mapping_error.data import HEADLINE

OWN = Settings(encoder="my encoder", layer=2, pooling="last", class_embeddings="my space.npy", seeds="seeds.csv")
PROMPT = 'the king\'s "cat" $HOME; rm -rf ~'


def parsed(code, monkeypatch):
    """The options that the command line reads from a snippet."""
    found = []
    for name in ("generate", "nearest", "interpolate", "evaluate"):
        monkeypatch.setattr(f"alignment.commands.command_line.{name}", found.append)
    words = shlex.split(code.command)
    assert words[:3] == ["python", "-m", "alignment"] and main(words[3:]) == 0
    return found[0]


@pytest.mark.parametrize("prompt", [PROMPT, "-5 cats", "ein Käfig"])
def test_the_command_line_reads_what_was_chosen(monkeypatch, prompt):
    read = parsed(code_snippets.nearest_code(OWN, "ridge", prompt, top=7), monkeypatch)
    assert (read.prompt, read.mapping, read.top) == (prompt, "ridge", 7)
    assert (read.encoder, read.layer, read.pooling) == ("my encoder", 2, "last")
    assert (read.class_embeddings, read.seeds) == ("my space.npy", "seeds.csv")
    drawing = DrawingSettings(0.5, 9, 0.25)
    read = parsed(code_snippets.pictures_code(Settings(), "ridge", prompt, count=3, drawing=drawing), monkeypatch)
    assert (read.prompt, read.count, read.truncation, read.seed, read.snap) == (prompt, 3, 0.5, 9, 0.25)
    settings = InterpolationSettings((prompt, "a fox"), "ridge", 5, "text", "spherical", True, drawing, ("lemon",))
    read = parsed(code_snippets.interpolation_code(Settings(), settings, size=512, and_back=True), monkeypatch)
    assert (read.through, read.size, read.and_back) == (["lemon"], 512, True)
    assert (tuple(read.prompts), read.steps, read.space) == (settings.prompts, 5, "text")
    assert (read.shape, read.even, read.mapping, read.seed) == ("spherical", True, "ridge", 9)
    of_matrix = code_snippets.interpolation_code(OWN, replace(settings, even=False))
    assert parsed(of_matrix, monkeypatch).output == Path("interpolation.npz")
    assert 'Path("interpolation.npz").write_bytes(to_npz(path))' in of_matrix.python
    read = parsed(code_snippets.evaluation_code(OWN, "ridge", "sentences"), monkeypatch)
    assert (read.mapping, read.split, read.layer) == ("ridge", "sentences", 2)


@pytest.mark.parametrize("models", [Settings(), OWN, Settings(generator="biggan-deep-256")])
def test_the_python_names_the_same_models(models):
    line = next(
        line for line in code_snippets.evaluation_code(models, "ridge", "classes").python.splitlines() if "=" in line
    )
    names = {"Settings": Settings, "Study": lambda settings: settings}
    exec(line, names)
    assert names["study"] == models


def test_pasted_python_and_command_print_the_headline_figures(study, capsys):
    summary = study.evaluations.evaluate("ridge").summary()
    code = code_snippets.evaluation_code(study.settings, "ridge", "classes")
    exec(code.python, {})
    printed = capsys.readouterr().out
    assert all(f"\n{key} " in printed and f" {summary[key]:.6f} " in printed for key in HEADLINE)
    assert main(shlex.split(code.command)[3:]) == 0
    printed = capsys.readouterr().out
    assert all(SHOWN_FIGURES[key] in printed and f" {shown_figure(key, summary[key])} " in printed for key in HEADLINE)


def test_pasted_python_and_command_draw_the_pages_pictures(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    drawing = DrawingSettings(0.3, 5, 0.5)
    code = code_snippets.pictures_code(study.settings, DEFAULT_MAPPING, "I have a cat", count=2, drawing=drawing)
    expected = grid(study.generate(["I have a cat"], DEFAULT_MAPPING, count=2, drawing=drawing)[0])
    for paste in (lambda: exec(code.python, {}), lambda: main(shlex.split(code.command)[3:])):
        paste()
        assert (np.asarray(Image.open("pictures.png")) == expected).all()
        Path("pictures.png").unlink()
