"""The same bytes with a cluster of processes as without, though a worker is killed on the way."""

import json
import os
import shutil
import signal

import numpy as np
import pandas as pd
import pytest

from alignment.__main__ import main
from alignment.dictionary.classes import ClassTable
from alignment.dictionary.default_seeds import default_seeds
from alignment.errors import InputError
from alignment.evaluation.parallel_evaluation import evaluate_on
from alignment.execution.workers import DaskWorkers, open_executor
from alignment.images.drawing_settings import DrawingSettings
from alignment.study import Settings, Study
from alignment.study.prompt_lists.prompt_shards import answer_shards
from alignment.study.shards.encoded_shards import EncoderModel, Encoding, encode_shards
from alignment.text.encoder import TextEncoder

CLASSES = 8
SHARDS = 6
MAPPINGS = ("ridge", "late-fusion")


@pytest.fixture
def files(tmp_path, rng):
    """Seeds and prompts in shards, and the class vectors of a small space."""
    seeds = default_seeds(ClassTable(range(CLASSES))).frame.iloc[::4]
    seeds = seeds.assign(**{"class": seeds["classes"].map(list)})
    for folder, rows in (("seeds", 30), ("prompts", 10)):
        (tmp_path / folder).mkdir()
        for number in range(SHARDS):
            part = seeds.iloc[number::SHARDS][:rows]
            part = part if folder == "seeds" else part[["sentence"]]
            part.to_parquet(tmp_path / folder / f"{number}.parquet")
    np.save(tmp_path / "classes.npy", rng.normal(size=(CLASSES, 16)).astype(np.float32))
    return tmp_path


class Killer:
    """Progress that ends a worker when the first piece of work is done."""

    def __init__(self, executor):
        self.client = getattr(executor, "client", None)
        self.killed = False

    def __call__(self, stage, done, total):
        if self.client is not None and not self.killed:
            workers = self.client.run(os.getpid)
            os.kill(next(iter(workers.values())), signal.SIGKILL)
            self.killed = True


def run_all(files, output, executor):
    """Encode, build, evaluate and rank; the bytes of all that is written and predicted."""
    vectors, nearest = output / "vectors", output / "nearest"
    encoding = Encoding(EncoderModel.of(TextEncoder()), vectors)
    shards = encode_shards(str(files / "seeds"), encoding, executor=executor, progress=Killer(executor))
    assert len(shards) == SHARDS
    # What a worker told of a shard can die with it: the shard is then found finished by the next.
    assert isinstance(executor, DaskWorkers) or not any(shard.was_finished for shard in shards)
    settings = Settings(pooling="mean", class_embeddings=str(files / "classes.npy"), vectors=vectors)
    study = Study(settings, cache=output / "cache")
    study.build()
    figures = study.evaluations.headline_figures("ridge", executor=executor)
    found = dict(evaluate_on(executor, MAPPINGS, study.pairs, study.evaluations.folds("classes")))
    answered = answer_shards(study, str(files / "prompts"), nearest, "ridge", executor=executor)
    assert sum(shard.rows for shard in answered) == 60
    written = {path.relative_to(output): path.read_bytes() for at in (vectors, nearest) for path in at.iterdir()}
    return written | {name: found[name].predictions.tobytes() for name in MAPPINGS} | {"headline": repr(figures)}


@pytest.mark.slow
def test_a_cluster_with_a_killed_worker_gives_the_same_bytes(files):
    outputs = []
    for workers in (None, 2):
        output = files / f"with {workers}"
        with open_executor(workers=workers) as executor:
            outputs.append(run_all(files, output, executor))
    alone, spread = outputs
    assert alone.keys() == spread.keys()
    assert [name for name in alone if alone[name] != spread[name]] == []


def test_prompts_are_drawn_into_a_folder_and_not_again(files, tiny_folder):
    settings = Settings(pooling="mean", generator=str(tiny_folder))
    study = Study(settings, cache=files / "cache")
    (files / "list.csv").write_text("prompt\na goldfish\n\N{SLIGHTLY SMILING FACE}\na shark\n")
    drawing, output = DrawingSettings(), files / "pictures"
    (shard,) = answer_shards(study, str(files / "list.csv"), output, "ridge", drawing=drawing)
    assert (shard.rows, [one.line for one in shard.refused], shard.was_finished) == (2, [3], False)
    table = pd.read_parquet(output / "list.parquet")
    assert table["line"].tolist() == [2, 4]
    assert sorted(path.name for path in (output / "list").iterdir()) == sorted(table["file"])
    (again,) = answer_shards(study, str(files / "list.csv"), output, "ridge", drawing=drawing)
    (other,) = answer_shards(study, str(files / "list.csv"), output, "ridge", drawing=DrawingSettings(noise_seed=1))
    assert again.was_finished and not other.was_finished
    shutil.rmtree(output / "list")
    (anew,) = answer_shards(study, str(files / "list.csv"), output, "ridge", drawing=DrawingSettings(noise_seed=1))
    assert not anew.was_finished and (output / "list" / table["file"][0]).is_file()


def test_answers_are_those_of_the_lines_and_files_that_are_there_now(files, tiny_folder):
    study = Study(Settings(pooling="mean", generator=str(tiny_folder)), cache=files / "cache")
    given, output = files / "given", files / "answers"
    given.mkdir()
    (given / "a.csv").write_text("prompt\na goldfish\n")
    (given / "b.csv").write_text("prompt\na shark\n")
    answer_shards(study, str(given), output, "ridge")
    assert json.loads((output / "shards.json").read_text()) == ["a", "b"]
    (given / "b.csv").unlink()
    (given / "a.csv").write_text("prompt\n\n\na goldfish\n")
    (shard,) = answer_shards(study, str(given), output, "ridge")
    assert not shard.was_finished and pd.read_parquet(output / "a.parquet")["line"].tolist() == [4]
    assert json.loads((output / "shards.json").read_text()) == ["a"]
    with pytest.raises(InputError, match=r"a\.csv lies in"):
        answer_shards(study, str(given), given, "ridge")
    with pytest.raises(InputError, match="not written by 'encode'"):
        _ = Study(Settings(pooling="mean", vectors=str(output)), cache=files / "cache").X


@pytest.mark.parametrize("command", ["nearest", "generate"])
def test_prompts_in_the_folder_of_answers_are_refused_before_a_study_is_built(files, monkeypatch, capsys, command):
    monkeypatch.setattr(Study, "build", None)
    before = (files / "prompts" / "0.parquet").read_bytes()
    assert main([command, "--prompts", str(files / "prompts"), "--output", str(files / "prompts")]) == 2
    assert "write them to another folder" in capsys.readouterr().err
    assert (files / "prompts" / "0.parquet").read_bytes() == before
