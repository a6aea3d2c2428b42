"""Interpolations as files: settings as JSON, which reproduce the interpolation, and vectors as NPZ."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any

import numpy as np

from alignment.errors import InputError
from alignment.images.drawing_settings import DrawingSettings
from alignment.interpolation.paths import InterpolationPath, InterpolationSettings
from alignment.mappings import make_mapping
from alignment.study.settings import Settings


def to_json(models: Settings, interpolation: InterpolationSettings) -> str:
    """Serialise models and interpolation as JSON that :func:`from_json` reads on any machine, whatever its devices."""
    named = {name: value for name, value in asdict(models).items() if name != "device"}
    parts = {"models": named, "interpolation": asdict(interpolation)}
    return json.dumps(parts, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str | bytes) -> tuple[Settings, InterpolationSettings]:
    """Read the models and the interpolation from a settings file; missing settings have their defaults.

    Raises
    ------
    InputError
        For text that is not a settings file, for an unknown name, and for a value out of range or of another type.
    """
    from pydantic import ValidationError

    try:
        saved = _parser().validate_json(text.removeprefix(codecs.BOM_UTF8) if isinstance(text, bytes) else text)
    except ValidationError as error:
        raise InputError(_in_one_sentence(error.errors()[0])) from error
    make_mapping(saved.interpolation.mapping)  # an unknown one is refused
    return saved.models, saved.interpolation


_PARTS = {"models": Settings, "interpolation": InterpolationSettings, "drawing": DrawingSettings}


@dataclass(frozen=True)
class _SavedInterpolation:
    """Parts of a settings file."""

    models: Settings
    interpolation: InterpolationSettings


@cache
def _parser():
    """Strict JSON parser of the dataclasses: unknown names, and values of other types, are refused."""
    from pydantic import ConfigDict, TypeAdapter, with_config

    for part in (_SavedInterpolation, *_PARTS.values()):
        with_config(ConfigDict(extra="forbid", strict=True))(part)
    return TypeAdapter(_SavedInterpolation)


def _in_one_sentence(problem: Mapping[str, Any]) -> str:
    """One of pydantic's errors as a sentence with the value and its name."""
    names = [name for name in problem["loc"] if isinstance(name, str)]
    match problem["type"]:
        case "json_invalid":
            return "The settings are not readable as JSON."
        case "value_error":  # raised by a dataclass for a value out of range
            return str(problem["ctx"]["error"])
        case "unexpected_keyword_argument" if len(names) > 1:
            known = ", ".join(field.name for field in fields(_PARTS[names[-2]]))
            return f"The settings hold {names[-1]!r:.60}; known are {known}."
        case "missing" if len(names) > 1:
            return f"The settings lack {names[-1]!r}."
        case "dataclass_type" if names:
            return f"The settings hold {problem['input']!r:.60} where names and values were expected."
    if len(names) < 2:
        return "The settings must be a JSON object with the two parts 'models' and 'interpolation'."
    return f"The settings hold {problem['input']!r:.60} as {names[-1]}."


def to_npz(path: InterpolationPath) -> bytes:
    """Serialise the vectors of a path as a NumPy archive without pickles.

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
