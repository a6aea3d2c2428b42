"""The catalogue and the shipped folder agree with each other and with the class table."""

import csv
import dataclasses

import pytest

from training import catalogue
from training.evaluate import PAIRS
from training.export import FOLDER
from training.sources import SOURCES

ENTRIES = catalogue.read()


def test_catalogue_is_large_and_its_glyphs_have_known_sources():
    assert len(ENTRIES) >= 250
    for entry in ENTRIES:
        assert 1 <= len(entry.glyphs) <= 2
        assert all(glyph.split(":")[0] in SOURCES for glyph in entry.glyphs)


def test_names_are_those_of_the_class_table():
    with open(catalogue.PATH, newline="", encoding="utf-8") as file:
        assert [row["name"] for row in csv.DictReader(file)] == [entry.name for entry in ENTRIES]


def test_ways_lead_between_bundled_classes():
    assert {name for pair in PAIRS for name in pair} <= {entry.name for entry in ENTRIES}


def test_every_licence_allows_use():
    allowed = {"Apache-2.0", "MIT", "CC-BY-3.0", "CC-BY-4.0"}
    assert {source.licence for source in SOURCES.values()} <= allowed


def test_no_two_classes_share_a_glyph(tmp_path):
    text = catalogue.PATH.read_text(encoding="utf-8").splitlines()
    row = text[2].split(",")
    row[3] = text[1].split(",")[3]
    path = tmp_path / "catalogue.csv"
    path.write_text("\n".join([*text[:2], ",".join(row), *text[3:]]), encoding="utf-8")
    with pytest.raises(ValueError, match="share the glyph"):
        catalogue.read(path)


def test_rows_out_of_order_are_refused(tmp_path):
    text = catalogue.PATH.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "catalogue.csv"
    path.write_text("\n".join([text[0], text[2], text[1]]), encoding="utf-8")
    with pytest.raises(ValueError, match="out of order"):
        catalogue.read(path)


def test_shipped_classes_are_the_catalogue():
    with open(FOLDER / "classes.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["class"]) for row in rows] == list(range(len(ENTRIES)))
    for row, entry in zip(rows, ENTRIES, strict=True):
        wanted = dataclasses.asdict(entry)
        assert int(row["index"]) == wanted["index"]
        assert (row["wordnet_id"], row["name"]) == (wanted["wordnet_id"], wanted["name"])
