"""What the commands refuse, leave out or survive, and what they say of it."""

import io
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from alignment.__main__ import main
from alignment.commands.output_files import check_output
from alignment.errors import InputError


@pytest.mark.slow
def test_rows_of_ones_own_seeds_that_are_left_out_are_named(space, tmp_path, capsys):
    (tmp_path / "s.csv").write_text("sentence,class\nMy goldfish swims.,1\nx,unicorn\n")
    assert main(["nearest", "a goldfish", "--add-seeds", str(tmp_path / "s.csv"), *space]) == 0
    assert "s.csv, line 3: No ImageNet class is called 'unicorn'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["generate"],
        ["generate", ""],
        ["generate", "  \t"],
        ["generate", "a" * 100_000],
        ["generate", "🐱"],
        ["generate", "Я вижу кошку"],
        ["generate", "a\x07cat"],
        ["generate", "a cat", "--truncation", "0"],
        ["generate", "a cat", "--truncation", "1.5"],
        ["generate", "a cat", "--truncation", "nan"],
        ["generate", "a cat", "--snap", "2"],
        ["generate", "a cat", "--seed", "-1"],
        ["generate", "a cat", "--output", "cat.nothing"],
        ["generate", "a cat", "--output", "/no/such/folder/cat.png"],
        ["generate", "a cat", "--encoder", "no such name"],
        ["generate", "a cat", "--generator", "no such name"],
        ["generate", "a cat", "--encoder", "EMPTY"],
        ["generate", "a cat", "--generator", "EMPTY"],
        ["generate", "a cat", "--layer", "99"],
        ["generate", "a cat", "--seeds", "none.csv"],
        ["generate", "a cat", "--class-embeddings", "none.npy"],
        ["interpolate", "a cat"],
        ["interpolate", "a cat", "a dog", "--steps", "1"],
        ["interpolate", "a cat", "a dog", "--steps", "9999"],
        ["interpolate", "a cat", ""],
        ["interpolate", "a cat", "a dog", "--output", "film.nothing"],
        ["interpolate", "a cat", "a dog", "--output", "/no/such/folder/film.mp4"],
        ["interpolate", "a cat", "a dog", "--snap", "2"],
        ["interpolate", "a cat", "a dog", "--size", "63"],
        ["interpolate", "a cat", "a dog", "--size", "64", "--output", "w.png"],
        ["interpolate", "a cat", "a dog", "--settings", "settings.json"],
        ["interpolate", "--settings", "none.json"],
        ["interpolate"],
        ["nearest"],
        ["nearest", "a cat", "--prompts", "x.csv"],
        ["nearest", "--prompts", "none.csv", "--output", "o.csv"],
        ["evaluate", "--sweep", "--mapping", "all"],
        ["evaluate", "--learning-curve", "--split", "kinds"],
        ["compare", "--layer", "99"],
        ["compare", "--kept", "--again"],
        ["compare", "--kept", "--classes", "no_such_classes.csv"],
        ["evaluate", "--confidence", "--prompts"],
        ["evaluate", "--prompts", "--split", "sentences"],
        ["evaluate", "--generalised", "--split", "sentences"],
        ["compare", "--encoder", "no such name"],
        ["compare", "--kept", "--pooling", "last"],
        ["compare", "--html", "/no/such/folder/report.html"],
        ["seeds", "none.csv"],
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(study, arguments, tmp_path, monkeypatch, capsys):
    (tmp_path / "EMPTY").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    lines = [line for line in captured.err.splitlines() if line]
    assert lines[-1].startswith("error: ") and len(lines[-1]) < 400 and "Traceback" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(("output", "said"), [("answers.csv", "names a file"), ("results_2026.11", "none")])
