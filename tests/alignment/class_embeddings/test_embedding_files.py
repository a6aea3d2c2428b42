"""Matrices of class embeddings in many kinds of files."""

import csv
import gzip
import os
import re
import threading

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import save_file

from alignment.class_embeddings.class_space import EmbeddingMatrix
from alignment.class_embeddings.embedding_files import read_embeddings
from alignment.class_embeddings.number_tables import read_numbers
from alignment.dictionary.class_files import read_classes
from alignment.dictionary.classes import ClassTable
from alignment.errors import InputError

MATRIX = np.random.default_rng(0).normal(size=(10, 5))
TENSOR = torch.from_numpy(MATRIX)


def saved(path):
    """The matrix in the format of the file's suffix."""
    match path.suffix:
        case ".npy":
            np.save(path, MATRIX)
        case ".npz":
            np.savez(path, MATRIX)
        case ".pt":
            torch.save(TENSOR, path)
        case ".safetensors":
            save_file({"vectors": TENSOR}, path)
        case ".csv":
            np.savetxt(path, MATRIX, delimiter=",")
        case _:
            np.savetxt(path, MATRIX)
    return path


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".pt", ".safetensors", ".csv", ".txt", ".vec", ""])
def test_every_kind_of_file(tmp_path, suffix):
    found, notes, *_ = read_embeddings(saved(tmp_path / f"m{suffix}"))
    assert found.dtype == np.float32 and not notes
    np.testing.assert_allclose(found, MATRIX, rtol=1e-6)


def test_biggan_s_own_layout_is_recognised_and_said(tmp_path):
    matrix = np.random.default_rng(0).normal(size=(8, 1000)).astype(np.float32)
    torch.save({"embeddings.weight": torch.from_numpy(matrix)}, tmp_path / "m.pt")
    found, notes, *_ = read_embeddings(tmp_path / "m.pt")
    assert (found == matrix.T).all() and "8 x 1,000 numbers are read with one column per class" in notes[-1]
    np.save(tmp_path / "m.npy", MATRIX)
    assert (read_embeddings(tmp_path / "m.npy", 5)[0] == MATRIX.T.astype(np.float32)).all()


def test_numbers_with_a_header_and_semicolons(tmp_path):
    (tmp_path / "m.csv").write_text("a;b\n1;2\n\n3;4.5\n")
    found, notes, *_ = read_embeddings(tmp_path / "m.csv")
    assert found.tolist() == [[1, 2], [3, 4.5]] and "header" in notes[0]


@pytest.mark.parametrize(
    ("options", "noted"),
    [
        ({}, "column 1"),
        ({"index": False}, "line 1 is passed over as a header"),
        ({"header": [f"d{i}" for i in range(5)]}, "column 1"),
        ({"header": [f"d{i}" for i in range(5)], "index_label": "class"}, "column 1 ('class')"),
        ({"header": False}, "column 1"),
        ({"header": False, "index": False, "quoting": csv.QUOTE_ALL}, ""),
        ({"header": False, "index": False, "sep": ";", "decimal": ","}, ""),
        ({"sep": ";", "decimal": ","}, "column 1"),
        ({"sep": "\t", "index": False}, "header"),
    ],
)
def test_tables_as_pandas_and_spreadsheets_write_them(tmp_path, options, noted):
    pd.DataFrame(MATRIX).to_csv(tmp_path / "m.csv", **options)
    for count in (None, 10):
        found, notes, *_ = read_embeddings(tmp_path / "m.csv", count)
        np.testing.assert_allclose(found, MATRIX, rtol=1e-6)
        assert noted in " ".join(notes) and bool(noted) == bool(notes)


