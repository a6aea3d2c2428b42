"""Fitted mappings as files: matrix and offsets of a linear one, parameters of any other; reading runs no code."""

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from alignment.errors import InputError, check_type
from alignment.files.reading import parse_json, read_file, refuse_pipe
from alignment.mappings import DEFAULT_MAPPING, LINEAR_MAPPINGS, MAPPINGS
from alignment.study.cache import entry_format
from alignment.vectors.read_only import read_only

LINEAR, ANY = ".safetensors", ".npz"
MAPPING_FILES = (LINEAR, ANY)
TENSORS = {"matrix", "x_offset", "z_offset"}
CLASS_LIST = "classes_sha256"  # missing from files of earlier versions
TRIALS = 64  # seeds on which a mapping is compared with its matrix
LARGEST_DIFFERENCE = 1e-6  # between the two predictions, relative to the largest number predicted


class FittedMapping(Protocol):
    """A fitted mapping: a regressor of the registry, or the one in a :class:`MappingFile`."""

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Points of class space, float array (m, d_class), for points of text space, (m, d_text)."""
        ...


@dataclass(frozen=True)
class LinearMapping:
    """``z = (x - x_offset) matrix + z_offset``, of arrays (d_text, d_class), (d_text,) and (d_class,)."""

    matrix: np.ndarray
    x_offset: np.ndarray
    z_offset: np.ndarray

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Points of class space, (m, d_class), for points of text space, (m, d_text)."""
        return (np.asarray(X, dtype=np.float64) - self.x_offset) @ self.matrix + self.z_offset


class MappingFile(NamedTuple):
    """Content of a file of ``export-mapping``."""

    mapping: FittedMapping

    sha256: str
    """Of the bytes that were read, hexadecimal; the file may have been replaced since."""


def check_mapping(mapping: str) -> str:
    """A mapping's name, if it is one: a key of the registry or a path; else an InputError is raised."""
    wanted = f"A mapping is named by a key of the registry, such as {DEFAULT_MAPPING!r}, or a file of export-mapping"
    check_type(mapping, (str, os.PathLike), wanted)
    return mapping


def is_mapping_file(mapping: str) -> bool:
    """Whether a mapping is given as a file rather than as a key of the registry."""
    return check_mapping(mapping) not in MAPPINGS and Path(mapping).suffix.lower() in MAPPING_FILES


def check_suffix(suffix: str, key: str | None = None) -> None:
    """Raise InputError for an ending that no file of a mapping has, or none of the mapping ``key``, if it is given."""
    if str(suffix).lower() not in MAPPING_FILES:
        raise InputError(f"A mapping is written as one of {', '.join(MAPPING_FILES)}, not as {suffix!r:.60}.")
    if key in MAPPINGS and key not in LINEAR_MAPPINGS and suffix.lower() == LINEAR:
        raise InputError(
            f"The mapping {key!r} is not linear; write it to a name that ends in {ANY}, or choose one of "
            f"{', '.join(LINEAR_MAPPINGS)}."
        )


def detached(mapping: FittedMapping) -> FittedMapping:
    """A copy of a fitted mapping that can be fitted anew, or given other settings.

    Both have the same arrays, which the copy cannot write to.
    """
    return copy.deepcopy(mapping, {id(array): read_only(array.view()) for array in _arrays(mapping)})


