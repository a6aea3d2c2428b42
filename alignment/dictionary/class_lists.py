"""Class lists in the forms of models and data sets: JSON, YAML or a Python dictionary, rewritten as a table of records.

``{"0": "tench", ...}``, ``{"tench": 0, ...}``, ``{"0": ["n01440764", "tench"], ...}``, ``{"n01440764": "tench", ...}``
and ``["tench", ...]``, each also under a key such as ``id2label``, ``names`` or ``categories``, or in ``features``.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable
from typing import Any

from alignment.errors import InputError
from alignment.files.encodings import decode
from alignment.files.reading import is_json, parse_json

HOLDERS = (  # in order of preference
    "names",
    "id2label",
    "categories",
    "classes",
    "class_names",
    "thing_classes",
    "labels",
    "label2id",
    "class_to_idx",
)
WHOLE, WORDNET_ID = re.compile(r"\d{1,9}"), re.compile(r"n\d{8}")
YAML_ENDINGS = (".yaml", ".yml")
LISTS = re.compile(r"\s*(?:\{|[\[(]\s*['\"])")  # how a dictionary begins, or a list of texts


def class_records(content: bytes, name: str) -> tuple[bytes, list[str]]:
    """Rewrite a list of classes as a JSON array of objects, with notes; any other content is returned unchanged.

    Parameters
    ----------
    content : bytes
    name : str
        Name of the file, whose ending tells YAML; also in messages.

    Raises
    ------
    InputError
        When the file is not text, or YAML that cannot be read or lists no classes, or a damaged dictionary or list.
    """
    text, _ = decode(content, name)
    is_yaml = name.lower().removesuffix(".gz").endswith(YAML_ENDINGS)
    if not (is_yaml or text.lstrip().startswith(("{", "[", "("))):
        return content, []
    value = _yaml(text, name) if is_yaml else _json_or_python(text, name)
    holder = ""
    found = _records(value)
    if not found and isinstance(value, dict):
        held = {key: value[key] for key in HOLDERS if key in value} | _class_labels(value)
        holder = next((key for key in held if _records(held[key])), "")
        found = _records(held.get(holder))
    if not found and is_yaml:
        raise InputError(f"{name} lists no classes; write them under 'names', one name per row of the space.")
    notes = [f"{name}: its entry {holder!r} is read."] if holder else []
    return (json.dumps(found).encode(), notes) if found else (content, [])


def _yaml(text: str, name: str) -> Any:
    """Value of a YAML text."""
    import yaml

    try:  # with this loader every value is a text: "no" is a name
        return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (yaml.YAMLError, RecursionError, UnicodeEncodeError) as error:  # the last for bytes that are no UTF-8
        line = f", line {mark.line + 1}" if (mark := getattr(error, "problem_mark", None)) else ""
        raise InputError(f"{name}{line}: the YAML cannot be read; write it anew in UTF-8.") from error


def _json_or_python(text: str, name: str) -> Any:
    """Value of a JSON text, or of a Python dictionary or list; None for others, which may be a table."""
    try:
        return parse_json(text)
    except ValueError:
        pass
    try:  # by way of JSON, which has no other types
        return json.loads(json.dumps(ast.literal_eval(text.strip())))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        if not LISTS.match(text) or is_json(text, name):
            return None
        raise InputError(
            f"{name} begins like a Python dictionary or list, and cannot be read as one; write it anew."
        ) from error


def _class_labels(value: dict[str, Any]) -> dict[str, Any]:
    """Names of the one feature of a Hugging Face data set (``dataset_info.json``) that has some; of several, none."""
    features = value.get("features")
    named = {
        key: feature["names"]
        for key, feature in (features.items() if isinstance(features, dict) else ())
        if isinstance(feature, dict) and "names" in feature
    }
    return named if len(named) == 1 else {}


def _records(value: Any) -> list[dict[str, Any]]:
    """One object per class; [] where the value lists none."""
    if isinstance(value, list) and value:
        if all(isinstance(one, dict) and "name" in one for one in value):
            return [*map(_columns, value)]
        is_names = all(isinstance(one, str) for one in value)
        return [{"name": one, "index": at} for at, one in enumerate(value)] if is_names else []
    if not isinstance(value, dict) or not value:
        return []
    if _all_match(WHOLE, value.values()) and (not _all_match(WHOLE, value) or _count_from_0(value.values())):
        return [{"name": key, "index": value[key]} for key in sorted(value, key=lambda key: int(value[key]))]
    if _all_match(WHOLE, value):
        return [{**_columns(value[key]), "index": key} for key in sorted(value, key=int)]
    if _all_match(WORDNET_ID, value):
        return [{**_columns(held), "wordnet_id": key} for key, held in value.items()]
    return []


def _count_from_0(values: Collection[Any]) -> bool:
    """Whether values are the numbers 0 to K - 1 in any order, as those of a ``class_to_idx`` are; texts are names."""
    return {*values} == {*range(len(values))}


def _all_match(pattern: re.Pattern[str], values: Iterable[Any]) -> bool:
    return all(isinstance(one, str | int) and pattern.fullmatch(str(one)) for one in values)


def _columns(entry: Any) -> dict[str, Any]:
    """Columns of a class from its name, its WordNet id and names, its names, or an object; deeper values are left out.

    They would not be read, and aliases in YAML can make them longer than any memory.
    """
    if isinstance(entry, dict):
        return {key: held for key, held in entry.items() if _is_flat(held)}
    if isinstance(entry, list) and len(entry) > 1 and WORDNET_ID.fullmatch(str(entry[0])):
        return {"wordnet_id": entry[0], "name": entry[1:] if _is_flat(entry) else None}
    return {"name": entry if _is_flat(entry) else None}


def _is_flat(value: Any) -> bool:
    members = value if isinstance(value, list) else [value]
    return not any(isinstance(one, list | dict) for one in members)
