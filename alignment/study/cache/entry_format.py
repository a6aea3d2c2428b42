"""Serialisation of cache entries: arrays in NumPy's format, everything else as JSON. Reading never runs code.

A value becomes an uncompressed ``.npz`` archive, read with ``allow_pickle=False``: its arrays, and a JSON document that
states where each belongs. Objects are named by type, and only the types listed here are ever created: a fitted mapping
is rebuilt from its parameters and fitted attributes, a result or a projection from its arrays. skops would do this for
the mappings alone, and asks whoever loads a file which of its types to trust.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from alignment.evaluation.calibration import Calibration
from alignment.evaluation.result import EvaluationResult
from alignment.files.reading import parse_json
from alignment.projection import layouts

DATACLASSES = {cls.__name__: cls for cls in (layouts.Projection, layouts.OutOfSampleProjector, Calibration)}
LIBRARY_ESTIMATORS = (
    "KernelRidge",
    "NearestNeighbors",
    "PCA",
    "PLSRegression",
    "Pipeline",
)  # of scikit-learn, parts of mappings
STRUCTURE = "structure"


def to_bytes(value: object) -> bytes:
    """Serialise a value as an ``.npz`` archive.

    Parameters
    ----------
    value : object
        An array, a DataFrame, an EvaluationResult, a Projection, a fitted mapping, a plain value, or a list, tuple or
        dict of these.

    Raises
    ------
    TypeError
        When the value holds something else.
    """
    encoder = _Encoder()
    text = json.dumps(encoder.encode(value)).encode()
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {STRUCTURE: np.frombuffer(text, np.uint8), **encoder.arrays}
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def from_bytes(content: bytes, begin: int = 0) -> object:
    """Deserialise the value that :func:`to_bytes` stored, from the byte ``begin`` on.

    Raises
    ------
    Exception
        Of various types, when the content is not such an archive.
    """
    stream = io.BytesIO(content)  # shares these bytes; a slice would be copied
    stream.seek(begin)
    with np.load(stream, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return _Decoder(arrays).decode(parse_json(arrays.pop(STRUCTURE).tobytes()))


class _Encoder:
    """Converts values to JSON types; arrays are collected separately under a number."""

    def __init__(self):
        self.arrays: dict[str, np.ndarray] = {}
        self._numbers: dict[int, str] = {}  # id of an array -> its number

    def encode(self, value):
        if value is None or type(value) in (bool, int, float, str):
            return value
        if isinstance(value, list):
            return [self.encode(item) for item in value]
        encoders: tuple[tuple[type | tuple[type, ...], Callable[[Any], dict]], ...] = (
            (tuple, self._tuple),
            (dict, self._dict),
            (np.generic, self._scalar),
            (np.ndarray, self._array),
            (pd.DataFrame, self._table),
            (EvaluationResult, self._result),
            (BaseEstimator, self._estimator),
            (tuple(DATACLASSES.values()), self._dataclass),
        )
        for kind, encode in encoders:
            if isinstance(value, kind):
                return encode(value)
        raise TypeError(f"A cache entry cannot hold a {type(value).__module__}.{type(value).__qualname__}.")

    def _tuple(self, value):
        return {"tuple": [self.encode(item) for item in value]}

    def _dict(self, value):
        return {"dict": [[self.encode(key), self.encode(item)] for key, item in value.items()]}

    def _scalar(self, value):
        return {"scalar": self._put_aside(np.asarray(value))}

    def _array(self, value):
        return {"array": self._put_aside(value)}

    def _put_aside(self, array: np.ndarray) -> str:
        if array.dtype.hasobject:
            raise TypeError("A cache entry cannot hold an array of Python objects.")
        number = self._numbers.setdefault(id(array), str(len(self.arrays)))
        self.arrays.setdefault(number, array)
        return number

    def _table(self, table: pd.DataFrame):
        plain = isinstance(table.index, pd.RangeIndex) and table.index.name is None
        names = None if plain else [self.encode(name) for name in table.index.names]
        levels = [] if plain else [table.index.get_level_values(level) for level in range(table.index.nlevels)]
        columns = [self._column(values) for values in (*levels, *(table[name] for name in table))]
        return {"table": {"index": names, "names": [self.encode(name) for name in table], "columns": columns}}

    def _column(self, values):
        if isinstance(values.dtype, np.dtype) and not values.dtype.hasobject:
            return self._array(values.to_numpy())
        return {"values": [self.encode(item) for item in values.tolist()], "dtype": str(values.dtype)}

    def _result(self, result: EvaluationResult):
        return {"result": self._dict(result.to_state())}

    def _dataclass(self, value):
        state = {field.name: getattr(value, field.name) for field in fields(value)}
        return {"dataclass": [type(value).__name__, self._dict(state)]}

    def _estimator(self, value: BaseEstimator):
        name = _type_name(type(value))
        if name not in _estimator_types():
            raise TypeError(f"A cache entry cannot hold a {name}.")
        params = value.get_params(deep=False)
        fitted = {key: item for key, item in vars(value).items() if key not in params}
        return {"estimator": [name, self._dict(params), self._dict(fitted)]}


class _Decoder:
    """Converts the output of :class:`_Encoder` back into values."""

    def __init__(self, arrays: dict[str, np.ndarray]):
        self._arrays = arrays

    def decode(self, document):
        if isinstance(document, list):
            return [self.decode(item) for item in document]
        if not isinstance(document, dict):
            return document
        ((kind, content),) = document.items()
        return getattr(self, f"_{kind}")(content)

    def _tuple(self, content):
        return tuple(self.decode(item) for item in content)

    def _dict(self, content):
        return {self.decode(key): self.decode(item) for key, item in content}

    def _scalar(self, number):
        return self._arrays[number][()]

    def _array(self, number):
        return self._arrays[number]

    def _table(self, content):
        columns = [self._column(column) for column in content["columns"]]
        names = [self.decode(name) for name in content["names"]]
        if content["index"] is None:
            return pd.DataFrame(dict(zip(names, columns, strict=True)))
        levels, columns = columns[: len(content["index"])], columns[len(content["index"]) :]
        index_names = [self.decode(name) for name in content["index"]]
        index = (
            pd.Index(levels[0], name=index_names[0])
            if len(levels) == 1
            else pd.MultiIndex.from_arrays(levels, names=index_names)
        )
        return pd.DataFrame(dict(zip(names, columns, strict=True))).set_axis(index)

    def _column(self, content):
        if "array" in content:
            return self._array(content["array"])
        return pd.Series([self.decode(item) for item in content["values"]], dtype=content["dtype"]).array

    def _result(self, content):
        return EvaluationResult.from_state(self.decode(content))

    def _dataclass(self, content):
        name, state = content
        return DATACLASSES[name](**self.decode(state))

    def _estimator(self, content):
        name, params, fitted = content
        estimator = _estimator_types()[name](**self.decode(params))
        vars(estimator).update(self.decode(fitted))
        return estimator


@lru_cache(maxsize=1)
def _estimator_types() -> dict[str, type]:
    """Estimators that an entry may contain: those of ``alignment.mappings``, and scikit-learn's that they use."""
    import alignment.mappings  # noqa: F401  (all families are defined once it is imported)

    found, open_types = {}, [BaseEstimator]
    while open_types:
        for cls in open_types.pop().__subclasses__():
            open_types.append(cls)
            of_library = cls.__module__.startswith("sklearn.") and cls.__name__ in LIBRARY_ESTIMATORS
            if cls.__module__.startswith("alignment.mappings.") or of_library:
                found[_type_name(cls)] = cls
    return found


def _type_name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