@pytest.mark.parametrize("place", [0, 5])
def test_a_column_of_names_is_passed_over_and_said(tmp_path, place):
    table = pd.DataFrame(MATRIX)
    table.insert(place, "name", [f"c{i}" for i in range(10)])
    table.to_csv(tmp_path / "m.csv", index=False)
    found, notes, *_ = read_embeddings(tmp_path / "m.csv")
    np.testing.assert_allclose(found, MATRIX, rtol=1e-6)
    assert f"column {place + 1} ('name')" in notes[-1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0.5,1.5,\n2.5,3.5,4\n1.5,2,3\n", "line 1: an empty cell is no number"),
        ("0.5,1.5,#N/A\n2.5,3.5,4\n1.5,2,3\n", "line 1: '#N/A' is no number"),
        ("0,1,2\n1,0,0\n0,0,1\n", "line 1: 0, 1, 2 may name the columns or be a class"),
        ("class,a\n3,0.5\n1,0.25\n", "'class' does not count the rows"),
        ("[1.5, 2.5]\n[2.5, 3.5]\n", r"column 1 holds whole vectors, or brackets of such, as in '\[2\.5'"),
        ("index,embedding\n0,[1.5 2.5]\n1,[2.5 3.5]\n", "the column 'embedding' holds whole vectors"),
        ('name,vector\ncat,"[0.1, 0.2]"\ndog,"[0.3, 0.4]"\n', "column 2 holds whole vectors"),
        ("name,vector\ncat,0.1 0.2\ndog,0.3 0.4\n", "column 2 holds whole vectors"),
        ("name,a,b\ncat,1.5,12%\ndog,2.5,7%\n", "'b' holds digits that cannot be read as numbers, such as '12%'"),
        ("a;b\n1,5;1.2.3\n2,5;3.4.5\n", "the column 'b' holds digits that cannot be read"),
        ("imagenet_id,a,b\n7,0.5,1.5\n3,1.5,2.5\n", "'imagenet_id' does not count the rows"),
        ("a,b,target\n0.5,1.5,7\n1.5,2.5,3\n", "'target' does not count the rows"),
        ("3 2\ncat 0.1 0.2\ndog 0.3 0.4\n", "line 1: 3 rows of 2 numbers are stated, but 2 follow"),
    ],
)
def test_what_may_be_read_in_two_ways_is_refused(tmp_path, text, message):
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(InputError, match=message):
        read_embeddings(tmp_path / "m.csv")


def test_torch_under_another_ending_one_level_down_and_wide(tmp_path):
    torch.save({"state_dict": {"embeddings.weight": TENSOR}}, tmp_path / "x.embedding")
    np.testing.assert_allclose(read_embeddings(tmp_path / "x.embedding")[0], MATRIX, rtol=1e-6)
    optimizer = {"lr": 0.1, "state": {0: torch.ones(3)}}
    torch.save({"epoch": 3, "state_dict": {"embeddings.weight": TENSOR}, "optimizer": optimizer}, tmp_path / "m.pt")
    np.testing.assert_allclose(read_embeddings(tmp_path / "m.pt")[0], MATRIX, rtol=1e-6)
    torch.save({part: {"embeddings.weight": TENSOR} for part in ("model", "ema")}, tmp_path / "two.pt")
    with pytest.raises(InputError, match=r"it holds model\.embeddings\.weight, ema\.embeddings\.weight"):
        read_embeddings(tmp_path / "two.pt")
    np.save(tmp_path / "wide.npy", MATRIX.T)
    assert "if its 10 columns are the classes, name them" in read_embeddings(tmp_path / "wide.npy")[1][-1]
    assert not read_embeddings(tmp_path / "wide.npy", 5)[1]


