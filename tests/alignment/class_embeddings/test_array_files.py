"""Arrays in the files of NumPy, torch and safetensors, and what else such files hold."""

import warnings
import zipfile

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from alignment.class_embeddings.embedding_files import read_embeddings
from alignment.errors import InputError

MATRIX = np.random.default_rng(0).normal(size=(10, 5)).astype(np.float32)
TENSOR = torch.from_numpy(MATRIX)


def zipped(path, **members):
    with zipfile.ZipFile(path, "a") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_members_of_an_npz_that_are_no_arrays_are_passed_over_and_said(tmp_path):
    np.savez(tmp_path / "m.npz", MATRIX)
    zipped(tmp_path / "m.npz", **{"README.md": "about", "__MACOSX/._arr_0.npy": "x", "folder/": ""})
    found, notes, *_ = read_embeddings(tmp_path / "m.npz")
    assert found.shape == (10, 5) and notes == [
        f"{tmp_path / 'm.npz'}: 'README.md', '__MACOSX/._arr_0' in it are passed over; only arrays are read."
    ]


def test_an_array_of_objects_beside_the_matrix_is_passed_over_and_said(tmp_path):
    np.savez(tmp_path / "m.npz", embeddings=MATRIX, about=np.array(["a"] * 3, dtype=object), one=np.array({}, object))
    found, notes, *_ = read_embeddings(tmp_path / "m.npz")
    assert found.shape == (10, 5) and [note.split(": ", 1)[1] for note in notes] == [
        f"the array {name!r} is passed over, because it holds Python objects, which are not loaded because that can "
        "run code; rows are not put into the order of names in it."
        for name in ("about", "one")
    ]


@pytest.mark.parametrize("shape", [(10,), (10, 1)])
def test_names_that_cannot_be_loaded_are_refused(tmp_path, shape):
    """pandas stores names as objects; without them the rows would be taken for other classes."""
    names = np.array(list("abcdefghij"), dtype=object).reshape(shape)
    np.savez(tmp_path / "m.npz", embeddings=MATRIX, names=names)
    with pytest.raises(InputError, match=r"'names' has an entry for each of 10 rows, .*, save it with \.astype\(str\)"):
        read_embeddings(tmp_path / "m.npz")
    np.savez(tmp_path / "m.npz", embeddings=MATRIX, names=names.astype(str))
    assert read_embeddings(tmp_path / "m.npz").names == {"array 'names'": list("abcdefghij")}


@pytest.mark.parametrize("name", ["m.zip", "m.npz", "m"])
def test_a_zip_without_an_array_says_what_it_holds(tmp_path, name):
    zipped(tmp_path / name, **{"m.csv": "1,2\n3,4\n", "__MACOSX/._m.csv": "x"})
    with pytest.raises(InputError, match=r"is a ZIP that holds 'm\.csv'; unpack it, and give that file"):
        read_embeddings(tmp_path / name)
    zipped(tmp_path / name, **{"b.csv": "1,2\n"})
    with pytest.raises(InputError, match=r"is a ZIP without an array of numbers; it holds 'm\.csv', '__MACOSX"):
        read_embeddings(tmp_path / name)


@pytest.mark.parametrize("held", [list(TENSOR), TENSOR.tolist(), tuple(TENSOR.tolist()), [TENSOR.tolist(), ["a"] * 10]])
def test_a_list_of_vectors_in_a_file_of_torch_is_a_matrix(tmp_path, held):
    torch.save(held, tmp_path / "m.pt")
    np.testing.assert_allclose(read_embeddings(tmp_path / "m.pt").vectors, MATRIX, rtol=1e-6)


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (["cat", "dog"], r"holds a list of str, no matrix of numbers; save a tensor, or a dictionary"),
        ({"epoch": 3, "lr": 0.1}, r"holds a dictionary with the keys 'epoch', 'lr', no matrix"),
        (5, "holds an object of the type int, no matrix"),
        ([], "holds a list of nothing, no matrix"),
        (TENSOR.to_sparse(), r"holds a sparse tensor; save it as tensor\.to_dense\(\)"),
        ({"embeddings": TENSOR.to_sparse()}, "holds a sparse tensor"),
        ([[1.5, 2.5], [3.5]], "holds a list of list, no matrix"),
    ],
)
def test_a_file_of_torch_without_a_matrix_says_what_it_holds(tmp_path, held, message):
    torch.save(held, tmp_path / "m.pt")
    with pytest.raises(InputError, match=message):
        read_embeddings(tmp_path / "m.pt")


@pytest.mark.filterwarnings("error:TypedStorage")
@pytest.mark.filterwarnings("error")
def test_tensors_of_few_bits_are_read_without_a_warning(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch after 2.11 calls it deprecated to make one
        quantised = torch.quantize_per_tensor(TENSOR, 0.01, 0, torch.qint8)
        torch.save({"embeddings": quantised}, tmp_path / "m.pt")
    np.testing.assert_allclose(read_embeddings(tmp_path / "m.pt").vectors, quantised.dequantize())
    small = TENSOR.to(torch.float8_e4m3fn)
    torch.save(small, tmp_path / "m.pt")
    save_file({"m": small}, tmp_path / "m.safetensors")
    for name in ("m.pt", "m.safetensors"):
        np.testing.assert_array_equal(read_embeddings(tmp_path / name).vectors, small.float())