def test_a_folder_of_answers_may_have_a_dot_in_its_name(output, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["nearest", "--prompts", "none/*.csv", "--output", output]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("generate --prompts p.csv --count 4", "Every one of --prompts gets one picture; leave --count away."),
        ("generate cat --output a.png/", "The picture of one prompt is a file; name one in a.png."),
        ("nearest --prompts p.csv --output o.csv --json", "--json prints the answer to one prompt; leave it away"),
        ("nearest --prompts p.csv --json", "--json prints the answer to one prompt; leave it away, or --prompts."),
        ("nearest cat --output o.csv --words", "--words prints what each word of one prompt does; leave it away, or"),
        ("nearest --prompts p.csv", "Name what the answers are written to: --output OUT.csv, or a folder/"),
        ("nearest cat --output o/", "The answer to one prompt is a file; name one in o."),
        ("nearest --prompts p.csv --output n.parquet", "n.parquet must end in one of .csv, .txt, or name a folder/."),
        ("nearest cat --output n.parquet", "n.parquet must end in one of .csv, .txt."),
        ("generate --prompts p.csv --output n.x", "n.x does not end in a format that can be written; end it in one of"),
        ("evaluate --sweep --learning-curve", "Ask for --sweep or for --learning-curve, each by itself."),
        ("evaluate --confidence --prompts", "Ask for --confidence or for --prompts, each by itself."),
        ("evaluate --sweep --layer 1", "--sweep takes every layer and pooling; leave --layer away."),
        ("evaluate --sweep --layer 1 --pooling cls", "--sweep takes every layer and pooling; leave --layer and --pool"),
    ],
)
def test_options_that_would_be_ignored_are_refused(command, told, capsys):
    assert main(command.split()) == 2
    assert capsys.readouterr().err.startswith(f"error: {told}")


def test_checking_an_output_changes_nothing(tmp_path):
    kept = tmp_path / "kept.png"
    kept.write_bytes(b"as it was")
    check_output(kept)
    check_output(tmp_path / "new.png")
    assert kept.read_bytes() == b"as it was" and [path.name for path in tmp_path.iterdir()] == ["kept.png"]
    with open(kept, "ab") as held:
        check_output(Path(f"/dev/fd/{held.fileno()}"))
    if os.geteuid():  # root may write everywhere
        kept.chmod(0o400)
        with pytest.raises(InputError, match="Permission denied"):
            check_output(kept)


@pytest.mark.parametrize(
    "arguments",
    [
        ["generate", "a cat", "--mapping", "magic"],
        ["generate", "a cat", "--pooling", "max"],
        ["generate", "a cat", "--truncation", "x"],
        ["generate", "a cat", "--output", ""],
        ["interpolate", "a cat", "a dog", "--output", "film.gif/"],
        ["nearest", "--prompts", "", "--output", "o.csv"],
        ["nearest", "a cat", "--classes", ""],
        ["evaluate", "--csv", "tables/"],
        ["fly"],
        [],
    ],
)
def test_arguments_of_the_wrong_form_are_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    said = capsys.readouterr().err
    assert caught.value.code == 2 and said.startswith("error: ") and said.endswith("--help'.\n") and len(said) < 200


@pytest.mark.slow
def test_bad_rows_of_a_prompt_file_are_left_out_and_named(space, tmp_path, capsys):
    (tmp_path / "in.csv").write_text("Caption\na shark\n\n🐱\na cat, asleep\na goldfish\n")
    nearest = ["nearest", "--prompts", str(tmp_path / "in.csv"), "--output", str(tmp_path / "o.csv"), *space]
    assert main(nearest) == 0
    assert pd.read_csv(tmp_path / "o.csv")["prompt"].tolist() == ["a shark", "a goldfish"]
    told = capsys.readouterr().err
    assert "'Caption' is read as 'prompt'" in told and "left out: line 4: The text encoder knows none" in told
    assert "left out: line 5: the row has 2 cells" in told and "more" not in told
    (tmp_path / "in.csv").write_text("prompt\n🐱\n")
    assert main(nearest) == 2
    own = tmp_path / "own.csv"
    own.write_text("prompt,classes\na goldfish,goldfish\n🐱,1\na lemon,951\n")
    assert main(["evaluate", "--mapping", "prototypes", "--prompts", str(own), *space]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("1 prompt\n") and "line 3" in told.err and "1 of 3 prompts" in told.err


def test_of_many_bad_rows_the_first_are_named_and_the_others_counted(space, tmp_path, capsys):
    file, output = tmp_path / "in.csv", tmp_path / "o.csv"
    file.write_text("prompt,classes\na goldfish,goldfish\n" + "🐱,1\n" * 500)
    for command in (["nearest", "--output", str(output)], ["evaluate", "--mapping", "prototypes"]):
        assert main([*command, "--prompts", str(file), *space]) == 0
        said = [line for line in capsys.readouterr().err.splitlines() if line.startswith(("left out", "and "))]
        assert len(said) == 11 and said[-1] == "and 490 more"


def test_the_dashboard_asks_for_streamlit(monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["dashboard"]) == 2
    assert "latent-alignment[dashboard]" in capsys.readouterr().err


@pytest.mark.slow
def test_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "alignment", "generate", ""], capture_output=True, text=True, check=False
    )
    assert (
        done.returncode == 2
        and done.stdout == ""
        and done.stderr == "error: The sentence is empty; write one such as 'I have a cat'.\n"
    )