def changed(row, value):
    matrix = MATRIX.copy()
    matrix[row] = value
    return matrix


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.zeros((0, 5)), "0 rows and 5 columns"),
        (MATRIX[:1], "has 1 row and"),
        (MATRIX[:, :0], "10 rows and 0 columns"),
        (MATRIX[:, 0], "shape 10"),
        (MATRIX[..., None], "shape 10 x 5 x 1"),
        (MATRIX * 1j, "complex128"),
        (MATRIX > 0, "bool"),
        (np.ones((10, 5)), "are the same in float32"),
        (MATRIX * 1e-60, "are the same in float32"),
        (1 + MATRIX * 1e-12, "are the same in float32"),
        (1e6 + MATRIX, "differ by less than float32 holds of numbers of their size; subtract the mean"),
        (MATRIX * 1e-25, "must have a length whose square float32 can hold"),
        (MATRIX * 1e25, "must have a length whose square float32 can hold"),
        (MATRIX * 1e60, "rows 0, 1, 2 ... (from 0) must hold numbers that float32 can"),
        (changed(3, np.nan), "row 3 (from 0) must hold finite numbers"),
        (changed([2, 7], 0), "rows 2, 7 (from 0) must not be all zeros"),
        (np.ones((1001, 2)), "name others with --classes FILE.csv"),
    ],
)
def test_a_matrix_that_cannot_tell_classes_apart_is_one_sentence(tmp_path, matrix, message):
    np.save(tmp_path / "m.npy", matrix)
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        read_embeddings(tmp_path / "m.npy")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("m.npy", b"", "is empty"),
        ("m.npy", b"hello", "no matrix of numbers"),
        ("m.pt", b"hello", "no matrix of numbers"),
        ("m.safetensors", b"hello", "no matrix of numbers"),
        ("m.npz", b"PK\x03\x04", "no matrix of numbers"),
        ("m.csv.gz", gzip.compress(b"1.5,2\n3,4\n", mtime=0), r"m\.csv\.gz is compressed \(gzip\); unpack it first"),
        ("m.npy", b"PAR1\x15\x04", "is a Parquet file; save it as CSV"),
        ("m.csv", b"1.5,2\n3,x\n", "line 2: 'x' is no number"),
        ("m.csv", b"1.5,2\n3\n", "line 2: the row has 1 numbers, those above 2"),
        ("m.csv", b"1.5,2\n1_0.5,3\n", "line 2: '1_0.5' is no number"),
        ("m.csv", b",x\n1.5\n", "line 1: the header names 2 columns, the rows have 1"),
        ("m.csv", b"a,b\n", "0 rows"),
    ],
)
def test_a_damaged_file_is_one_sentence(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_embeddings(tmp_path / name)


def test_a_cut_file_and_one_that_would_run_code(tmp_path):
    saved(tmp_path / "m.npy")
    (tmp_path / "cut.npy").write_bytes((tmp_path / "m.npy").read_bytes()[:200])
    np.save(tmp_path / "objects.npy", np.array([{}, []], dtype=object), allow_pickle=True)
    torch.save({"m": TENSOR, "code": re.compile}, tmp_path / "code.pt")
    torch.save(torch.nn.Embedding(3, 2), tmp_path / "module.pt")
    torch.save(torch.nn.Embedding(3, 2), tmp_path / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save({"embeddings": MATRIX}, tmp_path / "arrays.pt")
    np.savez(tmp_path / "objects.npz", embeddings=MATRIX.astype(object))
    for name in ("objects.npy", "code.pt", "module.pt", "legacy.pt", "arrays.pt", "objects.npz"):
        with pytest.raises(InputError, match="holds Python objects, which are not loaded because that can run code"):
            read_embeddings(tmp_path / name)
    for name in ("cut.npy", "none.npy"):
        with pytest.raises(InputError, match=r"no matrix of numbers|Cannot read"):
            read_embeddings(tmp_path / name)


def test_a_space_has_as_many_classes_as_rows(tmp_path):
    classes, _ = read_classes("\n".join(["name", *(f"c{i}" for i in range(10))]).encode())
    space = EmbeddingMatrix(saved(tmp_path / "m.npy"), classes)
    assert space.classes.names[9] == "c9"
    with pytest.raises(InputError, match="10 rows, but 3 classes are named"):
        EmbeddingMatrix(tmp_path / "m.npy", read_classes(b"name\na\nb\nc\n")[0])


def test_an_index_written_as_decimals_is_no_dimension():
    numbers, notes, *_ = read_numbers(b"index,a,b\n0.0,0.5,1\n1.0,3,4\n2.0,3,9\n", "m.csv")
    assert numbers.tolist() == [[0.5, 1], [3, 4], [3, 9]] and "column 1 ('index')" in notes[1]
    with pytest.raises(InputError, match="the column 'label' does not count the rows"):
        read_numbers(b"label,a,b\n2.0,0.5,1\n0.0,3,4\n1.0,3,9\n", "m.csv")


@pytest.mark.parametrize("form", ["%.1f", "%.18e"])
def test_a_first_column_of_decimals_that_counts_the_rows_is_an_index(tmp_path, form):
    for start in (0, 1):
        index = np.arange(start, 10 + start)[:, None]
        np.savetxt(tmp_path / "m.csv", np.hstack([index, MATRIX]), fmt=[form, *["%.18e"] * 5], delimiter=",")
        found, notes, *_ = read_embeddings(tmp_path / "m.csv")
        np.testing.assert_allclose(found, MATRIX, rtol=1e-6)
        assert notes[0].endswith("left out as an index or as names: column 1.")
    assert read_numbers(b"a,b\n0.0,0.5\n1.0,1.5\n2.0,3.5\n", "m.csv").numbers.shape == (3, 2)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_matrix_from_a_pipe_has_the_fingerprint_of_its_own_bytes(tmp_path):
    os.mkfifo(tmp_path / "pipe.npy")
    file = saved(tmp_path / "m.npy")
    whole = EmbeddingMatrix(file)
    writer = threading.Thread(target=(tmp_path / "pipe.npy").write_bytes, args=(file.read_bytes(),))
    writer.start()
    piped = EmbeddingMatrix(tmp_path / "pipe.npy")
    writer.join()
    assert (piped.class_embeddings == whole.class_embeddings).all() and piped.fingerprint == whole.fingerprint


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"1,234.5",0.5\n"2,000",1.5\n',
        "a;b\n1.234,5;0,5\n2.000;1,5\n",
        "a;b\n1\u00a0234,5;0,5\n2\u202f000;1,5\n",
        "a,b\n1'234.5,0.5\n2'000,1.5\n",
        "a,b\n\u00a01234.5\u00a0,0.5\u200b\n2000,1.5\n",
        "a,b,,,\n1234.5,0.5,,,\n2000,1.5,,,\n",
        ",a,,b\n,1234.5,,0.5\n,2000,,1.5\n",
        "2 2\ncat 1234.5 0.5\ndog 2000 1.5\n",
    ],
)
def test_numbers_as_spreadsheets_and_other_countries_write_them(tmp_path, text):
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    assert read_embeddings(tmp_path / "m.csv").vectors.tolist() == [[1234.5, 0.5], [2000, 1.5]]


