"""The command models: lists encoders and generators of the registries."""

from __future__ import annotations

from argparse import Namespace

from alignment.commands.tables import print_table
from alignment.files.json_text import json_text


def models(arguments: Namespace) -> None:
    """Print a table, or as JSON a list of objects that say more of each."""
    found = known_models()
    if arguments.json:
        print(json_text(found))
        return
    import pandas as pd

    rows = [(one["kind"], one["name"], _size(one), _download(one)) for one in found]
    print_table(pd.DataFrame(rows, columns=["kind", "name", "size", "download"]))


def known_models() -> list[dict[str, object]]:
    """Every model of the registries: kind, name, label, sizes, whether it is here, and megabytes of its download."""
    from alignment.images import checkpoints as generators
    from alignment.text import checkpoints as encoders

    of_text: list[dict[str, object]] = [
        {"kind": "text", "name": name, "label": one.label, "numbers": one.dim, "layers": one.layers}
        | {"here": encoders.is_here(name), "download_mb": one.download_mb}
        for name, one in encoders.ENCODERS.items()
    ]
    return of_text + [
        {"kind": "pictures", "name": name, "label": one.label, "pixels": one.pixels}
        | {"here": generators.is_here(name), "download_mb": one.download_mb}
        for name, one in generators.GENERATORS.items()
    ]


def _size(model: dict[str, object]) -> str:
    pixels = model.get("pixels")
    return f"{pixels} x {pixels} pixels" if pixels else f"{model['numbers']} numbers, {model['layers']} layers"


def _download(model: dict[str, object]) -> str:
    return "here" if model["here"] else f"{model['download_mb']:.0f} MB"
