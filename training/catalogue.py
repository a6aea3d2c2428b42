"""Catalogue of the bundled classes: the drawings and the scene of each."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from training import scenes
from training.tints import NONE

PATH = Path(__file__).parent / "catalogue.csv"
CLASSES = Path(__file__).parents[1] / "alignment" / "dictionary" / "data" / "classes.csv"

STYLES = 3
"""Drawings that a class can have at most."""


@dataclass(frozen=True)
class Entry:
    """One bundled class; its position in the catalogue is its row in the generator."""

    index: int
    wordnet_id: str
    name: str
    scene: str
    drawings: tuple[tuple[str, str], ...]
    """Pictograms with their tints, one to three: the drawing styles."""
    path: tuple[str, ...]
    """WordNet's hypernyms from the root down, without the class itself."""
    group: str


def read(path: Path = PATH) -> list[Entry]:
    """Read the catalogue, ordered by ImageNet index.

    Raises
    ------
    ValueError
        If a class is unknown, a class or a drawing appears twice, a scene is unknown or rows are out of order.
    """
    with open(CLASSES, newline="", encoding="utf-8") as file:
        classes = {row["wordnet_id"]: row for row in csv.DictReader(file)}
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if unknown := [row["wordnet_id"] for row in rows if row["wordnet_id"] not in classes]:
        raise ValueError(f"{path.name}: {CLASSES.name} has no WordNet id {unknown[0]!r}")
    entries = [_entry(row, classes[row["wordnet_id"]]) for row in rows]
    _check(entries)
    return entries


def classes_of(entries: Iterable[Entry]) -> list[str]:
    """WordNet ids of the classes, in order of their rows."""
    return [entry.wordnet_id for entry in entries]


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
    """Pairs of pictogram and tint; a single tint serves all pictograms, a single pictogram all tints."""
    count = max(len(pictograms), len(tints))
    every_tint = tints or [NONE]
    if {len(pictograms), len(every_tint)} - {1, count}:
        raise ValueError(f"{len(pictograms)} pictograms and {len(tints)} tints do not pair: {' '.join(pictograms)}")
    every_pictogram = pictograms * (count if len(pictograms) == 1 else 1)
    return tuple(zip(every_pictogram, every_tint * (count if len(every_tint) == 1 else 1), strict=True))


def _check(entries: Iterable[Entry]) -> None:
    owners: dict[tuple[str, str], str] = {}
    last = -1
    for entry in entries:
        if entry.index <= last:
            raise ValueError(f"{entry.name} is out of order: rows go by ascending ImageNet index")
        last = entry.index
        if entry.scene not in scenes.NAMES:
            raise ValueError(f"{entry.name} has the unknown scene {entry.scene!r}")
        if not 1 <= len(entry.drawings) <= STYLES:
            raise ValueError(f"{entry.name} has {len(entry.drawings)} drawings; 1 to {STYLES} can be shown")
        for drawing in entry.drawings:
            if drawing in owners:
                raise ValueError(f"{entry.name} and {owners[drawing]} share the drawing {' '.join(drawing)}")
            owners[drawing] = entry.name
