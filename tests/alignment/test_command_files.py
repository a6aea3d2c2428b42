"""What commands print of the files that they write."""

from pathlib import Path

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
