"""Class lists as models and data sets come with them."""

import json

import pytest

from alignment.dictionary.class_files import read_classes
from alignment.errors import InputError

NAMES = ["tench", "goldfish", "sports car"]
COCO = {
    "info": {"year": 2017},
    "licenses": [{"url": "x", "id": 1, "name": "Free"}, {"url": "y", "id": 2, "name": "Not free"}],
    "categories": [
        {"supercategory": "fish", "id": 1, "name": "tench", "keypoints": ["eye"]},
        {"supercategory": "fish", "id": 2, "name": "goldfish"},
        {"supercategory": "vehicle", "id": 5, "name": "sports car"},
    ],
}
PYTHON = "{0: 'tench',\n 1: \"goldfish\",\n 2: 'sports car'}"
NUMBERED = {str(at): name for at, name in enumerate(NAMES)}
OF_WORDNET = {"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"], "2": ["n04285008", "sports car"]}


def read(content, called="mine.json"):
    text = content if isinstance(content, str) else json.dumps(content)
    return read_classes(text.encode(), called=called)


@pytest.mark.parametrize(
    ("content", "called"),
    [
        (NAMES, "mine.json"),
        (NUMBERED, "mine.json"),
        ({key: NUMBERED[key] for key in reversed(NUMBERED)}, "mine.json"),
        ({name: at for at, name in enumerate(NAMES)}, "class_to_idx.json"),
        ({"architectures": ["ViT"], "id2label": NUMBERED, "label2id": {"tench": 0}}, "config.json"),
        (OF_WORDNET, "imagenet_class_index.json"),
        ({"features": {"image": {}, "label": {"names": NAMES, "_type": "ClassLabel"}}}, "dataset_info.json"),
        ({key: {"label": name, "uri": "x"} for key, name in NUMBERED.items()}, "mine.json"),
        (dict(OF_WORDNET.values()), "mine.json"),
        ([{"name": name} for name in NAMES], "mine.json"),
        ("\n".join(json.dumps({"name": name}) for name in NAMES), "mine.jsonl"),
        (PYTHON, "imagenet1000_clsidx_to_labels.txt"),
        (PYTHON.replace(": ", ":"), "mine.txt"),
        ("['tench',\n 'goldfish',  # an orange one\n 'sports car',\n]", "mine.txt"),
        ("('tench',\n 'goldfish',\n 'sports car')", "mine.txt"),
        ("train: images\nnc: 3\nnames:\n  0: tench\n  1: goldfish\n  2: sports car\n", "data.yaml"),
        ("nc: 3\nnames: ['tench', goldfish, \"sports car\"]  # three\n", "data.yml"),
        ("- tench\n- goldfish\n- sports car\n", "mine.yaml"),
        ("tench\ngoldfish\nsports car\n", "coco.names"),
    ],
)
def test_a_list_in_any_usual_form_names_the_classes(content, called):
    classes, notes = read(content, called)
    assert list(classes.names) == NAMES and list(classes.indices) == [0, 1, 2]
    assert all(note.startswith(called) for note in notes)


def test_keys_beside_names_are_read():
    classes, _ = read(OF_WORDNET)
    assert classes.known.find("n01443537") == (1,)
    classes, notes = read(COCO)
    assert list(classes.names) == NAMES and list(classes.indices) == [1, 2, 5]
    assert list(classes.groups) == ["fish", "fish", "vehicle"]
    assert "mine.json: its entry 'categories' is read." in notes
    classes, _ = read({"0": ["tench", "doctor fish"], "1": ["goldfish"]})
    assert list(classes.names) == ["tench", "goldfish"] and classes.known.find("doctor fish") == (0,)


