"""The commands doctor and fetch."""

import re

import pytest
import torch

from alignment.__main__ import main
from alignment.errors import InputError
from alignment.text import checkpoints as encoders


@pytest.fixture
def small(monkeypatch):
    """Only the bundled models, and one that is not here."""
    from alignment.images import checkpoints as generators

    monkeypatch.setattr(generators, "GENERATORS", {"bundled": generators.GENERATORS["bundled"]})
    monkeypatch.setattr(encoders, "is_here", lambda name: name == "minilm")


@pytest.mark.slow
def test_doctor_says_what_is_here_and_how_fast(small, monkeypatch, capsys):
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    assert main(["doctor"]) == 0
    said = dict(line.split("  ", 1) for line in capsys.readouterr().out.splitlines())
    assert ", 1 thread, torch " in said["processor"]
    assert re.search(r"cpu \(processor\): .*[\d.]+ TFLOP/s in float32", said["devices"])
    has_card = torch.cuda.is_available() or torch.backends.mps.is_available()
    assert ("no graphics card that torch can use" in said["devices"]) != has_card
    assert "sentences a second" in said["encoder minilm"]
    assert "a picture of 256 x 256 in" in said["generator bundled"]
    assert "'fetch distilbert-base-uncased' downloads 268 MB" in said["encoder distilbert-base-uncased"]


def test_a_device_that_is_not_here_is_refused_before_any_work(capsys):
    if torch.cuda.is_available():
        pytest.skip("it is here")
    assert main(["nearest", "a cat", "--device", "cuda"]) == 2
    said = capsys.readouterr().err
    assert said == f"error: torch {torch.__version__} finds no device 'cuda' here; it can use cpu.\n"


def test_doctor_names_what_does_not_work_and_goes_on(small, capsys, monkeypatch):
    def broken(name):
        raise InputError("minilm is not the published checkpoint")

    monkeypatch.setattr("alignment.text.encoder.find_folder", broken)
    assert main(["doctor"]) == 2
    said = capsys.readouterr()
    assert "does not work: minilm is not the published checkpoint" in said.out and "generator bundled" in said.out
    assert said.err == "error: Not all works: encoder minilm.\n"


def test_fetch_goes_on_after_what_fails(capsys, monkeypatch, tmp_path):
    def find(name):
        if name == "none":
            raise InputError("'none' is not on this machine")
        return tmp_path

    monkeypatch.setattr(encoders, "find_folder", find)
    assert main(["fetch", "none", "minilm", "bundled"]) == 2
    said = capsys.readouterr()
    assert said.out.startswith(f"minilm: here, in {tmp_path}\nbundled: here, in ")
    assert "none: 'none' is not on this machine" in said.err and "Not fetched: none." in said.err
