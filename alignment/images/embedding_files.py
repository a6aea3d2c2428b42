"""Matrices of class embeddings in the files that people keep them in; none of them can run code when it is read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from charset_normalizer import is_binary

from alignment.errors import InputError
from alignment.files.reading import read_file
from alignment.images.number_tables import NumberTable, read_numbers

NUMPY, TORCH, SAFETENSORS, TEXT = (".npy", ".npz"), (".pt", ".pth", ".bin"), (".safetensors",), (".csv", ".tsv", ".txt")
EMBEDDING_FILES = (*NUMPY, *TORCH, *SAFETENSORS, *TEXT)
USUAL_NAMES = ("embeddings.weight", "class_embeddings", "embeddings", "embedding.weight", "embedding", "weight")
IMAGENET_CLASSES = 1000
SHOWN_ROWS = 3
PICKLE_PROTOCOLS = (b"\x02", b"\x03", b"\x04", b"\x05")
OBJECTS = (
    "holds Python objects, which are not loaded because that can run code; save numbers as a plain array or tensor"
)
NESTED = 2  # how many dictionaries of a checkpoint may lie within one another around the tensors


class EmbeddingFile(NamedTuple):
    """A matrix of class embeddings as it was read.

    Attributes
    ----------
    vectors : float32 array (K, d)
    notes : what the file was taken for where that is not the usual, one sentence each
    sha256 : of the bytes that were read, hexadecimal
    names : words that stand beside the rows, by what messages call them
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
        A ``.npy``; an ``.npz``, ``.pt`` or ``.safetensors`` with one matrix, or one by a usual name such as
        ``embeddings.weight``; or numbers as CSV.
    count : int, optional
        Number of classes, where that is known; by default one per ImageNet class, or fewer. A matrix with this number
        of columns and another number of rows is transposed.

    Raises
    ------
    InputError
        When the file cannot be read, holds no such matrix, or its rows cannot tell classes apart.
    """
    path = Path(source)
    content = read_file(path, f"the class embeddings {path}")  # once: a pipe is empty afterwards
    matrix, notes, names, header = _read(content, path, count)
    if matrix.dtype.kind not in "fiu" or matrix.ndim != 2:
        raise InputError(
            f"{source} must hold a matrix of real numbers, one row per class; it holds {matrix.dtype} of shape "
            f"{' x '.join(map(str, matrix.shape)) or 'nothing'}."
        )
    wanted = IMAGENET_CLASSES if count is None else count
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
    return EmbeddingFile(_checked_numbers(source, matrix), notes, hashlib.sha256(content).hexdigest(), names)


def _read(content: bytes, path: Path, count: int | None) -> NumberTable:
    suffix = path.suffix.lower()
    if not content:
        raise InputError(f"{path} is empty.")
    if suffix in TEXT or (suffix not in EMBEDDING_FILES and not is_binary(content)):  # a pipe has no ending
        return read_numbers(content, str(path), count)
    notes: list[str] = []
    try:
        if suffix in SAFETENSORS:
            arrays = _safetensors(content)
        elif suffix in TORCH or _is_torch(content):
            arrays = _torch(content)
        else:
            arrays = np.load(io.BytesIO(content), allow_pickle=False)
            arrays = _without_objects(arrays, path, notes) if isinstance(arrays, Mapping) else arrays
    except InputError:
        raise
    except Exception as error:  # zip, unpickling and safetensors each raise their own kind for a broken file
        if suffix not in SAFETENSORS and _are_objects(content, error):
            raise InputError(f"{path} {OBJECTS}.") from error
        kinds = ", ".join(EMBEDDING_FILES)
        raise InputError(f"{path} is no matrix of numbers that can be read; give one of {kinds}.") from error
    if isinstance(arrays, np.ndarray):
        return NumberTable(arrays, [], {}, [])
    words = {key: array for key, array in arrays.items() if array.dtype.kind in "US" and array.ndim == 1}
    matrix, chosen = _chosen({key: array for key, array in arrays.items() if key not in words}, path)
    names = {f"array {key!r}": list(map(_text, array)) for key, array in words.items()}
    return NumberTable(matrix, [*notes, *chosen], names, [])


def _text(word: str | bytes) -> str:
    return (word.decode(errors="replace") if isinstance(word, bytes) else str(word)).strip()


def _is_torch(content: bytes) -> bool:
    """Whether bytes are torch's, whatever their file is called: a ZIP with the pickle of torch in it."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(name.endswith("data.pkl") for name in archive.namelist())


