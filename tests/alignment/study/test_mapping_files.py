"""Mappings as files: the same predictions again, nothing that runs, and no other models than those they fit."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from safetensors import safe_open
from safetensors.numpy import save_file

from alignment.errors import InputError
from alignment.mappings import LINEAR_MAPPINGS, MAPPINGS, make_mapping
from alignment.study import Study
from alignment.study.mapping_files import LINEAR, linear_part, mapping_bytes, read_mapping

MODELS = {
    "encoder": "minilm",
    "encoder_sha256": "a",
    "layer": 6,
    "pooling": "mean",
    "class_space": "bundled",
    "class_space_sha256": "b",
    "classes_sha256": "c",
}
SIZES = 6, 4  # of text space and class space
DOCUMENT = Path(__file__).parents[3] / "docs" / "mapping-files.md"


@pytest.fixture
def pairs(rng):
    return rng.normal(size=(40, 6)).astype(np.float32), rng.normal(size=(40, 4))


def write(folder, key, pairs, suffix):
    fitted = make_mapping(key).fit(*pairs)
    path = folder / f"map{suffix}"
    path.write_bytes(mapping_bytes(fitted, {"mapping": key} | MODELS, pairs[0], suffix))
    return fitted, path


@pytest.mark.parametrize(("key", "suffix"), [("ridge", ".safetensors"), ("ridge", ".npz"), ("kernel-ridge", ".npz")])
def test_a_mapping_from_a_file_predicts_the_same(tmp_path, pairs, rng, key, suffix):
    fitted, path = write(tmp_path, key, pairs, suffix)
    x = rng.normal(size=(5, 6))
    assert_allclose(read_mapping(str(path), MODELS, SIZES).mapping.predict(x), fitted.predict(x), atol=1e-9)


def test_the_lines_of_numpy_in_the_document(tmp_path, pairs, monkeypatch):
    fitted, _ = write(tmp_path, "ridge", pairs, LINEAR)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("alignment.text.encoder.TextEncoder.encode", lambda encoder, sentences: pairs[0][:1])
    names = {}
    exec(re.search(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S).group(1), names)
    assert_allclose(names["z"], fitted.predict(pairs[0][:1]), atol=1e-9)
    assert names["about"] == {"mapping": "ridge"} | MODELS


@pytest.mark.parametrize("suffix", ["", ".bin", "safetensors", ".npy", None])
def test_an_ending_of_no_mapping_file_is_refused_before_anything_is_fitted(small_study, pairs, monkeypatch, suffix):
    message = r"A mapping is written as one of \.safetensors, \.npz, not as "
    with pytest.raises(InputError, match=message):
        mapping_bytes(make_mapping("ridge").fit(*pairs), {"mapping": "ridge"} | MODELS, pairs[0], suffix)
    monkeypatch.setattr(type(small_study), "mapping", None)
    with pytest.raises(InputError, match=message):
        small_study.export_mapping("ridge", suffix)


@pytest.mark.parametrize("key", MAPPINGS)
def test_which_mappings_are_linear(small_study, pairs, monkeypatch, key):
    if key != "linear-softmax":  # which trains for seconds, and is a softmax by its definition
        assert (linear_part(make_mapping(key).fit(*pairs), pairs[0]) is not None) == (key in LINEAR_MAPPINGS)
    assert (f"`{key}`" in DOCUMENT.read_text(encoding="utf-8")) == (key in LINEAR_MAPPINGS)
    if key not in LINEAR_MAPPINGS:
        monkeypatch.setattr(type(small_study), "mapping", None)
        with pytest.raises(InputError, match=rf"'{key}' is not linear; write it to a name .* or choose"):
            small_study.export_mapping(key, LINEAR)


def test_what_is_not_linear_is_no_matrix(tmp_path, pairs):
    assert linear_part(make_mapping("kernel-ridge").fit(*pairs), pairs[0]) is None
    with pytest.raises(InputError, match=r"'kernel-ridge' is not linear; write it to a name that ends in \.npz"):
        write(tmp_path, "kernel-ridge", pairs, LINEAR)


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"encoder_sha256": "x"}, r"another encoder \(minilm\)"),
        ({"layer": 3}, "layer 6"),
        ({"pooling": "cls"}, "the pooling 'mean'"),
        ({"class_space_sha256": "x"}, r"another class space \(bundled\)"),
        ({"classes_sha256": "x"}, "another list of classes"),
    ],
)
def test_other_models_are_refused(tmp_path, pairs, suffix, other, message):
    _, path = write(tmp_path, "ridge", pairs, suffix)
    with pytest.raises(InputError, match=f"was learned for {message}"):
        read_mapping(str(path), MODELS | other, SIZES)


def changed(path, **tensors):
    """Other numbers in a file, whose labels stay."""
    with safe_open(path, framework="numpy") as file:
        held = {name: file.get_tensor(name) for name in file.keys()} | tensors  # noqa: SIM118
        metadata = file.metadata()
    save_file(held, path, metadata=metadata)


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        (
            {"matrix": np.ones((6, 3)), "z_offset": np.ones(3)},
            "vectors of 6 numbers to class vectors of 4; its matrix is 6 x 3",
        ),
        (
            {"matrix": np.ones((5, 4)), "x_offset": np.ones(5)},
            "vectors of 6 numbers to class vectors of 4; its matrix is 5 x 4",
        ),
        ({"matrix": np.full((6, 4), np.nan)}, "holds numbers that are not finite"),
        ({"z_offset": np.full(4, np.inf)}, "holds numbers that are not finite"),
    ],
)
def test_numbers_that_do_not_fit_the_spaces_are_refused(tmp_path, pairs, tensors, message):
    _, path = write(tmp_path, "ridge", pairs, LINEAR)
    changed(path, **tensors)
    with pytest.raises(InputError, match=message):
        read_mapping(str(path), MODELS, SIZES)


@pytest.mark.parametrize("sizes", [(5, 4), (6, 3)])
def test_a_mapping_that_is_no_matrix_is_compared_with_the_spaces_too(tmp_path, pairs, sizes):
    _, path = write(tmp_path, "kernel-ridge", pairs, ".npz")
    with pytest.raises(InputError, match=f"does not take sentence vectors of {sizes[0]} numbers to .* of {sizes[1]}"):
        read_mapping(str(path), MODELS, sizes)


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
def test_a_damaged_file_is_one_sentence(tmp_path, pairs, suffix):
    _, path = write(tmp_path, "ridge", pairs, suffix)
    content = path.read_bytes()
    for damaged in (b"", b"x", content[:100], content[:-50]):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match="is not a mapping written by export-mapping, or it is damaged"):
            read_mapping(str(path), MODELS, SIZES)
    with pytest.raises(InputError, match="Cannot read"):
        read_mapping(str(tmp_path / f"none{suffix}"), MODELS, SIZES)


def test_the_default_mapping_of_the_study_comes_back(study, tmp_path):
    path = tmp_path / "map.npz"
    path.write_bytes(study.export_mapping())
    assert_allclose(study.map(["I have a cat"], str(path)), study.map(["I have a cat"]), atol=1e-6)


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
@pytest.mark.parametrize(
    ("lacks", "message"), [("classes_sha256", "states no class list; export it again"), ("encoder", "or it is damaged")]
)
def test_a_file_that_lacks_what_it_was_learned_for_is_refused(tmp_path, pairs, suffix, lacks, message):
    fitted, path = write(tmp_path, "ridge", pairs, suffix)
    about = {"mapping": "ridge"} | {name: said for name, said in MODELS.items() if name != lacks}
    path.write_bytes(mapping_bytes(fitted, about, pairs[0], suffix))
    with pytest.raises(InputError, match=message):
        read_mapping(str(path), MODELS, SIZES)


def test_a_mapping_file_replaced_meanwhile_keeps_nothing_under_the_new_ones_name(tiny, tmp_path):
    path = tmp_path / "map.npz"
    study = Study(**tiny)
    path.write_bytes(study.export_mapping("ridge"))
    mapped, digest = study.map(["a lemon"], str(path)), study.mapping_digest(str(path))
    path.write_bytes(study.export_mapping("prototypes"))
    assert_allclose(study.map(["a lemon"], str(path)), mapped)
    assert study.mapping_digest(str(path)) == digest != Study(**tiny).mapping_digest(str(path))


def test_confidence_in_a_mapping_file_depends_on_the_seeds_too(tiny, tmp_path):
    path = tmp_path / "map.npz"
    path.write_bytes(Study(**tiny).export_mapping("ridge"))
    other = {**tiny, "settings": replace(tiny["settings"], added_seeds=str(tmp_path / "more.csv"))}
    (tmp_path / "more.csv").write_text("sentence,class\nA sour lemon on a plate,lemon\n")
    assert Study(**tiny).mapping_digest(str(path)) != Study(**other).mapping_digest(str(path))
