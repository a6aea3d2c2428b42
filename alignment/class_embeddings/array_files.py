"""Safe reading of arrays from NumPy, torch and safetensors files: no file can run code (no pickled objects)."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import PurePath

import numpy as np

from alignment.errors import InputError
from alignment.files.tables import TABLE_TYPES

PICKLE_PROTOCOLS = (b"\x02", b"\x03", b"\x04", b"\x05")
NOT_LOADED = "holds Python objects, which are not loaded because that can run code"
OBJECTS = f"{NOT_LOADED}; save numbers as a plain array or tensor"
NESTED = 2  # levels of dictionaries in a checkpoint that are searched for tensors
SHOWN_MEMBERS = 5
KEYS = "keys"  # name of the row names of such a file
MIN_VECTORS = 2  # of a file that holds one vector under each name


def read_arrays(
    content: bytes, name: str, suffix: str, kinds: Sequence[str]
) -> tuple[np.ndarray | dict[str, np.ndarray], list[str]]:
    """Read the array of a file or, from a container, its arrays by name; also notes on skipped members.

    Parameters
    ----------
    content : bytes
    name : str
        Name of the file in messages.
    suffix : str
        Of the file name, in lower case; where it is neither safetensors' nor torch's, the content decides.
    kinds : sequence of str
        Endings of all files that can be read, for messages.

    Raises
    ------
    InputError
        When the file is damaged, holds no array, or would run code.
    """
    notes: list[str] = []
    try:
        if suffix == ".safetensors":
            return _with_keys_as_names(_safetensors(content, name)), notes
        if suffix in (".pt", ".pth", ".bin") or _is_torch(content):
            return _torch(content, name), notes
        held = np.load(io.BytesIO(content), allow_pickle=False)
        return (_with_keys_as_names(_members(held, name, notes)) if isinstance(held, Mapping) else held), notes
    except InputError:
        raise
    except Exception as error:  # zip, unpickling and safetensors raise different errors for a broken file
        if suffix != ".safetensors" and _are_objects(content, error):
            raise InputError(f"{name} {OBJECTS}.") from error
        raise InputError(f"{name} is no matrix of numbers that can be read; give one of {', '.join(kinds)}.") from error


def _is_torch(content: bytes) -> bool:
    """Whether bytes are a torch file, whatever its name: a ZIP that contains ``data.pkl``."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(name.endswith("data.pkl") for name in archive.namelist())


def _are_objects(content: bytes, error: Exception) -> bool:
    """Whether a file could not be read because it contains pickled Python objects."""
    pickled = content[:1] == b"\x80" and content[1:2] in PICKLE_PROTOCOLS
    return pickled or "Object arrays" in str(error) or ("Unsupported" in str(error) and _is_torch(content))


def _members(archive, name: str, notes: list[str]) -> dict[str, np.ndarray]:
    """Arrays of an .npz; its other members, and arrays of Python objects, are skipped with a note.

    Raises
    ------
    InputError
        Where it holds no array, or an array of Python objects has an entry for each row of a matrix: pandas stores
        names so, and without them the rows would be taken for other classes.
    """
    held, objects, others = {}, [], []
    for member in archive:
        try:
            array = archive[member]
        except ValueError as error:
            if "Object arrays" not in str(error):
                raise
            objects.append(member)
            continue
        if isinstance(array, np.ndarray):
            held[member] = array
        elif not member.endswith("/"):
            others.append(member)
    if objects and not held:
        raise InputError(f"{name} {OBJECTS}.")
    if not held:
        raise _no_array(name, others)
    lengths = {len(array) for array in held.values() if array.ndim == 2}
    for one in objects:
        if (count := _entries(archive, one)) in lengths:
            raise InputError(
                f"{name}: the array {one!r} has an entry for each of {count:,} rows, and {NOT_LOADED}; if it names the "
                "rows, save it with .astype(str), else leave it out."
            )
        passed = f"the array {one!r} is passed over, because it {NOT_LOADED}"
        notes.append(f"{name}: {passed}; rows are not put into the order of names in it.")
    if others:
        shown = ", ".join(map(repr, others[:SHOWN_MEMBERS])) + (", ..." if len(others) > SHOWN_MEMBERS else "")
        notes.append(f"{name}: {shown} in it {'is' if len(others) == 1 else 'are'} passed over; only arrays are read.")
    return held


def _entries(archive, member: str) -> int | None:
    """Number of entries of a member's first dimension, by its header alone; None for one without dimensions."""
    path = next(path for path in archive.zip.namelist() if path.removesuffix(".npy") == member)
    with archive.zip.open(path) as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape = read(file)[0]
    return shape[0] if shape else None


