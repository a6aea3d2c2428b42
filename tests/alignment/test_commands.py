import json
import os
import subprocess
import sys
import threading

import av
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from PIL import Image

from alignment.__main__ import main
from alignment.evaluation.baselines import BELOW_GUESSING
from alignment.images.drawing_settings import DrawingSettings
from alignment.mappings import DEFAULT_MAPPING
from alignment.text.pooling import POOLINGS


def test_build_says_what_is_ready(study, capsys):
    assert main(["build"]) == 0
    assert f"{len(study.seeds):,} seed sentences of 1536 numbers" in capsys.readouterr().out
    assert "class pictures" in {entry.artifact.replace("_", " ") for entry in study.cache.entries()}


def test_build_of_two_classes_says_what_lacks_and_is_ready(tmp_path, capsys):
    np.save(tmp_path / "two.npy", np.eye(2))
    (tmp_path / "two.csv").write_text("name\ndoor\nlamp\n")
    models = ["--class-embeddings", str(tmp_path / "two.npy"), "--classes", str(tmp_path / "two.csv")]
    assert main(["build", "--pooling", "mean", *models]) == 0
    out, err = capsys.readouterr()
    assert "2 classes of 2" in out
    assert "left out, the figures on what was not learned: Holding out classes needs" in err and "layouts" in err


def test_generate_writes_a_grid_that_repeats(study, tmp_path, capsys):
    size = study.generator.pixels
    for name in ("one.png", "two.png"):
        assert main(["generate", "I have a cat", "--count", "4", "--seed", "7", "--output", str(tmp_path / name)]) == 0
    one = np.asarray(Image.open(tmp_path / "one.png")).copy()
    assert one.shape == (2 * size + 2, 2 * size + 2, 3) and one.std() > 20
    assert (one == np.asarray(Image.open(tmp_path / "two.png"))).all()
    own = study.generate(["I have a cat"], count=4, drawing=DrawingSettings(noise_seed=7))[0, 0]
    assert (one[:size, :size] == own).all()
    assert "cat" in capsys.readouterr().out


@pytest.mark.parametrize("space", ["text", "class", "noise"])
def test_interpolate_writes_every_step_of_a_gif(study, tmp_path, capsys, space):
    file = tmp_path / "interpolation.gif"
    assert main(["interpolate", "a lemon", "a banana", "--steps", "5", "--space", space, "--output", str(file)]) == 0
    with Image.open(file) as animation:
        assert animation.n_frames == 5 and animation.size == (study.generator.pixels,) * 2
    assert "lemon" in capsys.readouterr().out


def test_interpolate_goes_through_a_class_at_the_size_asked_for(study, tmp_path, capsys):
    command = ["interpolate", "a lemon", "a cat", "--steps", "3", "--through", "sports car", "--output"]
    assert main([*command, str(tmp_path / "w.gif"), "--size", "64", "--and-back"]) == 0
    with Image.open(tmp_path / "w.gif") as animation:
        assert animation.n_frames == 4 and animation.size == (64, 64)
    assert "lemon > sports car > tabby cat" in capsys.readouterr().out
    assert main([*command, str(tmp_path / "w.json")]) == 0
    again = ["interpolate", "--settings", str(tmp_path / "w.json"), "--size", "64", "--output"]
    assert main([*again, str(tmp_path / "again.gif")]) == 0
    assert "lemon > sports car > tabby cat" in capsys.readouterr().out


