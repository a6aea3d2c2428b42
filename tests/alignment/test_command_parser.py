"""What parsers of commands take and explain; of misspelled names and sentences without quotes, what was meant."""

import pytest

from alignment.__main__ import main
from alignment.commands.command_line import make_parser
from alignment.errors import InputError


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("nearest I have a cat", 'Put the sentence in quotes: {} nearest "I have a cat".'),
        ("nearest --top 3 I have a cat", 'Put the sentence in quotes: {} nearest "I have a cat".'),
        ("nearest cat --maping ridge", "'{} nearest' has no option --maping; did you mean --mapping?"),
        ("nearest --maping=ridge cat", "'{} nearest' has no option --maping; did you mean --mapping?"),
        ("models --server.port 8501", "'{} models' has no option --server.port; see '{} models --help'."),
        (
            "evaluate --mapping ridge procrustes",
            "--mapping takes one mapping here; 'compare --mapping ridge procrustes' takes several.",
        ),
        (
            "seeds my seeds.csv",
            "'{} seeds' takes no 'seeds.csv'; put what has blanks in quotes, or see '{} seeds --help'.",
        ),
    ],
)
def test_what_a_command_does_not_take_is_told_with_what_to_do(command, told, capsys):
    assert main(command.split()) == 2
    assert capsys.readouterr().err == f"error: {told.replace('{}', make_parser().prog)}\n"


def test_words_that_are_also_mappings_may_end_a_sentence_without_quotes(capsys):
    assert main(["nearest", "a", "ridge"]) == 2
    assert '"a ridge"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("generat cat", "There is no command 'generat'; did you mean generate? See '{} --help'."),
        ("fly", "There is no command 'fly'; see '{} --help'."),
        ("nearest cat --mapping Rigde", "--mapping: there is no mapping 'Rigde'; did you mean ridge? See '{} n"),
        ("evaluate --mapping Rigde", "--mapping has no 'Rigde'; did you mean ridge? See '{} evaluate --help'."),
        ("evaluate --mapping magic", "--mapping has no 'magic'; see '{} evaluate --help'."),
        ("evaluate --split magic", "--split has no 'magic'; choose one of classes, sentences, kinds; see '"),
        ("nearest cat --pooling Subjcet", "--pooling has no 'Subjcet'; did you mean subject? See"),
        ("nearest cat --device gpu", "--device has no 'gpu'; choose one of auto, "),
        ("compare --mapping ridge,late-fusion", "--mapping takes names with blanks between: --mapping ridge late-f"),
        ("evaluate --mapping ridge,procrustes", "--mapping takes one of ridge, procrustes; see"),
        ("compare --layer x", "--layer: 'x' is no layer; give a whole number, or all; see"),
    ],
)
def test_a_misspelled_name_is_told_with_the_nearest(command, told, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(command.split())
    said = capsys.readouterr().err
    assert said.startswith(f"error: {told.replace('{}', make_parser().prog)}") and said.count("\n") == 1


@pytest.mark.parametrize("command", ["nearest cat --mapping Ridge", "evaluate --mapping RIDGE", "build --pooling Mean"])
def test_names_may_be_of_another_case(command):
    arguments = vars(make_parser().parse_args(command.split()))
    assert arguments.get("mapping") in ("ridge", None) and arguments["pooling"] in ("mean", "")


def test_models_may_be_of_another_case_unless_a_folder_is_so_called(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = ["nearest", "cat", "--encoder", "MiniLM", "--generator", "Bundled"]
    arguments = make_parser().parse_args(given)
    assert (arguments.encoder, arguments.generator) == ("minilm", "bundled")
    (tmp_path / "MiniLM").mkdir()
    assert make_parser().parse_args(given).encoder == "MiniLM"


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (["--encoder", "minlm"], "'minlm' could not be fetched. Did you mean minilm?"),
        (["--generator", "bundeled"], "'bundeled' is no generator; did you mean bundled? Known are bundled, biggan-"),
    ],
)
def test_a_misspelled_model_is_told_with_the_nearest(option, told, monkeypatch, capsys):
    def no_network(name, *_, **__):
        raise InputError(f"{name!r} could not be fetched.")

    monkeypatch.setattr("alignment.text.checkpoints.hub_folder", no_network)
    assert main(["nearest", "cat", *option]) == 2
    assert capsys.readouterr().err.startswith(f"error: {told}")


def test_a_sentence_is_not_taken_for_a_command_of_another_case():
    assert make_parser().parse_args(["nearest", "Models"]).prompt == "Models"


@pytest.mark.parametrize(
    "command", ["build", "generate", "interpolate", "nearest", "evaluate", "seeds", "models", "dashboard"]
)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    said = capsys.readouterr().out
    assert caught.value.code == 0 and "usage" in said and ("--public" in said) == (command == "dashboard")


def test_the_dashboard_gets_the_options_of_streamlit(monkeypatch):
    given = []
    monkeypatch.setattr("dashboard.__main__.main", given.extend)
    assert main(["dashboard", "--server.port", "8600"]) == 0
    assert given == ["--server.port", "8600"]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "nearest --prompts a.csv b.csv c.csv",
            "--prompts takes one name; put a pattern in quotes, such as --prompts 'f",
        ),
        ("encode --seeds a.csv b.csv --output out", "--seeds takes one name; put a pattern in quotes"),
        ("evaluate ridge", "takes no 'ridge'; did you mean --mapping ridge?"),
        (
            "evaluate --mapping late-fusion ridge",
            "--mapping takes one mapping here; 'compare --mapping late-fusion ridge'",
        ),
    ],
)
def test_more_words_after_an_option_are_told_with_what_to_do(command, told, capsys):
    assert main(command.split()) == 2
    assert told in capsys.readouterr().err