def _are_objects(content: bytes, error: Exception) -> bool:
    """Whether a file could not be read because it holds more than arrays, pickled."""
    pickled = content[:1] == b"\x80" and content[1:2] in PICKLE_PROTOCOLS
    return pickled or "Object arrays" in str(error) or ("Unsupported" in str(error) and _is_torch(content))


def _without_objects(arrays: Mapping, path: Path, notes: list[str]) -> dict[str, np.ndarray]:
    """The arrays of an .npz but for those of Python objects, each of which is noted."""
    held = {}
    for name in arrays:
        try:
            held[name] = arrays[name]
        except ValueError as error:
            if "Object arrays" not in str(error):
                raise
            notes.append(f"{path}: the array {name!r} is passed over, because it {OBJECTS}.")
    if not held and notes:
        raise InputError(f"{path} {OBJECTS}.")
    return held


def _safetensors(content: bytes) -> dict[str, np.ndarray]:
    from safetensors.torch import load

    return {name: _as_array(tensor) for name, tensor in load(content).items()}


def _torch(content: bytes):
    import torch

    held = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    if isinstance(held, torch.Tensor):
        return _as_array(held)

    words = {
        str(name): np.array(part)
        for name, part in held.items()
        if isinstance(part, list) and part and all(isinstance(one, str) for one in part)
    }
    return _tensors(held) | words


def _tensors(part: Mapping, depth: int = NESTED) -> dict[str, np.ndarray]:
    """The tensors of a checkpoint, or of the dictionaries in it, {"state_dict": ..., "optimizer": ...}."""
    import torch

    found = {str(name): _as_array(tensor) for name, tensor in part.items() if isinstance(tensor, torch.Tensor)}
    if found or not depth:
        return found
    inner = {name: _tensors(held, depth - 1) for name, held in part.items() if isinstance(held, Mapping)}
    inner = {name: arrays for name, arrays in inner.items() if arrays}
    if len(inner) == 1:
        return next(iter(inner.values()))
    return {f"{name}.{key}": array for name, arrays in inner.items() for key, array in arrays.items()}


def _as_array(tensor) -> np.ndarray:
    import torch

    tensor = tensor.detach()
    return (tensor.float() if tensor.dtype in (torch.bfloat16, torch.float16) else tensor).numpy()


def _chosen(arrays: dict[str, np.ndarray], path: Path) -> tuple[np.ndarray, list[str]]:
    """The matrix of a file with one, or the one that has a usual name."""
    named = [
        name
        for usual in USUAL_NAMES
        for name, array in arrays.items()
        if name == usual or (name.endswith(f".{usual}") and array.ndim == 2)
    ]
    names = list(dict.fromkeys(named))  # G.embedding.weight ends in two of them
    names = names or [name for name, array in arrays.items() if array.ndim == 2]
    if not names or (len(names) > 1 and names[0] not in USUAL_NAMES):
        held = ", ".join(list(arrays)[:5]) or "nothing"
        raise InputError(f"{path} must hold one matrix, or one called 'embeddings'; it holds {held}.")
    return arrays[names[0]], [f"{path}: {names[0]!r} is read."] if len(arrays) > 1 else []


def _check_count(source: str | Path, matrix: np.ndarray, count: int | None) -> None:
    rows, columns = matrix.shape
    if count is not None and rows != count:
        raise InputError(f"{source} has {rows:,} rows, but {count:,} classes are named; each class needs one row.")
    if rows < 2 or columns < 1:
        raise InputError(
            f"{source} has {rows:,} rows and {columns:,} columns; it must have one row per class, for at least 2 "
            "classes, and one column per dimension."
        )
    if count is None and rows > IMAGENET_CLASSES:
        raise InputError(
            f"{source} has {rows:,} rows; ImageNet has {IMAGENET_CLASSES} classes: name others with --classes FILE.csv."
        )


def _checked_numbers(source: str | Path, matrix: np.ndarray) -> np.ndarray:
    """The matrix in float32, if its rows are finite, not zero, and differ."""

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
    return vectors
