"""The command models: lists encoders and generators of the registries."""

from __future__ import annotations

from argparse import Namespace

from alignment.commands.tables import print_table


def models(arguments: Namespace) -> None:
    import pandas as pd

    from alignment.images import checkpoints as generators
    from alignment.text import checkpoints as encoders

    rows = [
        ("text", name, known.label, f"{known.dim} numbers, {known.layers} layers", known.download_mb)
        for name, known in encoders.ENCODERS.items()
    ] + [
        ("pictures", name, known.label, f"{known.pixels} x {known.pixels} pixels", known.download_mb)
        for name, known in generators.GENERATORS.items()
    ]
    table = pd.DataFrame(rows, columns=["kind", "name", "what", "size", "download"])
    here = [*map(encoders.is_here, encoders.ENCODERS), *map(generators.is_here, generators.GENERATORS)]
    table.insert(4, "here", ["yes" if each else "no" for each in here])
    table["download"] = [f"{mb:.0f} MB" if mb else "none" for mb in table["download"]]
    print_table(table)
