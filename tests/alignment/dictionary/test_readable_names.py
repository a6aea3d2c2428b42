"""Names of class lists as sentences call them."""

import time

import pytest

from alignment.dictionary.class_files import read_classes
from alignment.dictionary.named_seeds import named_seeds
from alignment.dictionary.readable_names import in_words, readable_names
from alignment.errors import InputError


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["001.Black_footed_Albatross", "002.Laysan_Albatross"], ["Black footed Albatross", "Laysan Albatross"]),
        (["101.White_Pelican", "117.Clay_colored_Sparrow"], ["White Pelican", "Clay colored Sparrow"]),
        (["n02085620-Chihuahua", "n02085782-Japanese_spaniel"], ["Chihuahua", "Japanese spaniel"]),
        (["00000_Animalia_Annelida", "00001_Plantae_Rosales"], ["Animalia Annelida", "Plantae Rosales"]),
        (["0 cat", "1 dog"], ["cat", "dog"]),
        (["1 001.Crane", "2 002.Crow"], ["Crane", "Crow"]),
        (["chair_001", "table_002"], ["chair", "table"]),
        (["golden_retriever", "hot-dog_stand", "T-shirt"], ["golden retriever", "hot-dog stand", "T-shirt"]),
        (["/a/airfield", "/b/balcony/exterior"], ["airfield", "exterior balcony"]),
        (["dog.n.01", "living_room.n.02"], ["dog", "living room"]),
        (["TennisBall", "SeaLake", "Forest"], ["Tennis Ball", "Sea Lake", "Forest"]),
        (["saber_(fate)", "__background__", "1girl", ":d"], ["saber (fate)", "background", "1girl", ":d"]),
    ],
)
def test_names_that_files_hold_become_words(names, words):
    assert readable_names(names) == words


@pytest.mark.parametrize(
    "names",
    [
        ["AM General Hummer SUV 2000", "Acura TL Sedan 2012"],
        ["2-door car", "4-door car"],
        ["thing 0", "thing 1"],
        ["1", "2"],
        ["3.", "4."],
        ["1.5", "2.5"],
        ["MNIST 0", "MNIST 1"],
        ["707-320", "727-200"],
        ["^_^", ">_<", "-_-"],
        ["iPhone", "MacBook Pro"],
        ["/m/011k07", "TV/monitor"],
        ["שלום", "中文", "کتاب\u200cخانه"],  # noqa: RUF001 - Persian
    ],
)
def test_names_that_numbers_and_marks_are_part_of_stay(names):
    assert readable_names(names) == names


def test_seeds_are_in_words_and_the_name_stays_what_the_file_says():
    table, notes = read_classes(
        b"name,group,synonyms\n001.Black_footed_Albatross,sea_bird,gooney_bird\n002.Laysan_Albatross,sea_bird,\n",
        called="cub.csv",
    )
    assert list(table.names) == ["001.Black_footed_Albatross", "002.Laysan_Albatross"]
    assert notes == ["cub.csv: in sentences, '001.Black_footed_Albatross' is read as 'Black footed Albatross'."]
    assert table.known.label(0) == "001.Black_footed_Albatross"
    for name in ("001.Black_footed_Albatross", "black-footed albatross", "gooney bird"):
        assert table.known.find(name) == (0,)
    seeds = named_seeds(table).frame
    assert {"A Black footed Albatross.", "A gooney bird.", "A sea bird."} <= set(seeds["sentence"])
    assert not seeds[["sentence", "term"]].apply(lambda cells: cells.str.contains("_|001")).any(axis=None)


@pytest.mark.parametrize(
    ("text", "names", "indices"),
    [
        ("apple_pie\nbaby_back_ribs\n", ["apple_pie", "baby_back_ribs"], [0, 1]),
        ("/a/airfield 0\n/b/balcony/exterior 1\n", ["/a/airfield", "/b/balcony/exterior"], [0, 1]),
        ("1 001.Black_footed_Albatross\n2 002.Crow\n", ["001.Black_footed_Albatross", "002.Crow"], [1, 2]),
        ("n01440764 tench, Tinca tinca\nn01443537 goldfish\n", ["tench", "goldfish"], [0, 1]),
        ("thing 0\nthing 1\n", ["thing 0", "thing 1"], [0, 1]),
        ("tennis ball, yellow\nred dress, size 40\n", ["tennis ball, yellow", "red dress, size 40"], [0, 1]),
    ],
)
def test_a_list_of_lines_is_a_class_list(text, names, indices):
    table, notes = read_classes(text.encode(), called="classes.txt")
    assert list(table.names) == names and list(table.indices) == indices
    assert not any("first line" in note for note in notes)  # a documented form


