"""Names beside the rows of a matrix: they order it, contradict the classes, or are said not to be compared."""

import re

import numpy as np
import pytest
import torch

from alignment.dictionary.class_files import read_classes
from alignment.dictionary.classes import imagenet_classes
from alignment.errors import InputError
from alignment.images.class_space import EmbeddingMatrix

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