@pytest.mark.slow
def test_output_that_cannot_be_written_is_one_sentence():
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "alignment", "models"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "error: The answer cannot be written: No space left on device.\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_that_lacks_a_character_gets_its_number(encoding, tmp_path, monkeypatch):
    (tmp_path / "猫.csv").write_text("sentence,class\nA cat,281\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert main(["seeds", "猫.csv"]) == 0
    assert sys.stdout.buffer.getvalue().decode() == "\\u732b.csv: 1 sentence for 1 class, 0 rows refused\n"


@pytest.mark.parametrize("module", ["alignment", "dashboard"])
def test_an_interruption_while_modules_are_loaded_is_no_traceback(module):
    command = [sys.executable, "-X", "importtime", "-m", module, "cache" if module == "alignment" else "--no-such"]
    loading = "alignment" if module == "alignment" else "streamlit"
    # What is not read fills the small pipe, and the command waits for the signal, however busy the machine is.
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        pipesize=4096,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # what a shell runs with "&" ignores it
    )
    for line in process.stderr:
        if line.rpartition("|")[2].strip().startswith(f"{loading}."):
            break
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130 and "Traceback" not in said


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere arguments are decoded whatever the locale")
@pytest.mark.parametrize(
    ("name", "status", "told"),
    [("猫.csv", 0, "猫.csv: 1 sentence for 1 class, 0 rows refused\n"), (b"\xe4.csv", 2, "error: ")],
)
def test_arguments_in_utf8_are_read_in_a_locale_without_it(name, status, told, tmp_path):
    (tmp_path / "猫.csv").write_text("sentence,class\nA cat,281\n")
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-m", "alignment", "seeds", name]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | locale, capture_output=True, check=False)
    assert done.returncode == status and (done.stdout + done.stderr).decode().startswith(told)


def test_a_python_that_may_not_start_in_utf8_is_started_once():
    locale = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-X", "utf8=0", "-m", "alignment", "seeds", "猫.csv"]
    done = subprocess.run(command, env=os.environ | locale, capture_output=True, check=False, timeout=100)
    assert done.returncode == 2 and done.stderr.startswith(b"error: ")


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_ends_a_command_quietly():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "alignment", "models"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_mapping_that_cannot_be_written_is_refused_before_the_work(capsys):
    assert main(["export-mapping", "--output", "map.txt"]) == 2
    assert "must end in one of .npz, .safetensors" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option", ["--seeds", "--add-seeds", "--encoder", "--generator", "--classes", "--vectors", "--class-embeddings"]
)
def test_a_sentence_in_place_of_a_name_is_refused(option, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("alignment.study.Study.build", lambda study, *_: study.seeds)
    assert main(["nearest", "a cat", option, "a long sentence " * 20]) == 2
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize("command", [["nearest"], ["generate"]])
def test_a_sentence_in_place_of_prompts_is_refused(command, tmp_path, capsys):
    output = ["--output", str(tmp_path / ("n.csv" if command == ["nearest"] else "g.png"))]
    assert main([*command, "--prompts", "a long sentence " * 20, *output]) == 2
    assert "error: Cannot read a long sentence" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "told"), [("--encoder", "an encoder is a folder"), ("--generator", "as --class-embeddings")]
)
def test_a_file_in_place_of_a_models_folder_is_refused(option, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("model.safetensors").touch()
    assert main(["nearest", "a cat", option, "model.safetensors"]) == 2
    assert "error: model.safetensors is a file" in (said := capsys.readouterr().err) and told in said


def test_a_python_without_the_libraries_is_told_so(monkeypatch, capsys):
    def run(argv):
        raise ModuleNotFoundError("No module named 'sklearn.base'", name="sklearn.base")

    monkeypatch.setattr("alignment.commands.command_line.run", run)
    assert main(["models"]) == 2
    assert "This Python has no sklearn.base" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--seed", "--prompt"])
def test_an_option_is_not_taken_for_a_longer_one(option, capsys):
    assert main(["nearest", "a cat", option, "5"]) == 2
    assert f"' has no option {option}; did you mean {option}s?" in capsys.readouterr().err