def test_names_between_slashes_are_a_name_and_its_synonyms():
    """LVIS: "trash can/garbage can/wastebin"."""
    lines = ["trash can/garbage can/wastebin", "air conditioner", "bin/wastebin", "km/h", "AC/DC", "and/or", "cup/mug"]
    table, notes = read_classes(
        "\n".join([*lines, "/b/balcony/exterior", "cup/glass", "a.b/c.d", "golf club/golf-club"]).encode(),
        called="classes.txt",
    )
    assert list(table.names[:7]) == lines and table.frame["synonyms"].tolist() == [("garbage can",), *[()] * 10]
    assert list(table.readable_names[:5]) == ["trash can", "air conditioner", "bin", "km/h", "AC/DC"]
    assert list(table.readable_names[5:]) == [
        "and/or",
        "cup/mug",
        "exterior balcony",
        "cup/glass",
        "a.b/c.d",
        "golf club",
    ]
    assert table.row("garbage can") == table.row("trash can") == table.row("trash can/garbage can/wastebin") == 0
    assert "names such as 'trash can/garbage can/wastebin' are read as a name and its synonyms" in notes[0]
    levels, notes = read_classes(b"animal/dog\nplant/oak\n", called="classes.txt")
    assert list(levels.readable_names) == ["animal/dog", "plant/oak"] and notes == []


def test_lines_of_cells_between_tabs_need_a_header():
    with pytest.raises(
        InputError, match=r"classes\.txt: its lines have cells separated by tabs; name the columns in a"
    ):
        read_classes(b"tench\tfish\nrobin\tbird\n", called="classes.txt")
    assert list(read_classes(b"n01440764\ttench\nn01443537\tgoldfish\n", called="classes.txt")[0].names) == [
        "tench",
        "goldfish",
    ]


def test_what_stands_before_every_line_is_read_and_said():
    table, notes = read_classes(b"n01440764 tench, Tinca tinca\nn01443537 goldfish\n", called="lemmas.txt")
    assert table.row("n01443537") == 1 and table.row("Tinca tinca") == 0
    assert notes[0] == (
        "lemmas.txt: 'n01440764' in 'n01440764 tench, Tinca tinca', and its like in all lines, is read as 'wordnet_id'."
    )


def test_commas_part_names_where_wordnet_has_them_alone():
    text = 'wordnet_id,name\n{},"Washington, D.C."\n{},other\n'
    assert list(read_classes(text.format("n1", "").encode())[0].names) == ["Washington, D.C.", "other"]
    synset, _ = read_classes(b'synset,name\nn02084071,"dog, domestic_dog"\nn02121808,cat\n')
    assert list(synset.names) == ["dog", "cat"] and synset.frame["synonyms"].tolist() == [("domestic_dog",), ()]


def test_common_names_are_everyday_words():
    table, _ = read_classes(b"name,common_name\nLumbricus terrestris,Common Earthworm\nAves,Birds\n")
    assert table.row("common earthworms") == 0 and "A Common Earthworm." in named_seeds(table).sentences


@pytest.mark.parametrize(
    ("text", "said", "means"),
    [
        ("dog,dog\npoodle,dog", "the group 'dog' is a class too, which alone is meant by it", (0,)),
        (
            "dog,\npoodle,dog",
            "the group 'dog' is the name of a class outside it too, so that it means neither",
            (),
        ),
    ],
)
def test_a_group_that_is_called_like_a_class_is_said(text, said, means):
    table, notes = read_classes(f"name,group\n{text}\ncat,\n".encode(), called="mine.csv")
    assert notes == [f"mine.csv: {said}; no sentence is made of its name."]
    assert table.known.exact("dog") == means
    assert named_seeds(table).frame.query("kind == 'hypernym'").empty


def test_a_group_of_its_one_namesake_is_nothing_to_say():
    assert read_classes(b"name,group\nperson,person\ncat,animal\n")[1] == []


def test_no_sentence_is_made_of_a_number_of_a_group():
    table, notes = read_classes(b"name,group\nlong_hair,0\nsolo,0\nsaber,4\n", called="tags.csv")
    assert notes[1:] == ["tags.csv: no sentence is made of groups that are called by a number, such as '0'."]
    assert table.known.find("4") == (2,) and named_seeds(table).frame.query("kind == 'hypernym'").empty


def test_a_long_name_is_read_at_once():
    begun = time.perf_counter()
    assert in_words("A" * 50_000) == "A" * 50_000
    assert time.perf_counter() - begun < 2  # 6 s where its end is looked for from each of its letters
