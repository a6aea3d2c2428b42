"""A way as files: its settings, which open the same experiment again, and its vectors."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, fields

import numpy as np

from alignment.errors import InputError
from alignment.interpolation.paths import Plan, Way
from alignment.mappings import make_mapping
from alignment.study.settings import Settings


def to_json(settings: Settings, plan: Plan) -> str:
    """The models and the way, as text that :func:`from_json` reads."""
    return json.dumps({"models": asdict(settings), "way": asdict(plan)}, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str | bytes) -> tuple[Settings, Plan]:
    """The models and the way that a file of settings describes; what it leaves out is as in a new experiment.

    Raises
    ------
    InputError
        For text that is no such file, for a name that means nothing, and for a value that cannot be.
    """
    try:
        parts = json.loads(text)
    except ValueError as error:  # broken JSON, and bytes that are not UTF-8
        raise InputError("The settings are not readable as JSON.") from error
    if not isinstance(parts, dict) or set(parts) != {"models", "way"}:
        raise InputError("The settings must be a JSON object with the two parts 'models' and 'way'.")
    settings, plan = _read(Settings, parts["models"]), _read(Plan, parts["way"])
    make_mapping(plan.mapping)  # an unknown one is refused
    return settings, plan


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
    if kind is Plan:
        values = values | {"prompts": tuple(values.get("prompts", ()))}
    return kind(**values)


def to_npz(way: Way) -> bytes:
    """A way's vectors as a NumPy archive, free of pickles.

    Returns
    -------
    bytes
        ``prompts`` (p,), ``texts`` (p, d_text), ``places`` (n,), ``points`` (n, d), ``nearest`` (n,) and, where there
        are pictures, ``noises`` (n, d_noise) and ``pictures`` (n, pixels, pixels, 3).
    """
    arrays = {name: getattr(way, name) for name in ("texts", "places", "points", "nearest", "noises", "pictures")}
    file = io.BytesIO()
    np.savez_compressed(
        file,
        prompts=np.array(way.plan.prompts),
        **{name: array for name, array in arrays.items() if array is not None},
    )
    return file.getvalue()
