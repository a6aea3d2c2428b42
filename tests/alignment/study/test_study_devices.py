"""A study on another device has entries of its own in the cache; one on the CPU has those it always had."""

import json

import pytest
import torch

from alignment.interpolation.paths import InterpolationSettings
from alignment.study import Settings, Study
from alignment.study.interpolation_files import to_json
from alignment.study.shared_encoding import encode_for_every_pooling
from alignment.text.encoder import TextEncoder


@pytest.fixture
def keys(tiny_folder, tmp_path):
    """Digests of the keys of sentences, of mappings and of class pictures for a device."""
    seeds = tmp_path / "seeds.csv"
    seeds.write_text("sentence,class\na tench,0\na goldfish,1\n")

    def of(device):
        study = Study(Settings(generator=str(tiny_folder), seeds=str(seeds), device=device), cache=tmp_path / "cache")
        asked = []
        study.cache.fetch = lambda key, compute: asked.append(key())
        study.pictures.of_classes()
        return study.sentence_vectors.key([("a cat", "")]).digest, study.mapping_key("ridge").digest, asked[0].digest

    return of


@pytest.fixture
def card(monkeypatch):
    """A machine with a card, as far as names go: what is moved there stays where it is."""
    monkeypatch.setattr(torch.nn.Module, "to", lambda module, *_: module)
    monkeypatch.setattr("alignment.execution.placement.devices_here", lambda: {"cuda": "A card", "cpu": "processor"})


def test_entries_of_another_device_are_not_mistaken(keys, card):
    on_cpu, on_gpu = keys("cpu"), keys("auto")
    assert on_gpu == keys("cuda") and not set(on_cpu) & set(on_gpu)


def test_a_study_without_a_card_has_the_keys_of_the_cpu(keys, monkeypatch):
    monkeypatch.setattr("alignment.execution.placement.devices_here", lambda: {"cpu": "processor"})
    assert keys("auto") == keys("cpu")


def test_a_key_on_the_cpu_says_nothing_of_devices(tiny_folder, tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(
        "alignment.study.sentence_vectors.artifact_key", lambda compute, *inputs, about: read.append(inputs)
    )
    study = Study(Settings(generator=str(tiny_folder), device="cpu"), cache=tmp_path / "cache")
    study.sentence_vectors.key([("a cat", "")])
    assert read == [(study.encoder.fingerprint, 6, "subject", [], study.encoder.dtype, [("a cat", "")])]


def test_a_pass_that_moved_to_another_device_is_not_kept(tiny, monkeypatch):
    device, batches = ["float32 on cuda"], TextEncoder.token_batches

    def moving(*given, **options):
        yield from batches(*given, **options)
        device[:] = ["float32"]  # as where a card's memory is too short for the last batches

    monkeypatch.setattr(TextEncoder, "computed_in", property(lambda encoder: device[0]))
    monkeypatch.setattr(TextEncoder, "token_batches", moving)
    study = Study(**tiny)
    encode_for_every_pooling(study, lambda *step: None)
    assert not study.sentence_vectors.has_seeds


def test_a_saved_interpolation_opens_on_machines_with_other_devices():
    saved = json.loads(to_json(Settings(device="cuda"), InterpolationSettings(("a", "b"))))
    assert "device" not in saved["models"]
