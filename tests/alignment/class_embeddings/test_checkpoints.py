"""Which matrix of a checkpoint is read as the class embeddings."""

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from alignment.class_embeddings.embedding_files import read_embeddings
from alignment.errors import InputError

MATRIX = np.random.default_rng(0).normal(size=(10, 5))
TENSOR = torch.from_numpy(MATRIX).float()


def test_one_of_several_matrices_by_its_usual_name(tmp_path):
    path = tmp_path / "m.pt"
    torch.save({"embeddings.weight": TENSOR, "linear.weight": torch.ones(3, 4)}, path)
    found, notes, *_ = read_embeddings(path)
    np.testing.assert_allclose(found, MATRIX, rtol=1e-6)
    assert notes == [f"{path}: 'embeddings.weight' is read."]
    save_file({"vectors": TENSOR.bfloat16(), "bias": torch.ones(7)}, tmp_path / "m.safetensors")
    assert read_embeddings(tmp_path / "m.safetensors")[0].shape == (10, 5)
    np.savez(tmp_path / "two.npz", a=MATRIX, b=MATRIX)
    with pytest.raises(InputError, match="one matrix, or one called 'embeddings'; it holds a, b"):
        read_embeddings(tmp_path / "two.npz")


@pytest.mark.parametrize("name", ["module.embeddings.weight", "G.embedding.weight", "model.embeddings.weight"])
def test_the_one_matrix_of_a_checkpoint_whose_names_have_a_prefix(tmp_path, name):
    torch.save({name: TENSOR, "module.norm.weight": torch.ones(7)}, tmp_path / "m.pt")
    save_file({name: TENSOR}, tmp_path / "m.safetensors")
    for file in ("m.pt", "m.safetensors"):
        np.testing.assert_allclose(read_embeddings(tmp_path / file)[0], MATRIX, rtol=1e-6)
    torch.save({name: TENSOR, "module.linear.weight": torch.ones(3, 4)}, tmp_path / "two.pt")
    with pytest.raises(InputError, match="must hold one matrix"):
        read_embeddings(tmp_path / "two.pt")


@pytest.mark.parametrize(
    ("name", "shape"),
    [("shared.weight", (10, 5)), ("fc.weight", (10, 5)), ("map_label.weight", (5, 10)), ("label_emb.weight", (11, 5))],
    ids=["a BigGAN in torch", "a classifier", "one column per class", "a diffusion model with guidance"],
)
def test_a_checkpoint_s_one_matrix_with_a_row_for_each_class_is_read(tmp_path, name, shape):
    matrix = torch.arange(55.0)[: shape[0] * shape[1]].reshape(shape)
    others = {
        f"copy.{name}": matrix.clone(),
        "blocks.0.weight": torch.ones(3, 4),
        "conv.weight": torch.ones(10, 2, 3, 3),
        "bias": torch.ones(10),
    }
    torch.save({"model": {name: matrix} | others}, tmp_path / "m.pt")
    found, notes, *_ = read_embeddings(tmp_path / "m.pt", 10)
    rows = matrix.T if shape == (5, 10) else matrix[:10]
    assert (found == rows.numpy()).all() and notes[0].endswith(f"{name!r} is read.")
    assert any("the last of its 11 rows is left out" in note for note in notes) == (shape == (11, 5))


@pytest.mark.parametrize(
    "name",
    [
        "y_embedder.embedding_table.weight",
        "transformer_blocks.0.norm1.emb.class_embedder.embedding_table.weight",
        "model.diffusion_model.label_emb.weight",
        "class_emb.weight",
    ],
)
def test_the_row_that_guidance_keeps_for_no_class_is_left_out(tmp_path, name):
    matrix = torch.arange(55.0).reshape(11, 5)
    torch.save({name: matrix, "x_embedder.weight": torch.ones(3, 4)}, tmp_path / "m.pt")
    found, notes, *_ = read_embeddings(tmp_path / "m.pt", 10)
    assert (found == matrix[:10].numpy()).all() and "the last of its 11 rows is left out" in notes[1]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"emb.weight": 10, "head.weight": 10}, "one matrix with 10 rows or columns, or .* it holds emb.weight, head"),
        ({"fc.weight": 11, "conv.weight": 3}, "must hold one matrix, or one called"),
        ({"t_embedder.mlp.2.weight": 11, "conv.weight": 3}, "must hold one matrix, or one called"),
        *(
            ({name: 11}, "has 11 rows, but 10 classes are named")
            for name in ("fc.weight", "embeddings", "class_embeddings", "embedding.weight", "embeddings.weight")
        ),
    ],
    ids=["two", "a background class, which may be the first", "of time", *["the only matrix"] * 5],
)
def test_a_checkpoint_whose_rows_leave_a_doubt_is_refused(tmp_path, rows, message):
    held = {name: torch.eye(count, 7) + place for place, (name, count) in enumerate(rows.items())}
    torch.save(held, tmp_path / "m.pt")
    with pytest.raises(InputError, match=message):
        read_embeddings(tmp_path / "m.pt", 10)


@pytest.mark.parametrize("around", [["model"], ["checkpoint", "model"]])
def test_a_matrix_within_the_dictionaries_of_a_checkpoint(tmp_path, around):
    held = {"embeddings.weight": TENSOR, "bias": torch.ones(3)}
    for name in reversed(around):
        held = {name: held, "epoch": 3}
    torch.save(held, tmp_path / "m.pt")
    np.testing.assert_allclose(read_embeddings(tmp_path / "m.pt").vectors, MATRIX, rtol=1e-6)