def test_nearest_says_what_each_word_does_for_the_confidence(study, capsys):
    assert main(["nearest", "I have a lemon", "--words", "--json", "--top", "1"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["nearest"][0]["name"] == "lemon"
    assert [word["word"] for word in said["words"]] == ["I", "have", "a", "lemon"]
    changes = [word["change"] for word in said["words"]]
    assert changes[3] > 0.3 > max(changes[:3]) and said["words"][3]["name"] != "lemon"
    assert said["words"][0]["index"] == 951
    assert main(["nearest", "lemon", "--words"]) == 0
    assert "without each word" in capsys.readouterr().out


def test_interpolate_writes_a_strip(study, tmp_path):
    assert main(["interpolate", "a lemon", "a cat", "--steps", "3", "--even", "--output", str(tmp_path / "w.png")]) == 0
    size = study.generator.pixels
    with Image.open(tmp_path / "w.png") as strip:
        assert strip.size == (3 * size + 4, size)
    first = np.asarray(Image.open(tmp_path / "w.png"))[:, :size]
    own = study.generate(["a lemon"])[0, 0].astype(int)
    assert_allclose(first, own, atol=1)  # rounding differs with the batch


def test_interpolate_writes_a_film_the_vectors_and_settings_that_open_it_again(study, tmp_path, capsys):
    command = ["interpolate", "a lemon", "a cat", "--steps", "4", "--space", "noise", "--snap", "0.5", "--seed", "3"]
    for name in ("w.mp4", "w.npz", "w.png", "w.json"):
        assert main([*command, "--output", str(tmp_path / name)]) == 0
    with av.open(str(tmp_path / "w.mp4")) as film:
        assert len(list(film.decode(video=0))) == 4
    with np.load(tmp_path / "w.npz") as vectors:
        assert vectors["points"].shape == (4, 128) and vectors["prompts"].tolist() == ["a lemon", "a cat"]
    again = ["interpolate", "--settings", str(tmp_path / "w.json"), "--output", str(tmp_path / "again.png")]
    assert main(again) == 0
    strips = [np.asarray(Image.open(tmp_path / name)) for name in ("w.png", "again.png")]
    assert (strips[0] == strips[1]).all()


def test_interpolate_draws_the_grid_between_four_prompts(study, tmp_path, capsys):
    prompts = ["a lemon", "a cat", "a sports car", "a violin"]
    unused = ["--shape", "spherical", "--even"]
    assert main(["interpolate", *prompts, "--grid", "--steps", "3", "--output", str(tmp_path / "g.png"), *unused]) == 0
    with Image.open(tmp_path / "g.png") as sheet:
        assert sheet.size == (3 * study.generator.pixels + 4,) * 2
    out, told = capsys.readouterr()
    assert "lemon > tabby cat > sports car > violin" in out
    assert "left unused, because the grid is bilinear in class space: --even, --shape\n" in told


def test_nearest_as_json(study, capsys):
    assert main(["nearest", "I have a lemon", "--top", "3", "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    columns = ["rank", "row", "index", "name", "similarity", "confidence", "language", "not_read"]
    assert [list(row) for row in table] == [columns] * 3
    assert table[0]["index"] == 951 and table[0]["name"] == "lemon" and table[0]["row"] == study.classes.row(951)
    assert table[0]["similarity"] >= table[1]["similarity"]
    assert table[0]["confidence"] > 0.8 and table[1]["confidence"] is None
    assert table[0]["language"] is None and table[0]["not_read"] == []
    assert main(["nearest", "Une photo d'un chien", "--top", "1", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)[0]["language"] == "French" and "looks like French, which the text encoder" in said.err


def test_nearest_says_what_a_prompt_of_low_confidence_may_mean(study, capsys):
    assert main(["nearest", "The stock market fell"]) == 0
    assert "most likely nothing that can be drawn" in capsys.readouterr().err
    assert main(["nearest", "an elefant by the rivver"]) == 0
    assert "did you mean: an elephant by the river" in capsys.readouterr().err


def test_evaluate_confidence(study, tmp_path, capsys):
    assert main(["evaluate", "--confidence", "--json", str(tmp_path / "f.json")]) == 0
    figures = json.loads((tmp_path / "f.json").read_text())[DEFAULT_MAPPING]
    assert 0 <= figures["ece"] <= 0.06 and figures["auroc"] > 0.9
    assert sum(row["sentences"] for row in figures["reliability"]) == figures["sentences"]
    assert "share right by confidence" in capsys.readouterr().out


def test_nearest_for_a_file_of_prompts(space, tmp_path, capsys):
    asked, answered = tmp_path / "in.csv", tmp_path / "out.csv"
    asked.write_text('prompt,x\nI saw a goldfish,1\n"An ostrich, here",2\nUn pez dorado en la pecera,3\na 🐠 fish,4\n')
    assert main(["nearest", "--prompts", str(asked), "--output", str(answered), "--top", "2", *space]) == 0
    table = pd.read_csv(answered)
    named = [f"{column}_{rank}" for rank in (1, 2) for column in ("index", "name", "similarity")]
    assert table.columns.tolist() == ["prompt", *named, "language", "not_read"]
    assert table["prompt"].tolist()[:2] == ["I saw a goldfish", "An ostrich, here"]
    assert table["index_1"].tolist()[:2] == [1, 9] and table["name_1"].tolist()[:2] == ["goldfish", "ostrich"]
    assert table["language"].fillna("").tolist() == ["", "", "Spanish", ""]
    assert table["not_read"].fillna("").tolist() == ["", "", "", "🐠"] and "'🐠' is not read" in capsys.readouterr().err
    assert main(["nearest", "An ostrich, here", "--output", str(tmp_path / "one.csv"), "--top", "2", *space]) == 0
    assert pd.read_csv(tmp_path / "one.csv").iloc[0].dropna().equals(table.iloc[1].dropna())
    capsys.readouterr()
    assert main(["nearest", "An ostrich, here", "--json", "--top", "2", *space]) == 0
    shown = [row["similarity"] for row in json.loads(capsys.readouterr().out)]
    assert_allclose(table.loc[1, ["similarity_1", "similarity_2"]].tolist(), shown, atol=6e-4)


@pytest.mark.slow
def test_a_slash_at_the_end_names_a_folder_that_is_not_there_yet(space, tiny_folder, tmp_path):
    (tmp_path / "p.csv").write_text("prompt\nI saw a goldfish\n")
    ask = ["--prompts", str(tmp_path / "p.csv"), "--mapping", "ridge", "--output"]
    assert main(["nearest", *ask, f"{tmp_path / 'answers'}/", *space]) == 0
    assert main(["generate", *ask, f"{tmp_path / 'pictures.png'}/", "--generator", str(tiny_folder)]) == 0
    assert (tmp_path / "answers" / "p.parquet").is_file()
    assert (tmp_path / "pictures.png" / "p" / "001_i_saw_a_goldfish.png").is_file()


@pytest.mark.slow
def test_answers_go_into_a_pipe_or_to_the_end_of_a_redirected_file(space, tmp_path):
    (tmp_path / "p.csv").write_text("prompt\nI saw a goldfish\n")
    (log := tmp_path / "log.txt").write_text("precious\n")
    command = [sys.executable, "-m", "alignment", "nearest", "--prompts", str(tmp_path / "p.csv"), "--top", "1"]
    command += ["--output", "/dev/stdout", *space]
    answered = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode()
    assert answered.splitlines()[1].startswith("I saw a goldfish,1,goldfish")
    with open(log, "a") as stdout:
        subprocess.run(command, stdout=stdout, stderr=subprocess.DEVNULL, check=True)
    assert log.read_text() == "precious\n" + answered


def test_options_that_a_settings_file_overrides_are_said(space, tmp_path, capsys):
    make = ["interpolate", "a goldfish", "a shark", "--steps", "3", "--output", str(tmp_path / "w.json"), *space]
    assert main(make) == 0
    again = ["interpolate", "--settings", str(tmp_path / "w.json"), "--output", str(tmp_path / "w.npz"), "--steps", "7"]
    assert main([*again, "--add-seeds", "x.csv"]) == 0
    assert f"left unused, because {tmp_path / 'w.json'} decides: --add-seeds, --steps" in capsys.readouterr().err
    assert np.load(tmp_path / "w.npz")["points"].shape[0] == 3


def test_what_was_left_out_is_in_the_json_too(space, tmp_path):
    (tmp_path / "p.csv").write_text("prompt,classes\na goldfish,1\nx,unicorn\na lemon,951\n")
    options = ["--prompts", str(tmp_path / "p.csv"), "--json", str(tmp_path / "f.json")]
    assert main(["evaluate", "--mapping", "prototypes", *options, *space]) == 0
    figures = json.loads((tmp_path / "f.json").read_text())
    assert figures["prototypes"]["all"]["prompts"] == 1
    rows, lacking, refused = figures["notices"]
    assert "ImageNet's classes 0 to 9" in rows and "1 of 3" in lacking and "line 3: No ImageNet class" in refused


def test_evaluate_prints_baselines_and_writes_json(space, tmp_path, capsys):
    assert (
        main(["evaluate", "--mapping", "ridge", "--split", "sentences", "--json", str(tmp_path / "f.json"), *space])
        == 0
    )
    told = capsys.readouterr().out
    assert "shuffled pairs" in told and "ridge, kind by kind" in told and "description" in told
    assert f"{tmp_path / 'f.json'}: figures of " in told
    figures = json.loads((tmp_path / "f.json").read_text())
    assert {"p_at_1", "p_at_5", "p_at_10", "mrr", "median_rank", "cosine"} <= set(figures["ridge"])
    assert figures["ridge"]["p_at_1"] > figures["shuffled pairs"]["p_at_1"]


def test_evaluate_on_the_test_prompts(space, capsys):
    assert main(["evaluate", "--mapping", "prototypes", "--prompts", *space]) == 0
    assert "hit_at_1" in capsys.readouterr().out


def test_evaluate_on_prompts_of_ones_own(space, tmp_path, capsys):
    own = tmp_path / "own.csv"
    own.write_text("prompt,classes\na goldfish in a bowl,1\na hammerhead shark,4\nA ripe lemon,951\n")
    assert main(["evaluate", "--mapping", "prototypes", "--prompts", str(own), *space]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2 prompts\n") and "group by group" not in out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_prompts_from_a_pipe_are_read_once(space, tmp_path, capsys):
    os.mkfifo(tmp_path / "own.csv")
    content = b"prompt,classes\na goldfish in a bowl,1\na hammerhead shark,4\n"
    writer = threading.Thread(target=(tmp_path / "own.csv").write_bytes, args=(content,), daemon=True)
    writer.start()
    assert main(["evaluate", "--mapping", "prototypes", "--prompts", str(tmp_path / "own.csv"), *space]) == 0
    assert capsys.readouterr().out.startswith("2 prompts\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "column", "rows"),
    [("sweep", "pooling", 7 * len(POOLINGS)), ("learning-curve", "sentences", 18), ("seed-kinds", "kind", 12)],
)
def test_evaluate_under_several_conditions(space, tmp_path, capsys, question, column, rows):
    files = ["--json", str(tmp_path / "f.json"), "--csv", str(tmp_path / "f.csv")]
    assert main(["evaluate", f"--{question}", "--mapping", "ridge", *files, *space]) == 0
    assert "P@10" in capsys.readouterr().out
    table = pd.read_csv(tmp_path / "f.csv")
    assert len(table) == len(json.loads((tmp_path / "f.json").read_text())) == rows and column in table
    assert table["cosine"].nunique() > rows / 2  # the conditions differ


def test_evaluate_seen_and_unseen_classes_together(space, tmp_path, capsys):
    files = ["--json", str(tmp_path / "f.json")]
    assert main(["evaluate", "--generalised", "--mapping", "reverse-kernel-ridge", *files, *space]) == 0
    out = capsys.readouterr().out
    assert "without bias 0.20 of the first places are unseen classes" in out and "harmonic P@10 own" in out
    figures = json.loads((tmp_path / "f.json").read_text())["reverse-kernel-ridge"]
    assert 0 <= figures["own_harmonic_p_at_1"] <= 1


def test_seeds_checks_a_file(tmp_path, capsys):
    (tmp_path / "s.csv").write_text("sentence,class\nMy cat purrs.,281\nx,unicorn\n")
    assert main(["seeds", str(tmp_path / "s.csv")]) == 0
    captured = capsys.readouterr()
    assert "1 sentence for 1 class, 1 row refused" in captured.out and "line 3" in captured.err
    (tmp_path / "s.csv").write_text("sentence,class\nA tench.,0\nA kite flies.,kite\nA hen.,8\nA lemon.,951\n")
    assert main(["seeds", str(tmp_path / "s.csv")]) == 0
    said = "bundled has 2 of these 4 classes; 2 sentences about others alone will be left out. It lacks tench, kite.\n"
    assert capsys.readouterr().out.endswith(said)
    assert main(["seeds", str(tmp_path / "s.csv"), "--generator", "biggan-deep-512"]) == 0
    assert "left out" not in capsys.readouterr().out
    (tmp_path / "s.csv").write_text("sentence,class\nA tench and a hen.,0|8\n")
    assert main(["seeds", str(tmp_path / "s.csv")]) == 0
    assert "1 of these 2 classes; no sentence is left out. It lacks tench." in capsys.readouterr().out
    assert main(["seeds", str(tmp_path / "s.csv"), "--generator", "someone/somewhere"]) == 0  # nothing is downloaded
    assert "It lacks" not in capsys.readouterr().out
    (tmp_path / "s.csv").write_text("sentence,class\nMy cat purrs.,281\nx,unicorn\n")
    (tmp_path / "c.csv").write_text("name;group\nunicorn;animal\nspaceship;thing\n")
    assert main(["seeds", str(tmp_path / "s.csv"), "--classes", str(tmp_path / "c.csv")]) == 0
    captured = capsys.readouterr()
    assert "1 sentence for 1 class, 1 row refused" in captured.out
    assert "c.csv: cells are separated by semicolons" in captured.err and "line 2: " in captured.err


@pytest.mark.slow
def test_a_mapping_is_written_to_a_file_and_applied_again(space, capsys, tmp_path):
    matrix, whole = tmp_path / "map.safetensors", tmp_path / "map.npz"
    assert main(["export-mapping", "--mapping", "ridge", "--output", str(matrix), *space]) == 0
    assert main(["export-mapping", "--output", str(whole), *space]) == 0
    capsys.readouterr()
    answers = []
    for mapping in ("ridge", str(matrix), DEFAULT_MAPPING, str(whole)):
        assert main(["nearest", "a goldfish", "--json", "--mapping", mapping, *space]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert [row["name"] for row in answers[0]] == [row["name"] for row in answers[1]]
    assert answers[2] == answers[3]
    assert main(["nearest", "a goldfish", "--mapping", str(whole), "--pooling", "cls", *space]) == 2
    assert "was learned for the pooling" in capsys.readouterr().err


@pytest.mark.slow
def test_compare_measures_once_says_what_failed_and_writes_everything(space, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("alignment.study.CACHE", tmp_path)
    command = ["compare", *space, "--pooling", "mean", "--layer", "-1", "2", "--mapping", "ridge", "prototypes"]
    files = ["--json", str(tmp_path / "c.json"), "--csv", str(tmp_path / "c.csv"), "--html", str(tmp_path / "c.html")]
    assert main([*command, *files]) == 0
    said = capsys.readouterr()
    assert "8 runs take about" in said.err and "Best by P@10: minilm" in said.out
    assert f"{tmp_path / 'c.json'}: 8 runs\n{tmp_path / 'c.csv'}: 8 runs\n" in said.out
    found = json.loads((tmp_path / "c.json").read_text())
    assert len(found["runs"]) == 8 and len(found["against_best"]) == 3 and not found["not_measured"]
    assert len(pd.read_csv(tmp_path / "c.csv")) == 8 and "To repeat it" in (tmp_path / "c.html").read_text()
    assert BELOW_GUESSING in said.out and BELOW_GUESSING in (tmp_path / "c.html").read_text()
    assert "random_space" in pd.read_csv(tmp_path / "c.csv") and "in a random space" in said.out
    assert main([*command, "--encoder", "minilm", "--encoder", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert "8 of 16 runs are in the table" in said.err and f"not measured: {tmp_path}" in said.err
    assert "Best by P@10: minilm" in said.out and "2 of what was asked for could not be measured" in said.err
    with pytest.raises(SystemExit, match="2"):
        main(["compare", "--mapping", "ridge", "none"])
    assert "--mapping has no 'none'" in capsys.readouterr().err
    assert main(["compare", *space, "--pooling", "mean", "--mapping", "prototypes", "--again"]) == 0
    assert "2 runs take about" in capsys.readouterr().err
    assert main(["compare", "--kept", "--layer", "2", "--no-random-space", "--json", str(tmp_path / "c.json")]) == 0
    assert [run["layer"] for run in json.loads((tmp_path / "c.json").read_text())["runs"]] == [2, 2]
    assert main(["cache", "--clear"]) == 0 and main(["cache"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "and 8 runs of compare" in said[-2] and "runs" not in said[-1]
