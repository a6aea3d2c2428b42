"""What commands print of the files that they write, and refuse of those that they read."""

from pathlib import Path

import pytest

from alignment.__main__ import main
from alignment.commands.output_files import print_written


def test_what_was_written_is_printed_beside_json_to_standard_error(capsys):
    print_written(Path("a.csv"), "3 prompts")
    print_written(Path("a.npz"), "a picture", beside_json=True)
    assert capsys.readouterr() == ("a.csv: 3 prompts\n", "a.npz: a picture\n")


def test_written_settings_of_an_interpolation_are_named(tmp_path, capsys):
    file = tmp_path / "again.json"
    assert main(["interpolate", "a cat", "a dog", "--output", str(file)]) == 0
    drawn = f"--settings {file} draws it"
    assert capsys.readouterr().out == f"{file}: settings of an interpolation between 2 prompts; {drawn}\n"


def test_written_answers_are_named(space, tmp_path, capsys):
    asked, answered = tmp_path / "p.csv", tmp_path / "o.csv"
    asked.write_text("prompt\na goldfish\na shark\n")
    assert main(["nearest", "--prompts", str(asked), "--output", str(answered), "--top", "2", *space]) == 0
    assert capsys.readouterr().out == f"{answered}: the 2 nearest classes of 2 prompts\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--seeds", "none.csv"],
        ["nearest", "a cat", "--add-seeds", "none.csv"],
        ["generate", "a cat", "--vectors", "none"],
        ["evaluate", "--classes", "none.csv"],
        ["evaluate", "--prompts", "none.csv"],
        ["interpolate", "a cat", "a dog", "--class-embeddings", "none.npy", "--output", "path.npz"],
        ["encode", "--seeds", "none.csv", "--output", "folder"],
    ],
)
def test_a_file_that_is_missing_is_refused_before_a_model_is_downloaded(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("alignment.text.encoder.find_folder", lambda name: pytest.fail("a download"))
    assert main([*arguments, "--encoder", "distilbert-base-uncased"]) == 2
    assert "none" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (["nearest", "--prompts", "mine.csv", "--output", "./mine.csv"], "--output"),
        (["project", "mine.png", "--output", "same.png"], "--output"),
        (["evaluate", "--prompts", "mine.csv", "--csv", "mine.csv"], "--csv"),
        (["compare", "--seeds", "other.csv", "mine.csv", "--json", "mine.csv"], "--json"),
        (["interpolate", "--settings", "mine.json", "--output", "mine.json"], "--output"),
    ],
)
def test_a_file_that_is_read_is_not_written_over(command, option, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("mine.csv", "mine.png", "mine.json"):
        (tmp_path / name).write_text("prompt\na cat\n")
    (tmp_path / "same.png").hardlink_to(tmp_path / "mine.png")
    assert main(command) == 2
    assert capsys.readouterr().err.endswith(f"is read, and would be written over; give {option} another name.\n")
    assert {(tmp_path / name).read_text() for name in ("mine.csv", "mine.png", "mine.json")} == {"prompt\na cat\n"}


@pytest.mark.parametrize(
    "command",
    [
        ["generate", "a cat", "--output", "FILE.png"],
        ["generate", "--prompts", "p.csv", "--output", "FILE.zip"],
        ["generate", "a cat", "--output", "cat.nothing"],
        ["generate", "a cat", "--output", "cat.zip"],
        ["generate", "a cat", "--output", "cat"],
        ["generate", "a cat", "--output", "no folder/cat.png"],
        ["generate", "a cat", "--output", f"{'x' * 300}.png"],
        ["generate", "a cat", "--output", "folder.png"],
        ["interpolate", "a cat", "a dog", "--output", "FILE.mp4"],
        ["interpolate", "a cat", "a dog", "--output", "film.avi"],
        ["interpolate", *"abcd", "--grid", "--output", "grid.mp4"],
        ["nearest", "--prompts", "p.csv", "--output", "FILE.csv"],
        ["nearest", "--prompts", "p.csv", "--output", "o.xlsx"],
        ["evaluate", "--json", "FILE.json"],
        ["evaluate", "--sweep", "--csv", "no folder/FILE.csv"],
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_the_work(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text("prompt\na cat\n")
    Path("folder.png").mkdir()
    Path("kept.png").write_bytes(b"as it was")
    command = [part.replace("FILE", "none/FILE") for part in command]
    monkeypatch.setattr("alignment.study.Study", lambda *_, **__: pytest.fail("work was begun"))
    assert main(command) == 2
    assert "error: " in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.png", "kept.png", "p.csv"]