def _arrays(value: Any) -> Iterator[np.ndarray]:
    """Arrays of a mapping, of its steps and of the mappings that it is made of."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _arrays(each)
    elif hasattr(value, "__dict__"):
        yield from _arrays([*vars(value).values()])


def linear_part(mapping: FittedMapping, X: np.ndarray) -> LinearMapping | None:
    """Matrix and offsets of a fitted mapping, or None where it is not linear.

    The matrix is read off its predictions: row i is ``f(x̄ + e_i) - f(x̄)``, with x̄ the mean of the sentence vectors X.
    """
    centre = X.mean(axis=0, dtype=np.float64)
    offset = mapping.predict(centre[None])[0]
    linear = LinearMapping(mapping.predict(centre + np.eye(len(centre))) - offset, centre, offset)
    trials = np.asarray(X[:: max(1, len(X) // TRIALS)], dtype=np.float64)
    expected = mapping.predict(trials)
    close = np.abs(linear.predict(trials) - expected).max() <= LARGEST_DIFFERENCE * np.abs(expected).max()
    return linear if close else None


def mapping_bytes(fitted: FittedMapping, about: dict, X: np.ndarray, suffix: str) -> bytes:
    """Serialise a fitted mapping as the content of a file.

    Parameters
    ----------
    fitted : FittedMapping
    about : dict
        Key of the mapping, and the models that it was fitted for: ``PairedSpaces.models``.
    X : float array (n, d_text)
        Sentence vectors it was fitted on.
    suffix : str
        One of ``MAPPING_FILES``.

    Raises
    ------
    InputError
        For another ending, and when a mapping that is not linear is asked for as a matrix.
    """
    check_suffix(suffix)
    if suffix.lower() != LINEAR:
        return entry_format.to_bytes({"about": about, "mapping": fitted})
    from safetensors.numpy import save

    linear = linear_part(fitted, X)
    if linear is None:
        raise InputError(f"The mapping {about['mapping']!r} is not linear; write it to a name that ends in {ANY}.")
    tensors = {name: np.ascontiguousarray(getattr(linear, name)) for name in TENSORS}
    return save(tensors, metadata={"about": json.dumps(about)})


def read_mapping(path: str, models: dict, sizes: tuple[int, int]) -> MappingFile:
    """Read a file that :func:`mapping_bytes` made.

    Parameters
    ----------
    path : str
    models : dict
        Those the mapping will be used with.
    sizes : (int, int)
        ``d_text`` and ``d_class`` of these.

    Raises
    ------
    InputError
        When the file is damaged or a pipe, or the mapping was fitted for other models, maps between vectors of other
        sizes, or to numbers that are not finite.
    """
    refuse_pipe(path)
    content = read_file(Path(path))
    try:
        about, mapping = _linear(content) if Path(path).suffix.lower() == LINEAR else _any(content)
        other = {name for name in models if about.get(name) != models[name]}
        if missing := models.keys() - about.keys() - {CLASS_LIST}:
            raise KeyError(*missing)
    except Exception as error:  # safetensors, NumPy and JSON raise different errors for a damaged file
        raise InputError(f"{path} is not a mapping written by export-mapping, or it is damaged.") from error
    for name, what in (
        ("encoder_sha256", f"another encoder ({about['encoder']})"),
        ("layer", f"layer {about['layer']}"),
        ("pooling", f"the pooling {about['pooling']!r}"),
        ("class_space_sha256", f"another class space ({about['class_space']})"),
        (CLASS_LIST, "another list of classes (--classes)"),
    ):
        if name == CLASS_LIST and CLASS_LIST not in about:
            raise InputError(f"The mapping in {path} states no class list; export it again.")
        if name in other:
            raise InputError(f"The mapping in {path} was learned for {what}; choose that, or another mapping.")
    _check_numbers(path, mapping, sizes)
    return MappingFile(mapping, hashlib.sha256(content).hexdigest())


def _check_numbers(path: str, mapping: FittedMapping, sizes: tuple[int, int]) -> None:
    """Raise InputError for a mapping that does not take a vector of text space to finite numbers of class space."""
    d_text, d_class = sizes
    shape = mapping.matrix.shape if isinstance(mapping, LinearMapping) else sizes
    try:
        mapped = mapping.predict(np.full((1, d_text), d_text**-0.5)) if shape == sizes else None
    except Exception:  # arrays that do not fit one another raise various errors
        mapped = None
    if mapped is None or mapped.shape != (1, d_class):
        found = "" if shape == sizes else f"; its matrix is {' x '.join(map(str, shape))}"
        raise InputError(
            f"The mapping in {path} does not take sentence vectors of {d_text:,} numbers to class vectors of "
            f"{d_class:,}{found}."
        )
    if not np.isfinite(mapped).all():
        raise InputError(f"The mapping in {path} holds numbers that are not finite.")


def _linear(content: bytes) -> tuple[dict, LinearMapping]:
    import struct

    from safetensors.numpy import load

    arrays = load(content)
    (length,) = struct.unpack("<Q", content[:8])  # of the header, which holds the metadata
    about = parse_json(parse_json(content[8 : 8 + length])["__metadata__"]["about"])
    mapping = LinearMapping(**arrays)
    rows, columns = mapping.matrix.shape
    if mapping.x_offset.shape != (rows,) or mapping.z_offset.shape != (columns,):
        raise ValueError("shapes do not fit")
    return about, mapping


def _any(content: bytes) -> tuple[dict, FittedMapping]:
    entry = entry_format.from_bytes(content)
    if not isinstance(entry, dict) or not hasattr(entry["mapping"], "predict"):
        raise ValueError("no mapping")
    return entry["about"], entry["mapping"]
