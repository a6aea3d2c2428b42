"""Wrong options and prompts are refused before what takes minutes."""

from pathlib import Path

import numpy as np
import pytest

from alignment.__main__ import main


@pytest.mark.parametrize("command", [["generate", " "], ["nearest", ""], ["interpolate", "a cat", "🐱"]])
def test_a_prompt_that_cannot_be_read_is_refused_before_sentences_are_encoded(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("alignment.study.Study.build", lambda *_: pytest.fail("sentences are encoded"))
    assert main(command) == 2
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize(
    "command", [["nearest", ""], ["generate", " "], ["interpolate", "cat", ""], ["evaluate", "--prompts", "gone.csv"]]
)
def test_a_blank_prompt_and_a_missing_file_are_refused_before_models_are_opened(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("alignment.study.Study", lambda *_, **__: pytest.fail("models are opened"))
    assert main(command) == 2
    assert capsys.readouterr().err.startswith(("error: The sentence is empty", "error: Cannot read gone.csv"))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("generate cat --count 0", "The number of pictures must be a whole number from 1 to 64"),
        ("generate cat --count 65", "The number of pictures must be a whole number from 1 to 64"),
        ("generate --prompts many.csv --output o.zip", "A list holds 1 to 10,000 prompts; this one has 10,001"),
        ("generate --prompts p.csv --output folder/ --workers 0", "At least one worker is needed"),
        ("nearest cat --top 0", "--top must be a whole number of at least 1"),
        ("nearest --prompts p.csv --output o.csv --top 0", "--top must be a whole number of at least 1"),
        ("nearest --prompts p.csv --output folder/ --workers 0", "At least one worker is needed"),
        ("nearest --prompts unread.csv --output o.csv", "The encoder can read no prompt of unread.csv"),
        (
            "nearest cat --words --class-embeddings two.npy --classes two.csv",
            "These classes have no sentences with kno",
        ),
        (
            "nearest cat --classes two.csv",
            "The generator bundled draws 531 classes, but 2 are named; a space of",
        ),
        ("project picture.png --top 0", "--top must be a whole number of at least 1"),
        ("interpolate cat dog --through nothing", "No ImageNet class is called 'nothing'"),
        ("interpolate cat dog --through lemon --seeds s.csv", "No seed sentence names the class lemon"),
        ("interpolate cat dog fox --grid --output g.png", "A grid lies between 4 prompts; got 3"),
        (
            "interpolate cat dog fox cow --grid --output g.png --steps 23",
            "A grid has at most 22 pictures along an edge",
        ),
        ("evaluate --prompts bad.csv", "bad.csv has no prompt about a class of this class space"),
        ("evaluate --workers 0", "At least one worker is needed"),
        ("build --workers 0", "At least one worker is needed"),
    ],
)
def test_wrong_options_are_refused_before_sentences_are_encoded(command, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("s.csv").write_text("sentence,class\nA goldfish.,goldfish\nA shark.,great white shark\n")
    Path("p.csv").write_text("prompt\na cat\n")
    Path("unread.csv").write_text("prompt\n🐱\n")
    Path("bad.csv").write_text("prompt,classes\na cat,nothing\n")
    np.save("two.npy", np.eye(2))
    Path("two.csv").write_text("name\ndoor\nlamp\n")
    Path("many.csv").write_text("prompt\n" + "a cat\n" * 10_001)
    monkeypatch.setattr("alignment.study.Study.build", lambda *_: pytest.fail("sentences are encoded"))
    assert main(command.split()) == 2
    assert f"error: {told}" in capsys.readouterr().err
