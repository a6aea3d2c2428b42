"""Reading and validation of class embedding matrices in .npy, .npz, .pt, .safetensors and CSV files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
from charset_normalizer import is_binary

from alignment.class_embeddings.array_files import read_arrays
from alignment.class_embeddings.number_tables import NumberTable, read_numbers
from alignment.class_embeddings.row_names import names_beside
from alignment.errors import InputError
from alignment.files.reading import read_file, refuse_other_formats
from alignment.vectors.similarity import directions_from_mean
from alignment.wording import counted

NUMPY, TORCH, SAFETENSORS, TEXT = (".npy", ".npz"), (".pt", ".pth", ".bin"), (".safetensors",), (".csv", ".tsv", ".txt")
EMBEDDING_FILES = (*NUMPY, *TORCH, *SAFETENSORS, *TEXT)
USUAL_NAMES = ("embeddings.weight", "class_embeddings", "embeddings", "embedding.weight", "embedding", "weight")
CLASS_PARAMETER = re.compile(r"(class|cls|label|\by)_?emb.*\.weight$", re.I)  # y_embedder.embedding_table.weight
IMAGENET_CLASSES = 1000
SHOWN_ROWS = 3
SHOWN_NAMES = 5


def is_embedding_file(name: str) -> bool:
    """Whether a class space of this name is a file of a matrix, not a generator."""
    return name.lower().endswith(EMBEDDING_FILES)


class EmbeddingFile(NamedTuple):
    """A matrix of class embeddings read from a file.

    Attributes
    ----------
    vectors : float32 array (K, d)
    notes : assumptions about the file's format where it is unusual, one sentence each
    sha256 : of the file's bytes, hexadecimal
    names : names of the rows found in the file, by their place in it as messages call it
    """

    vectors: np.ndarray
    notes: list[str]
    sha256: str
    names: dict[str, list[str]]


def read_embeddings(source: str | Path, count: int | None = None) -> EmbeddingFile:
    """Read a matrix of class embeddings, one row per class.

    Parameters
    ----------
    source : str or Path
        A ``.npy``; an ``.npz``, ``.pt`` or ``.safetensors`` with one matrix, one with a usual name such as
        ``embeddings.weight``, or one with a row for each class; or numbers as CSV.
    count : int, optional
        Number of classes, if known; by default that of ImageNet, or fewer. A matrix with this number of columns and
        another number of rows is transposed.

    Raises
    ------
    InputError
        When the file cannot be read, holds no such matrix, or its rows do not distinguish classes.
    """
    path = Path(source)
    content = read_file(path, f"the class embeddings {path}")  # read once: a pipe is empty afterwards
    matrix, notes, names, header = _read(content, path, count)
    if matrix.dtype.kind not in "fiu" or matrix.ndim != 2:
        raise InputError(
            f"{source} must hold a matrix of real numbers, one row per class; it holds {matrix.dtype} of shape "
            f"{' x '.join(map(str, matrix.shape)) or 'nothing'}."
        )
    wanted = _expected_rows(count)
    if matrix.shape[0] != wanted and matrix.shape[1] == wanted:
        shape = f"{matrix.shape[0]:,} x {wanted:,}"
        notes.append(f"{source} is transposed: its {shape} numbers are read with one column per class.")
        matrix = matrix.T
        names |= {"header": header} if any(header) else {}
    elif matrix.shape[0] != wanted and matrix.shape[1] > matrix.shape[0]:
        rows, columns = matrix.shape
        notes.append(
            f"{source} is read with one row per class, {rows:,} in all; if its {columns:,} columns are the classes, "
            "name them with --classes FILE.csv."
        )
    _check_count(source, matrix, count)
    return EmbeddingFile(_check_numbers(source, matrix), notes, hashlib.sha256(content).hexdigest(), names)


def _read(content: bytes, path: Path, count: int | None) -> NumberTable:
    suffix = path.suffix.lower()
    if not content:
        raise InputError(f"{path} is empty.")
    refuse_other_formats(content, str(path))
    if suffix in TEXT or (suffix not in EMBEDDING_FILES and not is_binary(content)):  # a pipe has no ending
        return read_numbers(content, str(path), count)
    arrays, notes = read_arrays(content, str(path), suffix, EMBEDDING_FILES)
    if isinstance(arrays, np.ndarray):
        return NumberTable(arrays, notes, {}, [])
    numbers = {key: array for key, array in arrays.items() if array.dtype.kind not in "US"}
    wanted = _expected_rows(count)
    chosen = _choose_matrix(numbers, path, wanted)
    matrix = arrays.pop(chosen)
    read = [f"{path}: {chosen!r} is read."] if len(numbers) > 1 else []
    if _has_row_of_no_class(chosen, matrix, wanted):
        read.append(
            f"{path}: the last of its {len(matrix):,} rows is left out: a generator with guidance has one more than "
            f"classes, {wanted:,} here, and it stands for none."
        )
        matrix = matrix[:-1]
    rows = wanted if wanted in matrix.shape else next(iter(matrix.shape), 0)
    names, passed = names_beside(arrays, rows, str(path))
    return NumberTable(matrix, [*notes, *read, *passed], names, [])


def _expected_rows(count: int | None) -> int:
    """Expected number of rows: that of the given classes, or of ImageNet's where none are given."""
    return IMAGENET_CLASSES if count is None else count


