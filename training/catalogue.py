"""The bundled classes: what each looks like and where it stands."""

import csv
from dataclasses import dataclass
from pathlib import Path

from training.scenes import SCENES

PATH = Path(__file__).parent / "catalogue.csv"
CLASSES = Path(__file__).parent.parent / "alignment" / "dictionary" / "data" / "classes.csv"


@dataclass(frozen=True)
class Entry:
    """One bundled class; its place in the catalogue is its row in the generator."""

    index: int
    wordnet_id: str
    name: str
    scene: str
    glyphs: tuple
    tint: str
    path: tuple
    """WordNet's hypernyms from the root down, the class itself left out."""
    group: str


def read(path=PATH):
    """Return the catalogue as a list of `Entry`, ordered by ImageNet index.

    Raises
    ------
    ValueError
        If a class or a glyph appears twice, a scene is unknown or rows are
        out of order.
    """
    with open(CLASSES, newline="", encoding="utf-8") as file:
        classes = {row["wordnet_id"]: row for row in csv.DictReader(file)}
    entries = []
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            known = classes[row["wordnet_id"]]
            entries.append(
                Entry(
                    index=int(known["index"]),
                    wordnet_id=row["wordnet_id"],
                    name=known["name"],
                    scene=row["scene"],
                    glyphs=tuple(row["glyphs"].split()),
                    tint=row["tint"],
                    path=tuple(known["path"].split(" > ")),
                    group=known["group"],
                )
            )
    owners = {}
    for before, entry in zip([None, *entries], entries, strict=False):
        if before and before.index >= entry.index:
            raise ValueError(f"{entry.name} is out of order: rows go by ascending ImageNet index")
        if entry.scene not in SCENES:
            raise ValueError(f"{entry.name} has the unknown scene {entry.scene!r}")
        for glyph in entry.glyphs:
            if glyph in owners:
                raise ValueError(f"{entry.name} and {owners[glyph]} share the glyph {glyph}")
            owners[glyph] = entry.name
    return entries
