"""The bundled classes: what each looks like and where it stands."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from training.scenes import SCENES
from training.tints import NONE

PATH = Path(__file__).parent / "catalogue.csv"
CLASSES = Path(__file__).parents[1] / "alignment" / "dictionary" / "data" / "classes.csv"


@dataclass(frozen=True)
class Entry:
    """One bundled class; its place in the catalogue is its row in the generator."""

    index: int
    wordnet_id: str
    name: str
    scene: str
    drawings: tuple[tuple[str, str], ...]
    """Pictograms with their tints, one or two: the drawing styles."""
    path: tuple[str, ...]
    """WordNet's hypernyms from the root down, the class itself left out."""
    group: str


def read(path: Path = PATH) -> list[Entry]:
    """The catalogue, ordered by ImageNet index.

    Raises
    ------
    ValueError
        If a class or a drawing appears twice, a scene is unknown or rows are out of order.
    """
    with open(CLASSES, newline="", encoding="utf-8") as file:
        classes = {row["wordnet_id"]: row for row in csv.DictReader(file)}
    with open(path, newline="", encoding="utf-8") as file:
        entries = [_entry(row, classes[row["wordnet_id"]]) for row in csv.DictReader(file)]
    _check(entries)
    return entries


def _entry(row: dict[str, str], known: dict[str, str]) -> Entry:
    return Entry(
        index=int(known["index"]),
        wordnet_id=row["wordnet_id"],
        name=known["name"],
        scene=row["scene"],
        drawings=_drawings(row["pictograms"].split(), row["tints"].split()),
        path=tuple(known["path"].split(" > ")),
        group=known["group"],
    )


def _drawings(pictograms: list[str], tints: list[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of pictogram and tint; a single tint serves both pictograms, a single pictogram both tints."""
    count = max(len(pictograms), len(tints))
    return tuple(zip((pictograms * 2)[:count], (tints * 2 or [NONE] * 2)[:count], strict=True))


def _check(entries: Iterable[Entry]) -> None:
    owners: dict[tuple[str, str], str] = {}
    last = -1
    for entry in entries:
        if entry.index <= last:
            raise ValueError(f"{entry.name} is out of order: rows go by ascending ImageNet index")
        last = entry.index
        if entry.scene not in SCENES:
            raise ValueError(f"{entry.name} has the unknown scene {entry.scene!r}")
        for drawing in entry.drawings:
            if drawing in owners:
                raise ValueError(f"{entry.name} and {owners[drawing]} share the drawing {' '.join(drawing)}")
            owners[drawing] = entry.name