def test_a_typographic_minus_is_a_minus():
    numbers, *_ = read_numbers("a,b\n\u22120.5,1\n1.5e\u22123,2\n".encode(), "m.csv")
    assert numbers.tolist() == [[-0.5, 1], [0.0015, 2]]


def test_separated_thousands_and_a_stated_shape_are_said():
    assert read_numbers(b'"1,234.5",2\n3,4\n', "m.csv").notes == [
        "m.csv: the comma in numbers such as '1,234.5' is read as a separator of thousands.",
        "m.csv: column 2 holds whole numbers alone and is read as part of the vectors; leave an index out.",
    ]
    table = read_numbers(b"2 3\ncat 1.5 2.5 3.5\ndog 4.5 5.5 6.5\n", "m.txt")
    assert table.notes[0] == "m.txt: line 1 is passed over; it states 2 rows of 3 numbers."
    assert table.row_names == {"column 1": ["cat", "dog"]}


@pytest.mark.parametrize("text", ["1.234;5\n1,234;6\n", "0,5;0.5\n1,5;1.5\n"])
def test_commas_beside_decimal_points_that_may_be_either_are_refused(text):
    with pytest.raises(InputError, match=r"cannot be read as numbers|is no number"):
        read_numbers(text.encode(), "m.csv")


@pytest.mark.parametrize(
    ("matrix", "held"),
    [
        (np.eye(3)[:2], "two different class vectors"),
        (np.eye(2)[[0, 1, 1]], "two different class vectors"),
        ([[1.0], [2.0], [3.0]], "class vectors of one number"),
    ],
)
def test_classes_on_one_line_are_said_to_be_all_or_nothing(tmp_path, matrix, held):
    np.save(tmp_path / "m.npy", np.asarray(matrix))
    classes = ClassTable(range(len(matrix)))
    said = [note for note in EmbeddingMatrix(tmp_path / "m.npy", classes).notes if "1, -1 or 0" in note]
    assert len(said) == 1 and held in said[0]


@pytest.mark.parametrize(("size", "said"), [(2, "class vectors of two"), (3, "class vectors of three"), (4, "")])
def test_many_classes_of_two_or_three_numbers_are_said_to_have_few_directions(tmp_path, size, said):
    vectors = np.random.default_rng(0).normal(size=(40, size))
    np.save(tmp_path / "m.npy", vectors)
    notes = EmbeddingMatrix(tmp_path / "m.npy", ClassTable(range(40))).notes
    assert [said in note for note in notes if "one near 1 with one sentence" in note] == [True] * bool(said)


def test_three_classes_are_not(tmp_path):
    np.save(tmp_path / "m.npy", np.eye(3))
    assert not EmbeddingMatrix(tmp_path / "m.npy", ClassTable(range(3))).notes