@pytest.mark.parametrize(
    ("folders", "names"),
    [
        (["1", "10", "2"], ["1", "10", "2"]),
        (["0", "2", "1"], ["0", "2", "1"]),
        (["n01443537", "n01440764"], ["goldfish", "tench"]),
        (["n01443537", "n00001740"], ["n01443537", "n00001740"]),
    ],
)
def test_the_names_of_folders_may_be_numbers_or_wordnet_ids(folders, names):
    numbers = {name: at for at, name in enumerate(folders)}
    for content in (numbers, {"class_to_idx": numbers}, {"id2label": dict(enumerate(folders))}, str(numbers), folders):
        classes, _ = read(content)
        assert list(classes.names) == names and list(classes.indices) == [*range(len(names))]
        assert [classes.known.find(folder) for folder in folders] == [(at,) for at in range(len(names))]


def test_a_python_dictionary_is_read_as_python_reads_it():
    classes, _ = read("{0: 'Grevy\\'s zebra',\n 1: \"carpenter's kit\",\n 2: ('n01440764', 'caf\\u00e9')}", "mine.txt")
    assert list(classes.names) == ["Grevy's zebra", "carpenter's kit", "café"]


def test_words_that_yaml_takes_for_truth_or_numbers_are_names():
    classes, _ = read("names: [yes, no, 1e3, null, 2026-01-01]\n", "data.yaml")
    assert list(classes.names) == ["yes", "no", "1e3", "null", "2026-01-01"]


@pytest.mark.parametrize(
    ("content", "called", "message"),
    [
        ("names: [tench, goldfish\nnc: 2\n", "data.yaml", "data.yaml, line 2: the YAML cannot be read"),
        ("train: images\n", "data.yaml", "data.yaml lists no classes; write them under 'names'"),
        ("a: &a [x, y]\nb: &b [*a, *a]\nnames: [*b, *b]\n", "data.yaml", "lists no classes"),
        ("names: [!!python/object/apply:os.system [ls], b]\n", "data.yaml", "lists no classes"),
        ({"0": "tench", "1": None}, "mine.json", "mine.json, line 2: a class needs a name"),
        ({"0": "tench", "1": {"deep": ["a"]}}, "mine.json", "mine.json, line 2: a class needs a name"),
        ({"0": "tench"}, "mine.json", "mine.json names 1 class;"),
        (
            {"model": "x", "layers": 3},
            "mine.json",
            "mine.json needs a JSON object for each row that names the columns 'name'",
        ),
        ('{"0": "tench",\n"1" "goldfish"}', "mine.json", "mine.json, line 2: the JSON is damaged"),
        ("[" * 100_000, "mine.json", "mine.json"),
        ("{0: 'tench',\n 1: 'goldfish',\n 2: 'spo", "mine.txt", "begins like a Python dictionary or list"),
        ("{0: 'tench', 1: None}", "mine.txt", "mine.txt, line 2: a class needs a name"),
        ("{0: b'tench', 1: b'goldfish'}", "mine.txt", "begins like a Python dictionary or list"),
        ('["tench",\n // orange\n "goldfish"]', "mine.json", "mine.json, line 2: the JSON is damaged"),
        ('["tench", goldfish", "sports car"]', "mine.json", "mine.json, line 1: the JSON is damaged"),
        (["tench", "", "goldfish"], "mine.json", "mine.json, line 2: a class needs a name"),
        ("- tench\n-\n- goldfish\n", "mine.yaml", "mine.yaml, line 2: a class needs a name"),
    ],
)
def test_a_file_that_lists_no_classes_is_one_sentence(content, called, message):
    with pytest.raises(InputError, match=message) as caught:
        read(content, called)
    assert len(str(caught.value)) < 300


def test_yaml_with_a_byte_that_is_no_text_is_refused():
    with pytest.raises(InputError, match=r"data\.yaml: the YAML cannot be read; write it anew in UTF-8"):
        read_classes("names:\n- cat 🐈\n- do".encode() + b"\x88\n", called="data.yaml")


def test_names_in_brackets_are_lines_of_text():
    classes, _ = read("[unused]\n[mask]\n", "mine.txt")
    assert list(classes.names) == ["[unused]", "[mask]"]
