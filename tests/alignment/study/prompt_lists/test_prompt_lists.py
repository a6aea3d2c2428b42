"""Lists of prompts: drawn with resume, read picture by picture, saved in ZIPs of a bounded size, pruned."""

import io
import json
import os
import zipfile

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from alignment.errors import InputError
from alignment.study.prompt_lists import drawn_prompts, prompt_lists
from alignment.study.prompt_lists.prompt_lists import MAX_PROMPTS, kept_lists, new_list, open_list, remove_lists

MADE_WITH = {"mapping": "ridge", "truncation": 0.4, "noise_seed": 3, "snap": 0.7}
PROMPTS = ["a lemon", "🙂", "../../x a dog", *["a cat"] * 9, "a violin"]


def stop(stage, done, total):
    raise InputError("Stopped.")


def test_an_interrupted_list_goes_on_and_is_read_again(study, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="Stopped"):
        new_list(study, PROMPTS, MADE_WITH, tmp_path).draw(study, progress=stop)
    so_far = new_list(study, PROMPTS, MADE_WITH, tmp_path)
    assert so_far.table["number"].tolist() == [1, *range(3, 11)] and so_far.parts() == [range(9)]
    so_far.write_zip(content := io.BytesIO())
    assert "003_x_a_dog.png" in zipfile.ZipFile(content).namelist()
    drawn, reports, own = [], [], drawn_prompts.draw_prompts

    def counted(study, prompts, *rest, **options):
        drawn.extend(prompts)
        return own(study, prompts, *rest, **options)

    monkeypatch.setattr(drawn_prompts, "draw_prompts", counted)
    again = new_list(study, PROMPTS, MADE_WITH, tmp_path)
    table = again.draw(study, progress=lambda *report: reports.append(report[1:]))
    assert drawn == PROMPTS[10:] and reports == [(10, 13), (13, 13)]
    assert table["prompt"].tolist() == PROMPTS and table["number"].tolist() == list(range(1, 14))
    assert [bool(why) for why in table["refused"]] == [prompt == "🙂" for prompt in PROMPTS]
    opened = open_list(again.name, tmp_path)
    assert opened == again and opened.belongs_to(study) and opened.drawing.noise_seed == 3
    items = list(opened.items())
    expected = study.generate(["a violin"], "ridge", drawing=opened.drawing)[0, 0]
    assert (items[-1].picture == expected).all() and items[1].picture is None
    assert items[0].nearest == "lemon" and items[0].nearest_index == 951 and items[1].nearest_index is None
    assert items[0].confidence_text.startswith("confidence")


def test_a_zip_holds_pictures_table_and_settings(study, tmp_path, monkeypatch):
    drawn = new_list(study, PROMPTS[:3], MADE_WITH, tmp_path)
    drawn.draw(study)
    content = io.BytesIO()
    drawn.write_zip(content)
    with zipfile.ZipFile(content) as archive:
        names = archive.namelist()
        assert names == ["001_a_lemon.png", "003_x_a_dog.png", "contact_sheet.png", "prompts.csv", "settings.json"]
        table = pd.read_csv(archive.open("prompts.csv"))
        assert "none of the words" in table["refused"].tolist()[1] and table["file"].tolist()[2] == names[1]
        lemon = study.nearest(PROMPTS[:1], "ridge", top=1).iloc[0]
        assert table["nearest"][0] == lemon["name"] == "lemon"
        assert table["nearest_index"][0] == lemon["index"] and pd.isna(table["nearest_index"][1])
        assert f",{lemon['index']},lemon," in archive.read("prompts.csv").decode()  # no fraction
        assert json.loads(archive.read("settings.json")) == MADE_WITH
        assert np.asarray(Image.open(archive.open(names[0]))).std() > 10
    monkeypatch.setattr(prompt_lists, "ARCHIVE_BYTES", 1)
    assert drawn.parts() == [range(0, 2), range(2, 3)]  # what is refused takes no room
    part = io.BytesIO()
    drawn.write_zip(part, drawn.parts()[1])
    assert zipfile.ZipFile(part).namelist()[:2] == ["003_x_a_dog.png", "contact_sheet.png"]


def test_a_table_that_was_read_before_drawing_is_read_again_after(study, tmp_path):
    drawn = new_list(study, PROMPTS[:3], MADE_WITH, tmp_path)
    assert len(drawn.table) == 0
    assert drawn.draw(study)["prompt"].tolist() == PROMPTS[:3] == drawn.table["prompt"].tolist()


def test_a_list_without_a_picture_is_said(study, tmp_path):
    drawn = new_list(study, ["🙂", "🙂🙂"], MADE_WITH, tmp_path)
    assert all("none of the words" in why for why in drawn.draw(study)["refused"])
    with pytest.raises(InputError, match="None of the prompts"):
        drawn.write_zip(io.BytesIO())


