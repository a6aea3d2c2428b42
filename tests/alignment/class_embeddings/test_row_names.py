"""Names beside the rows of a matrix: they order it, contradict the classes, or are said not to be compared."""

import json
import re

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from alignment.class_embeddings.class_space import EmbeddingMatrix
from alignment.dictionary.class_files import read_classes
from alignment.dictionary.classes import imagenet_classes
from alignment.errors import InputError

MATRIX = np.array([[1.5, 2.5], [3.5, 4.5], [5.5, 6.5]], dtype=np.float32)
CLASSES = b"name,wordnet_id,group\ncat,n00000001,pet\ndog,n00000002,pet\nowl,n00000003,bird\n"
SWAPPED = ["dog", "cat", "owl"]


@pytest.fixture
def classes():
    return read_classes(CLASSES)[0]


def written(path, names):
    """The matrix with names beside its rows, in the format of the file's suffix."""
    match path.suffix:
        case ".csv":
            rows = [f"{name},{a},{b}" for name, (a, b) in zip(names, MATRIX, strict=True)]
            path.write_text("\n".join(["name,d0,d1", *rows]))
        case ".npz":
            np.savez(path, embeddings=MATRIX, labels=np.array(names))
        case _:
            torch.save({"embeddings": torch.from_numpy(MATRIX), "labels": names}, path)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".pt"])
@pytest.mark.parametrize("names", [SWAPPED, ["n00000002", "n00000001", "n00000003"], ["Dogs", "CAT", "owls"]])
def test_names_put_the_rows_into_the_order_of_the_classes(tmp_path, classes, suffix, names):
    space = EmbeddingMatrix(written(tmp_path / f"m{suffix}", names), classes)
    assert (space.class_embeddings == MATRIX[[1, 0, 2]]).all()
    assert "the rows are put into the order of the classes by its" in space.notes[-1]


@pytest.mark.parametrize("suffix", [".npz", ".pt", ".safetensors", ".json"])
def test_vectors_by_name_are_rows_with_names(tmp_path, classes, suffix):
    """As word vectors are often kept: ``{"dog": vector, ...}``."""
    vectors, path = dict(zip(SWAPPED, MATRIX, strict=True)), tmp_path / f"m{suffix}"
    match suffix:
        case ".npz":
            np.savez(path, **vectors)
        case ".json":
            path.write_text(json.dumps({name: vector.tolist() for name, vector in vectors.items()}))
        case ".pt":
            torch.save({name: torch.from_numpy(vector) for name, vector in vectors.items()}, path)
        case _:
            save_file({name: torch.from_numpy(vector) for name, vector in vectors.items()}, path)
    assert (EmbeddingMatrix(path, classes).class_embeddings == MATRIX[[1, 0, 2]]).all()


TENSOR = torch.from_numpy(MATRIX)
ORDER = [1, 0, 2]


@pytest.mark.parametrize(
    "beside",
    [
        {"names": np.array([[name] for name in SWAPPED])},
        {"labels": np.array(ORDER)},
        {"y": np.array([[1], [0], [2]])},
        {"targets": np.array([1.0, 0.0, 2.0])},
        {"labels": np.array(ORDER), "groups": np.array(["pet", "pet", "bird"])},
        {"labels": np.arange(3), "names": np.array(SWAPPED)},
    ],
)
def test_an_npz_names_its_rows_in_a_column_or_by_class_numbers(tmp_path, classes, beside):
    np.savez(tmp_path / "m.npz", embeddings=MATRIX, **beside)
    space = EmbeddingMatrix(tmp_path / "m.npz", classes)
    assert (space.class_embeddings == MATRIX[ORDER]).all()
    assert "the rows are put into the order of the classes by its array" in space.notes[-1]


@pytest.mark.parametrize(
    "held",
    [
        {"embeddings": TENSOR, "names": tuple(SWAPPED)},
        {"embeddings": TENSOR, "class_to_idx": {"cat": 1, "dog": 0, "owl": 2}},
        {"embeddings": TENSOR, "classes": {0: "dog", 1: "cat", 2: "owl"}},
        {"embeddings": TENSOR, "id2label": {"1": "cat", "0": "dog", "2": "owl"}},
        {"embeddings": TENSOR, "labels": ORDER},
        {"embeddings": TENSOR, "labels": torch.tensor(ORDER)},
        {"model": {"embeddings": TENSOR, "names": SWAPPED}, "epoch": 3},
        {"model": {"embeddings": TENSOR}, "names": SWAPPED},
        (SWAPPED, TENSOR),
    ],
)
def test_torch_s_files_name_their_rows_in_many_forms(tmp_path, classes, held):
    torch.save(held, tmp_path / "m.pt")
    space = EmbeddingMatrix(tmp_path / "m.pt", classes)
    assert (space.class_embeddings == MATRIX[ORDER]).all()
    assert "the rows are put into the order of the classes by its array" in space.notes[-1]


def test_class_numbers_of_safetensors_order_the_rows(tmp_path, classes):
    save_file({"embeddings": TENSOR, "labels": torch.tensor(ORDER)}, tmp_path / "m.safetensors")
    assert (EmbeddingMatrix(tmp_path / "m.safetensors", classes).class_embeddings == MATRIX[ORDER]).all()


