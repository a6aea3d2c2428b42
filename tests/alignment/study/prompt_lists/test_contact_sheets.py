"""Lists of prompts: read, drawn, shown on a contact sheet; from the command line too."""

import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from alignment.__main__ import main
from alignment.dictionary.prompts import read_prompts
from alignment.errors import InputError
from alignment.images.drawing_settings import DrawingSettings
from alignment.mappings import DEFAULT_MAPPING
from alignment.study.prompt_lists.contact_sheets import contact_sheet
from alignment.study.prompt_lists.drawn_prompts import SHEET_PROMPTS, DrawnPrompt, draw_prompts
from alignment.study.prompt_lists.prompt_lists import MAX_PROMPTS

DRAWING = DrawingSettings(noise_seed=3)


@pytest.fixture
def items():
    picture = np.full((64, 64, 3), 200, np.uint8)
    return [
        DrawnPrompt("a cat", picture, "tabby cat", 0.9),
        DrawnPrompt("?", refused="no word"),
        DrawnPrompt("../../x" * 30, picture),
    ]


def test_each_prompt_is_drawn_as_by_generate(study):
    reports = []
    found = draw_prompts(
        study,
        ["a lemon", "🙂", "a dog"],
        DEFAULT_MAPPING,
        progress=lambda *r: reports.append(r[1:]),
        drawing=DRAWING,
    )
    assert reports == [(1, 3), (2, 3), (3, 3)]
    assert found[0].confidence_text == f"confidence {found[0].confidence:.2f}" and found[0].confidence > 0.8
    assert found[0].nearest == "lemon" and "none of the words" in found[1].refused
    alone = study.generate(["a dog"], drawing=DRAWING)[0, 0]
    assert (found[2].picture == alone).all() and found[1].picture is None


@pytest.mark.parametrize("count", [0, SHEET_PROMPTS + 1])
def test_a_contact_sheet_has_a_limited_number_of_prompts(count):
    with pytest.raises(InputError, match=str(SHEET_PROMPTS)):
        draw_prompts(None, ["a"] * count, "ridge", drawing=DRAWING)


def test_an_exception_of_progress_ends_the_work(study):
    def stop(*report):
        raise InputError("Stopped.")

    with pytest.raises(InputError, match="Stopped"):
        draw_prompts(study, ["a cat", "a dog"], DEFAULT_MAPPING, progress=stop, drawing=DRAWING)


def test_a_contact_sheet_holds_all_pictures(items):
    sheet = contact_sheet(items)
    assert sheet.shape == (128 + 49, 2 * 128 + 8, 3)
    assert (sheet[60, 60] == 200).all() and sheet[135:].min() < 100  # the picture, and words beneath it
    with pytest.raises(InputError, match="no word"):
        contact_sheet(items[1:2])


@pytest.mark.parametrize("content", [b"animal\na\n", b"prompt\n", b"", b"\xff\xfe\x00prompt", b'prompt\n"a'])
def test_a_file_without_prompts_is_refused(content):
    with pytest.raises(InputError, match="mine"):
        read_prompts(content, "mine")


def test_a_text_without_a_header_is_a_prompt_a_line():
    table = read_prompts(b'a boat, at sea\n\n"quoted" cat; dog\n\'=1+1\n', "mine.txt")
    cells = [(row.line, row.cells["prompt"]) for row in table.rows]
    assert cells == [(1, "a boat, at sea"), (3, '"quoted" cat; dog'), (4, "=1+1")]
    assert "every line is read as a prompt" in table.notes[0]
    for header in ("prompt\ta", "sep=;\nprompt;a", "Caption|a", "text"):
        with_header = read_prompts(f"{header}\na boat\n".encode(), "mine.txt")
        assert [row.cells["prompt"] for row in with_header.rows] == ["a boat"]
        assert not any("every line" in note for note in with_header.notes)


def test_a_text_of_cells_between_tabs_is_a_prompt_a_line():
    """Flickr8k.token.txt: names of pictures are no part of its captions."""
    lines = b'1_a.jpg#0\tA child in a pink dress .\n1_a.jpg#1\tA girl \n\n2.jpg#0\ta "dog"\n3.jpg\n'
    table = read_prompts(lines, "mine.token.txt")
    assert [row.cells["prompt"] for row in table.rows] == ["A child in a pink dress .", "A girl", 'a "dog"']
    assert [str(one) for one in table.refused] == ["line 5: the line has 1 cell separated by tabs, and most have 2."]
    assert "2 cells separated by tabs; column 2, the one of sentences, is read as the prompts" in table.notes[0]
    assert [row.cells["prompt"] for row in read_prompts(b"a cat\nred\tcar\na dog\n", "mine.txt").rows][1] == "red\tcar"
    listed = read_prompts(b"0\ta cat\n1\t['a dog', 'a fox']\nred car\ta boat\n3\tan oak\n", "mine.txt")
    assert [row.line for row in listed.rows] == [1, 3, 4] and "is a list" in listed.refused[0].reason
    quoted = read_prompts(b'"a cat"\t"281"\n""\t"0"\n"a ""dog"""\t"207"\n', "mine.txt")  # as R writes it
    assert [row.cells["prompt"] for row in quoted.rows] == ["a cat", "", 'a "dog"']
    for unclear in (b"a cat\ta dog\nan oak\ta fox\n", b"cat\tdog\n"):
        with pytest.raises(InputError, match="2 cells separated by tabs, and which of them is the prompt is not clear"):
            read_prompts(unclear, "mine.txt")


def test_the_command_line_draws_a_list(study, tmp_path, capsys):
    (tmp_path / "in.csv").write_text("prompt\na lemon\n🙂\na dog\n")
    command = ["generate", "--prompts", str(tmp_path / "in.csv"), "--seed", "3", "--output"]
    assert main([*command, str(tmp_path / "sheet.png")]) == 0
    assert main([*command, str(tmp_path / "all.zip")]) == 0
    assert "2 of 3 prompts" in capsys.readouterr().out
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        dog = np.asarray(Image.open(archive.open("003_a_dog.png")))
        assert json.loads(archive.read("settings.json"))["noise_seed"] == 3
    assert (dog == study.generate(["a dog"], drawing=DRAWING)[0, 0]).all()
    with Image.open(tmp_path / "sheet.png") as sheet:
        side = study.generator.pixels
        assert sheet.size == (2 * side + 8, side + 49)


@pytest.mark.parametrize("output", ["sheet.png", "all.zip"])
def test_the_command_line_refuses_too_many_prompts_before_a_study_is_built(tmp_path, capsys, monkeypatch, output):
    monkeypatch.setattr("alignment.commands.prompts.open_study", lambda *_, **__: pytest.fail("minutes"))
    (tmp_path / "in.txt").write_text("a lemon\n" * (MAX_PROMPTS + 1))
    assert main(["generate", "--prompts", str(tmp_path / "in.txt"), "--output", str(tmp_path / output)]) == 2
    assert "holds 1 to" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["a cat", "--prompts", "x.csv"], ["--prompts", "nowhere.csv"]])
def test_the_command_line_wants_one_kind_of_prompt(arguments, capsys):
    assert main(["generate", *arguments]) == 2
    assert "error:" in capsys.readouterr().err
