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