def _no_array(name: str, members: Sequence[str]) -> InputError:
    """Error for a ZIP without an array; it names the table to unpack where there is exactly one."""
    tables = [one for one in members if one.lower().endswith(TABLE_TYPES) and not PurePath(one).name.startswith("._")]
    if len(tables) == 1:
        return InputError(f"{name} is a ZIP that holds {tables[0]!r}; unpack it, and give that file.")
    shown = ", ".join(map(repr, members[:SHOWN_MEMBERS])) or "nothing"
    return InputError(f"{name} is a ZIP without an array of numbers; it holds {shown}.")


def _safetensors(content: bytes, name: str) -> dict[str, np.ndarray]:
    from safetensors.torch import load

    return {key: _as_array(tensor, name) for key, tensor in load(content).items()}


def _torch(content: bytes, name: str) -> np.ndarray | dict[str, np.ndarray]:
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of the types in which it wrote the file
        held = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    if isinstance(held, Mapping):
        arrays = _arrays(held, name)
    else:
        matrix = _array(held, name)
        if matrix is not None and matrix.dtype.kind != "U":
            return matrix
        arrays = _arrays(dict(enumerate(held)), name) if isinstance(held, list | tuple) else {}
    arrays = _with_keys_as_names(arrays)
    if not any(array.ndim > 1 for array in arrays.values()):
        raise InputError(
            f"{name} holds {_describe(held)}, no matrix of numbers; save a tensor, or a dictionary such as "
            "{'embeddings': tensor, 'names': names}."
        )
    return arrays


def _with_keys_as_names(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A matrix and the names of its rows in place of vectors by name, ``{"cat": vector, "dog": vector, ...}``."""
    vectors = list(arrays.values())
    alike = len({array.shape for array in vectors}) == 1 and vectors[0].ndim == 1 and len(vectors[0]) > 1
    if len(vectors) < MIN_VECTORS or not alike or any(array.dtype.kind != "f" for array in vectors):
        return arrays
    return {"embeddings": np.stack(vectors), KEYS: np.array(list(arrays))}


def _describe(held: object) -> str:
    if isinstance(held, Mapping):
        return f"a dictionary with the keys {', '.join(repr(key)[:40] for key in list(held)[:SHOWN_MEMBERS])}"
    if isinstance(held, list | tuple):
        inside = ", ".join(dict.fromkeys(type(one).__name__ for one in held)) or "nothing"
        return f"a {type(held).__name__} of {inside}"
    return f"an object of the type {type(held).__name__}"


def _arrays(part: Mapping, name: str, depth: int = NESTED) -> dict[str, np.ndarray]:
    """Arrays of a checkpoint and, where none is a matrix, of nested dictionaries such as ``{"state_dict": ...}``."""
    found = {str(key): array for key, value in part.items() if (array := _array(value, name)) is not None}
    if not depth or any(array.ndim > 1 for array in found.values()):
        return found
    inner = {key: _arrays(held, name, depth - 1) for key, held in part.items() if isinstance(held, Mapping)}
    inner = {key: arrays for key, arrays in inner.items() if any(array.ndim > 1 for array in arrays.values())}
    if len(inner) == 1:
        return next(iter(inner.values())) | found
    return found | {f"{key}.{inside}": array for key, arrays in inner.items() for inside, array in arrays.items()}


def _array(value: object, name: str) -> np.ndarray | None:
    """Array of a tensor, of a list of words, numbers or vectors, or of the names of a row mapping; else None."""
    import torch

    if isinstance(value, torch.Tensor):
        return _as_array(value, name)
    if isinstance(value, Mapping):
        value = _names_by_row(value)
    if not isinstance(value, list | tuple) or not value:
        return None
    if all(isinstance(one, torch.Tensor) and one.shape == value[0].shape for one in value):
        return np.stack([_as_array(one, name) for one in value])
    if all(isinstance(one, list | tuple) and len(one) == len(value[0]) for one in value):
        rows = [row for one in value if (row := _array(one, name)) is not None and row.dtype.kind in "fi"]
        return np.stack(rows) if len(rows) == len(value) else None
    if {type(one) for one in value} in ({str}, {int}, {float}, {int, float}):
        array = np.array(value)
        return array if array.dtype.kind in "Ufi" else None
    return None


def _names_by_row(mapping: Mapping) -> list[str] | None:
    """Names in row order of a mapping between names and rows 0 to K - 1, in either direction; None of any other."""
    rows = mapping
    if all(type(row) is int for row in mapping.values()):
        rows = {row: name for name, row in mapping.items()}
    named = {int(row): name for row, name in rows.items() if str(row).isdecimal() and isinstance(name, str)}
    if not mapping or sorted(named) != list(range(len(mapping))):
        return None
    return [named[row] for row in range(len(mapping))]


def _as_array(tensor, name: str) -> np.ndarray:
    import torch

    if tensor.layout != torch.strided:
        raise InputError(f"{name} holds a sparse tensor; save it as tensor.to_dense().")
    tensor = tensor.detach()
    if tensor.is_quantized:
        return tensor.dequantize().numpy()
    plain = not tensor.is_floating_point() or tensor.dtype in (torch.float32, torch.float64)
    return (tensor if plain else tensor.float()).numpy()
