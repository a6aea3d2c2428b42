"""Interpolations as files: the settings, which reproduce the interpolation, and the vectors."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, fields

import numpy as np

from alignment.errors import InputError
from alignment.interpolation.paths import InterpolationPath, InterpolationSettings
from alignment.mappings import make_mapping
from alignment.study.settings import Settings


def to_json(models: Settings, interpolation: InterpolationSettings) -> str:
    """The models and the interpolation, as text that :func:`from_json` reads."""
    parts = {"models": asdict(models), "interpolation": asdict(interpolation)}
    return json.dumps(parts, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str | bytes) -> tuple[Settings, InterpolationSettings]:
    """The models and the interpolation in a settings file; what it leaves out has its default.

    Raises
    ------
    InputError
        For text that is not a settings file, for an unknown name, and for a value out of range or of another type.
    """
    try:
        parts = json.loads(text)
    except ValueError as error:  # broken JSON, and bytes that are not UTF-8
        raise InputError("The settings are not readable as JSON.") from error
    if not isinstance(parts, dict) or set(parts) != {"models", "interpolation"}:
        raise InputError("The settings must be a JSON object with the two parts 'models' and 'interpolation'.")
    models = _read(Settings, parts["models"])
    interpolation = _read(InterpolationSettings, parts["interpolation"])
    make_mapping(interpolation.mapping)  # an unknown one is refused
    return models, interpolation


def _read(kind: type, values: object):
    """A dataclass of plain values, each of the type its default has; prompts are a list of text."""
    if not isinstance(values, dict):
        raise InputError(f"The settings hold {values!r:.60} where names and values were expected.")
    known = {field.name: field.default for field in fields(kind)}
    for name, value in values.items():
        if name not in known:
            raise InputError(f"The settings hold {name!r:.60}; known are {', '.join(known)}.")
        if name == "prompts":
            fits = isinstance(value, list) and all(isinstance(prompt, str) for prompt in value)
        elif isinstance(known[name], float):
            fits = isinstance(value, (int, float)) and not isinstance(value, bool)
        else:
            fits = type(value) is type(known[name]) or (known[name] is None and isinstance(value, str))
        if not fits:
            raise InputError(f"The settings hold {value!r:.60} as {name}.")
    if kind is InterpolationSettings:
        values = values | {"prompts": tuple(values.get("prompts", ()))}
    return kind(**values)


def to_npz(path: InterpolationPath) -> bytes:
    """The vectors of a path as a NumPy archive without pickles.

    Returns
    -------
    bytes
        ``prompts`` (p,), ``texts`` (p, d_text), ``positions`` (n,), ``points`` (n, d), ``nearest`` (n,) and, where
        there are pictures, ``noises`` (n, d_noise) and ``pictures`` (n, pixels, pixels, 3).
    """
    names = ("texts", "positions", "points", "nearest", "noises", "pictures")
    arrays = {name: getattr(path, name) for name in names}
    file = io.BytesIO()
    np.savez_compressed(
        file,
        prompts=np.array(path.settings.prompts),
        **{name: array for name, array in arrays.items() if array is not None},
    )
    return file.getvalue()
