"""The catalogue agrees with the class table, the scenes and the icon sets."""

import csv

import pytest

from training import catalogue, drawings, scenes
from training.evaluate import PATHS
from training.sources import SOURCES, source_of

ENTRIES = catalogue.read()


def test_every_class_has_its_drawings_from_known_sets_or_the_project():
    for entry in ENTRIES:
        for pictogram, tint in entry.drawings:
            assert tint and (drawings.documents(pictogram) or source_of(pictogram))


def test_names_are_those_of_the_class_table():
    with open(catalogue.PATH, newline="", encoding="utf-8") as file:
        assert [row["name"] for row in csv.DictReader(file)] == [entry.name for entry in ENTRIES]


def test_one_tint_serves_two_pictograms_and_one_pictogram_two_tints():
    assert catalogue._drawings(["a:x", "a:y"], ["hue:1"]) == (("a:x", "hue:1"), ("a:y", "hue:1"))
    assert catalogue._drawings(["a:x"], ["-", "hue:1"]) == (("a:x", "-"), ("a:x", "hue:1"))
    assert catalogue._drawings(["a:x"], []) == (("a:x", "-"),)
    assert catalogue._drawings(["a:x", "a:y"], ["-", "hue:1"]) == (("a:x", "-"), ("a:y", "hue:1"))
    with pytest.raises(ValueError, match="2 pictograms and 3 tints do not pair: a:x a:y"):
        catalogue._drawings(["a:x", "a:y"], ["-", "hue:1", "hue:2"])


def test_paths_of_the_card_lead_between_bundled_classes():
    assert {name for pair in PATHS for name in pair} <= {entry.name for entry in ENTRIES}


def test_every_licence_allows_use():
    allowed = {"Apache-2.0", "MIT", "CC-BY-3.0", "CC-BY-4.0"}
    assert {source.licence for source in SOURCES.values()} <= allowed


def test_unknown_icon_sets_are_refused():
    with pytest.raises(ValueError, match="unknown icon set 'emoji'"):
        source_of("emoji:cat")


def with_rows(tmp_path, change):
    """The path of a catalogue of the first rows, each a list of cells, after a change."""
    rows = [line.split(",") for line in catalogue.PATH.read_text(encoding="utf-8").splitlines()[:4]]
    change(rows)
    path = tmp_path / "catalogue.csv"
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    return path


def test_no_two_classes_share_a_drawing(tmp_path):
    def share(rows):
        rows[2][3:] = rows[1][3:]

    with pytest.raises(ValueError, match="share the drawing"):
        catalogue.read(with_rows(tmp_path, share))


def test_rows_out_of_order_are_refused(tmp_path):
    def swap(rows):
        rows[1], rows[2] = rows[2], rows[1]

    with pytest.raises(ValueError, match="out of order"):
        catalogue.read(with_rows(tmp_path, swap))


def test_unknown_scenes_are_refused(tmp_path):
    def move(rows):
        rows[1][2] = "moon"

    with pytest.raises(ValueError, match="unknown scene 'moon'"):
        catalogue.read(with_rows(tmp_path, move))


@pytest.mark.parametrize("version", range(1, scenes.VERSIONS + 1))
@pytest.mark.parametrize("name", scenes.NAMES)
def test_every_scene_has_two_layers_in_every_version(name, version):
    assert all(scenes.layers(name, version))


def test_scenes_are_known_by_name():
    assert {entry.scene for entry in ENTRIES} | set(scenes.SHADOW_STRENGTHS) <= set(scenes.NAMES)
    assert len(list(scenes.FOLDER.iterdir())) == scenes.VERSIONS * len(scenes.NAMES)
