"""Folders of encoders: none runs code, and a damaged one is refused in one sentence."""

import io
import json
import sys

import pytest
from numpy.testing import assert_allclose

from alignment.errors import InputError
from alignment.text.checkpoints import depth, load_model
from alignment.text.encoder import TextEncoder
from tests.alignment.text.families import FAMILIES, SENTENCES

CODE = """
from pathlib import Path
Path(__file__).with_name("run").touch()
Path({marker!r}).touch()
from transformers import DistilBertConfig as Own, DistilBertModel as OwnModel, DistilBertTokenizerFast as OwnTokenizer
"""
AUTO_MAP = {"AutoConfig": "own.Own", "AutoModel": "own.OwnModel", "AutoTokenizer": ["own.OwnTokenizer"] * 2}


@pytest.fixture
def folder(tmp_path, encoder):
    """A tiny DistilBERT."""
    from transformers import DistilBertConfig, DistilBertModel

    folder = tmp_path / "encoder"
    DistilBertModel(DistilBertConfig(dim=32, n_heads=2, n_layers=2, hidden_dim=64)).save_pretrained(folder)
    encoder._tokenizer.save_pretrained(folder)
    return folder


def change(path, **entries):
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


@pytest.mark.parametrize("answer", ["y\n", ""])
def test_code_beside_the_weights_is_neither_run_nor_asked_about(folder, tmp_path, monkeypatch, capsys, answer):
    marker = tmp_path / "run"
    (folder / "own.py").write_text(CODE.format(marker=str(marker)))
    change(folder / "config.json", auto_map=AUTO_MAP, model_type="own")
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    with pytest.raises(
        InputError, match=r"Python code that comes with it \(config\.json, auto_map\), which is never done"
    ):
        TextEncoder(folder).encode(["I have a cat"])
    assert not marker.exists() and capsys.readouterr().out == ""


def test_code_that_is_not_needed_is_passed_over(folder, tmp_path):
    marker = tmp_path / "run"
    (folder / "own.py").write_text(CODE.format(marker=str(marker)))
    change(folder / "config.json", auto_map=AUTO_MAP)
    change(folder / "tokenizer_config.json", auto_map=AUTO_MAP, tokenizer_class="OwnTokenizer")
    encoder = TextEncoder(folder)
    assert encoder.encode(["I have a cat"]).shape == (1, 32)
    assert not marker.exists()
    assert encoder.notes == [
        f"{folder} comes with Python code of its own (config.json, auto_map), which is not run; its vectors may differ "
        "from those of its authors"
    ]


@pytest.mark.parametrize("zipped", [True, False])
def test_a_whole_pickled_model_is_one_sentence(folder, zipped):
    import torch

    (folder / "model.safetensors").unlink()
    torch.save(torch.nn.Linear(2, 2), folder / "pytorch_model.bin", _use_new_zipfile_serialization=zipped)
    told = r"cannot be read: they hold more than tensors, and loading it could run code; save the model's state_dict"
    with pytest.raises(InputError, match=told):
        TextEncoder(folder).encode(["I have a cat"])


@pytest.mark.parametrize("content", [b"hello" * 100, b"\x80\x02abc", b"PK\x03\x04" * 100])
def test_damaged_weights_are_one_sentence(folder, content):
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(content)
    with pytest.raises(InputError, match=r"encoder cannot be read: the file is damaged, or holds none\.$"):
        TextEncoder(folder).encode(["I have a cat"])


def rename(folder, wrapper):
    """Put a name before those of all weights."""
    from safetensors.torch import load_file, save_file

    state = load_file(folder / "model.safetensors")
    save_file({wrapper + key: value for key, value in state.items()}, folder / "model.safetensors", {"format": "pt"})
    load_model.cache_clear()


@pytest.mark.parametrize("wrapper", ["module.", "_orig_mod.", "model.", "module._orig_mod."])
@pytest.mark.parametrize("family", ["bert", "bert-with-head", "llama-with-head", "t5-with-head", "clip", "opt"])
def test_weights_that_were_saved_from_inside_of_a_wrapper(tmp_path, family, wrapper):
    FAMILIES[family](tmp_path)
    expected = TextEncoder(tmp_path, dtype="float32", device="cpu").encode(SENTENCES)
    rename(tmp_path, wrapper)
    assert_allclose(TextEncoder(tmp_path, dtype="float32", device="cpu").encode(SENTENCES), expected, atol=1e-5)


def test_other_names_before_those_of_weights_are_not_taken_off(folder):
    rename(folder, "teacher.")
    with pytest.raises(InputError, match="they are not this encoder's checkpoint"):
        TextEncoder(folder).encode(["I have a cat"])


def test_a_type_that_is_not_known_is_named(folder):
    change(folder / "config.json", model_type="model2vec")
    with pytest.raises(InputError, match=r"is of the type 'model2vec', which transformers \S+ does not know; choose"):
        TextEncoder(folder)


def test_an_adapter_is_not_taken_for_its_model_nor_passed_over_in_silence(folder):
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        (folder / name).write_text("{}")
    (note,) = TextEncoder(folder).notes
    assert "comes with an adapter (adapter_model.safetensors), which is not used; merge it into the weights" in note
    (folder / "config.json").unlink()
    with pytest.raises(InputError, match=r"holds an adapter without its model \(adapter_config\.json\); merge them"):
        TextEncoder(folder)


def test_the_depth_of_an_encoder_is_known_without_its_weights(folder, tmp_path):
    assert [depth("minilm"), depth("distilbert-base-uncased"), depth(str(folder))] == [6, 6, 2]
    assert depth("") is None and depth("nobody/nothing") is None
    (folder / "config.json").write_text("{")
    assert depth(str(folder)) is None


@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json", "tokenizer.json"])
@pytest.mark.parametrize(
    "content", ["[]", "3", "", "{", "null", '"\\ud800"', "[" * 100_000, '{"model_type": []}', "\0"]
)
def test_a_file_that_is_no_settings_is_one_sentence(folder, file, content):
    (folder / file).write_text(content)
    load_model.cache_clear()
    try:
        TextEncoder(folder).encode(["I have a cat"])  # what does not matter to the vectors may be passed over
    except InputError as error:
        assert len(str(error)) < 400 and "\n" not in str(error)


@pytest.mark.parametrize("entries", [{"num_hidden_layers": -1}, {"n_layers": 10**30}, {"dim": "x"}, {"n_heads": 0}])
def test_absurd_figures_of_an_encoder_are_one_sentence(folder, entries):
    change(folder / "config.json", **entries)
    with pytest.raises(InputError, match=r"^[^\n]+$"):
        TextEncoder(folder).encode(["I have a cat"])


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9\n", "is a Git LFS pointer"),
        (b"<!doctype html><html></html>", "is a web page"),
    ],
)
def test_a_file_of_an_encoder_that_is_only_a_stand_in_is_named(folder, name, content, message):
    (folder / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name} {message}, not the file itself"):
        TextEncoder(folder).encode(["a cat"])