def test_class_numbers_that_contradict_are_refused_and_those_that_count_are_not(tmp_path, classes):
    for numbers in ([0, 0, 1], [2, 1, 3]):
        np.savez(tmp_path / "m.npz", embeddings=MATRIX, labels=np.array(numbers))
        with pytest.raises(InputError, match="its array 'labels' contradicts the classes"):
            EmbeddingMatrix(tmp_path / "m.npz", classes)
    for numbers, noted in (([0, 1, 2], ""), ([1, 2, 3], "'labels' counts the rows from 1 and is passed over")):
        np.savez(tmp_path / "m.npz", embeddings=MATRIX, labels=np.array(numbers))
        space = EmbeddingMatrix(tmp_path / "m.npz", classes)
        assert (space.class_embeddings == MATRIX).all() and noted in space.notes[-1]


def test_what_else_stands_beside_every_row_is_said(tmp_path, classes):
    np.savez(tmp_path / "m.npz", embeddings=MATRIX, counts=np.array([7, 9, 8]), bias=np.ones(5))
    notes = EmbeddingMatrix(tmp_path / "m.npz", classes).notes
    assert notes[-1].endswith("the array 'counts' beside its rows is passed over.")
    torch.save({"embeddings": TENSOR, "shares": [0.5, 0.2, 0.3], "masks": [TENSOR[0]] * 3}, tmp_path / "m.pt")
    notes = EmbeddingMatrix(tmp_path / "m.pt", classes).notes
    assert notes[-1].endswith("the arrays 'shares', 'masks' beside its rows are passed over.")


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".pt"])
def test_names_in_order_or_of_something_else_leave_the_rows(tmp_path, classes, suffix):
    space = EmbeddingMatrix(written(tmp_path / f"m{suffix}", ["cat", "dog", "owl"]), classes)
    assert (space.class_embeddings == MATRIX).all() and "order of the classes" not in " ".join(space.notes)
    space = EmbeddingMatrix(written(tmp_path / f"m{suffix}", ["a", "b", "c"]), classes)
    assert (space.class_embeddings == MATRIX).all() and "was not compared with the classes" in space.notes[-1]


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (["dog", "brid", "owl"], "'brid' is none of them"),
        (["dog", "dog", "owl"], "row 0, from 0, is called 'dog', and class 0 'cat'"),
        (["bird", "pet", "pet"], "row 0, from 0, is called 'bird', and class 0 'cat'"),
    ],
)
def test_names_that_contradict_the_classes_are_refused(tmp_path, classes, names, problem):
    with pytest.raises(InputError, match=re.escape(f"its column 'name' contradicts the classes ({problem})")):
        EmbeddingMatrix(written(tmp_path / "m.csv", names), classes)
    with pytest.raises(InputError, match=r"its array 'labels' contradicts the classes"):
        EmbeddingMatrix(written(tmp_path / "m.npz", names), classes)


def test_another_number_of_names_is_refused(tmp_path, classes):
    np.savez(tmp_path / "m.npz", embeddings=MATRIX, labels=np.array(["cat", "dog"]))
    with pytest.raises(InputError, match="it has 2 names for 3 classes"):
        EmbeddingMatrix(tmp_path / "m.npz", classes)


def test_an_unknown_name_among_those_in_order_is_said(tmp_path, classes):
    space = EmbeddingMatrix(written(tmp_path / "m.csv", ["cat", "hound", "owl"]), classes)
    assert (space.class_embeddings == MATRIX).all()
    assert "1 of the 3 names in its column 'name' are unknown, such as 'hound'" in space.notes[-1]


def test_the_column_that_tells_classes_apart_is_compared(tmp_path, classes):
    rows = "pet,dog,3.5,4.5\npet,cat,1.5,2.5\nbird,owl,5.5,6.5\n"
    (tmp_path / "m.csv").write_text(f"group,name,d0,d1\n{rows}")
    assert (EmbeddingMatrix(tmp_path / "m.csv", classes).class_embeddings == MATRIX).all()


def test_names_of_imagenet_s_classes_that_two_share_agree_in_order(tmp_path):
    matrix = np.random.default_rng(0).normal(size=(1000, 3)).astype(np.float32)
    names = imagenet_classes()["lemmas"].str[0].to_numpy(dtype=str)  # crane, twice
    np.savez(tmp_path / "m.npz", embeddings=matrix, names=names)
    assert (EmbeddingMatrix(tmp_path / "m.npz").class_embeddings == matrix).all()


def test_a_header_of_classes_orders_the_columns_that_become_rows(tmp_path, classes):
    (tmp_path / "m.csv").write_text("dog,cat,owl\n3.5,1.5,5.5\n4.5,2.5,6.5\n")
    space = EmbeddingMatrix(tmp_path / "m.csv", classes)
    assert (space.class_embeddings == MATRIX).all() and "by its header" in space.notes[-1]


def test_a_matrix_of_a_few_imagenet_classes_cannot_be_taken_for_the_first(tmp_path):
    with pytest.raises(InputError, match="else name the classes with --classes"):
        EmbeddingMatrix(written(tmp_path / "m.csv", ["tabby cat", "golden retriever", "lemon"]))