def test_a_blank_prompt_has_a_reason(study, tmp_path):
    table = new_list(study, ["a cat", "", "a dog", " "], MADE_WITH, tmp_path).draw(study)
    assert table["picture"].astype(bool).tolist() == [True, False, True, False]
    assert [why[:21] for why in table["refused"]] == ["", "The sentence is empty"] * 2
    blank = new_list(study, ["", ""], MADE_WITH, tmp_path)
    blank.draw(study)
    with pytest.raises(InputError, match="could be drawn; the first: The sentence is empty"):
        blank.write_zip(io.BytesIO())


def test_a_list_that_was_removed_in_part_is_made_anew(study, tmp_path):
    drawn = new_list(study, PROMPTS[:1], MADE_WITH, tmp_path)
    (drawn.folder / "prompts.parquet").unlink()
    assert new_list(study, PROMPTS[:1], MADE_WITH, tmp_path).draw(study)["picture"].all()


def test_a_list_that_is_removed_in_part_has_lost_its_name(study, tmp_path, monkeypatch):
    first = new_list(study, ["a"], MADE_WITH, tmp_path)
    monkeypatch.setattr(prompt_lists, "LIMIT_BYTES", 1)
    with monkeypatch.context() as stopped:
        stopped.setattr(prompt_lists.shutil, "rmtree", lambda *_, **__: None)
        second = new_list(study, ["b"], MADE_WITH, tmp_path)
    assert [folder for folder, _, _ in kept_lists(tmp_path)] == [second.folder] and not first.folder.exists()
    (left,) = (folder for folder in second.folder.parent.iterdir() if folder != second.folder)
    new_list(study, ["b"], MADE_WITH, tmp_path)
    assert list(second.folder.parent.iterdir()) == [second.folder]
    left.mkdir()
    remove_lists(tmp_path)
    assert not list(second.folder.parent.iterdir())


def test_lists_make_room_for_new_ones(study, tmp_path, monkeypatch):
    first, second = (new_list(study, [prompt], MADE_WITH, tmp_path) for prompt in ("a", "b"))
    os.utime(first.folder / "settings.json", (1, 1))
    monkeypatch.setattr(prompt_lists, "LIMIT_BYTES", 2.5 * kept_lists(tmp_path)[0][1])
    third = new_list(study, ["c"], MADE_WITH, tmp_path)
    assert {folder for folder, _, _ in kept_lists(tmp_path)} == {second.folder, third.folder}
    remove_lists(tmp_path)
    assert not kept_lists(tmp_path) and open_list(second.name, tmp_path) is None


def test_a_list_that_another_process_removes_meanwhile_does_not_keep_the_others(study, tmp_path, monkeypatch):
    drawn, found = new_list(study, ["a"], MADE_WITH, tmp_path), kept_lists(tmp_path)
    monkeypatch.setattr(prompt_lists, "kept_lists", lambda cache: [(tmp_path / "gone", 1, 0.0), *found])
    remove_lists(tmp_path)
    assert not drawn.folder.exists()


def test_what_is_no_list_is_not_opened(study, tmp_path):
    for count in (0, MAX_PROMPTS + 1):
        with pytest.raises(InputError, match="1 to 10,000 prompts"):
            new_list(study, ["a"] * count, MADE_WITH, tmp_path)
    damaged = new_list(study, ["a"], MADE_WITH, tmp_path)
    (damaged.folder / "prompts.parquet").write_bytes(b"x")
    assert open_list(damaged.name, tmp_path) is None and open_list("../" + damaged.name, tmp_path) is None


def test_a_list_that_was_removed_meanwhile_is_said(study, tmp_path):
    drawn = new_list(study, PROMPTS[:1], MADE_WITH, tmp_path)
    drawn.draw(study)
    remove_lists(tmp_path)
    for read in (
        drawn.parts,
        lambda: drawn.draw(study),
        lambda: list(drawn.items()),
        lambda: drawn.write_zip(io.BytesIO()),
    ):
        with pytest.raises(InputError, match="removed to make room for others; draw it again"):
            read()


def test_a_list_is_used_while_it_is_drawn(study, tmp_path):
    drawn = new_list(study, PROMPTS[:1], MADE_WITH, tmp_path)
    os.utime(drawn.folder / "settings.json", (1, 1))
    drawn.draw(study)
    assert kept_lists(tmp_path)[0][2] > 1


def test_a_cache_that_cannot_be_written_is_done_without(study, tmp_path):
    (tmp_path / "file").write_text("no folder")
    drawn = new_list(study, ["a"], MADE_WITH, tmp_path / "file")
    assert open_list(drawn.name, tmp_path / "file") == drawn and tmp_path not in drawn.folder.parents


def test_a_full_disk_is_said_without_a_path(study, tmp_path, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(prompt_lists, "replace_file", full)
    with pytest.raises(InputError, match=r"^The list cannot be kept: No space left on device\.$"):
        new_list(study, ["a"], MADE_WITH, tmp_path)