def _choose_matrix(arrays: dict[str, np.ndarray], path: Path, wanted: int) -> str:
    """Name of the matrix to read: one with a usual name, the only one, or the only one with a row for each class, as in
    the checkpoint of a generator (``y_embedder.embedding_table.weight``) or a classifier (``fc.weight``); each block of
    a DiT of diffusers has a copy of it."""
    named = [
        name
        for usual in USUAL_NAMES
        for name, array in arrays.items()
        if name == usual or (name.endswith(f".{usual}") and array.ndim == 2)
    ]
    names = list(dict.fromkeys(named))  # G.embedding.weight ends in two usual names
    names = names or [name for name, array in arrays.items() if array.ndim == 2]
    if len(names) == 1 or (names and names[0] in USUAL_NAMES):
        return names[0]
    matrices = [(name, array) for name, array in arrays.items() if array.ndim == 2]
    fitting = [name for name, array in matrices if wanted in array.shape or _has_row_of_no_class(name, array, wanted)]
    if fitting and all(np.array_equal(arrays[fitting[0]], arrays[copy]) for copy in fitting[1:]):
        return fitting[0]
    held = ", ".join((fitting or list(arrays))[:SHOWN_NAMES]) or "nothing"
    several = f" with {wanted:,} rows or columns" if fitting else ""
    raise InputError(f"{path} must hold one matrix{several}, or one called 'embeddings'; it holds {held}.")


def _has_row_of_no_class(name: str, array: np.ndarray, wanted: int) -> bool:
    """Whether a matrix is the embedding of a generator trained for classifier-free guidance (Ho and Salimans 2022): its
    last row, beyond those of the classes, stands for none of them. Judged by the name of a layer too: under a name that
    a user gives, such as ``embeddings``, a row too many may be a class, or that of the background, the first."""
    return array.ndim == 2 and len(array) == wanted + 1 and bool(CLASS_PARAMETER.search(name))


def _check_count(source: str | Path, matrix: np.ndarray, count: int | None) -> None:
    rows, columns = matrix.shape
    if count is not None and rows != count:
        held = counted(rows, "row")
        raise InputError(f"{source} has {held}, but {count:,} classes are named; each class needs one row.")
    if rows < 2 or columns < 1:
        raise InputError(
            f"{source} has {counted(rows, 'row')} and {counted(columns, 'column')}; it must have one row per class, "
            "for at least 2 classes, and one column per dimension."
        )
    if count is None and rows > IMAGENET_CLASSES:
        raise InputError(
            f"{source} has {rows:,} rows; ImageNet has {IMAGENET_CLASSES} classes: name others with --classes FILE.csv."
        )


def _check_numbers(source: str | Path, matrix: np.ndarray) -> np.ndarray:
    """Convert the matrix to float32; refuse rows that are not finite, zero, or do not differ."""

    def refuse(rows: np.ndarray, problem: str) -> None:
        if len(rows):
            named = ", ".join(str(row) for row in rows[:SHOWN_ROWS]) + (" ..." if len(rows) > SHOWN_ROWS else "")
            raise InputError(f"{source}: {'rows' if len(rows) > 1 else 'row'} {named} (from 0) {problem}.")

    refuse(np.flatnonzero(~np.isfinite(matrix).all(axis=1)), "must hold finite numbers alone")
    with np.errstate(over="ignore", under="ignore"):
        vectors = np.ascontiguousarray(matrix, dtype=np.float32)
    refuse(np.flatnonzero(~np.isfinite(vectors).all(axis=1)), "must hold numbers that float32 can, up to 3.4e38")
    if (vectors == vectors[0]).all():
        raise InputError(f"All rows of {source} are the same in float32; such classes cannot be told apart.")
    zero = np.flatnonzero(~vectors.any(axis=1))
    refuse(zero, "must not be all zeros: a class without a vector cannot be found")
    with np.errstate(over="ignore", under="ignore"):
        squares = np.square(vectors).sum(axis=1, dtype=np.float32)
    lost = ~np.isfinite(squares) | (squares < np.finfo(np.float32).tiny)
    refuse(np.flatnonzero(lost), "must have a length whose square float32 can hold, about 1e-19 to 1e19")
    if 2 * directions_from_mean(vectors, vectors).any(axis=1).sum() < len(vectors):  # a class may lie at the mean
        raise InputError(
            f"The rows of {source} differ by less than float32 holds of numbers of their size; subtract the mean of "
            "the rows from each before they are written."
        )
    return vectors
