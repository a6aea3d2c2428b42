"""Which classes a name means."""

import unicodedata

import pandas as pd
import pytest

from alignment.dictionary import class_names
from alignment.dictionary.class_cells import named_classes
from alignment.dictionary.class_files import read_classes
from alignment.dictionary.class_names import ClassNames
from alignment.dictionary.classes import imagenet_names
from alignment.dictionary.name_forms import SpelledNames, visible
from alignment.errors import InputError


@pytest.mark.parametrize(
    ("key", "index"),
    [
        (281, 281),
        (" 281 ", 281),
        ("281.0", 281),
        ("0281", 281),
        ("٢٨١", 281),
        ("n02123045", 281),
        ("N02123045", 281),
        ("Tabby Cat", 281),
        ("tabby", 281),
        ("Tabby Cats", 281),
        ("tabby_cat", 281),
        ("motor scooter", 670),
        ("goldfishes", 1),
        ("volcanoes", 980),
        ("timber wolves", 269),
        ("kit_fox", 278),
        ("carpenter’s plane", 726),  # noqa: RUF001
        ("black and tan\u00a0coonhound", 165),
        ("T shirt", 610),
        ("tshirts", 610),
        ("consomme", 925),
        ("crane (bird)", 134),
        ("Crane (construction)", 517),
        ("134 crane (bird)", 134),
        ("517: crane", 517),
        ("n02012849", 134),
        ("n02012849 crane", 134),
        ("n01440764 tench, Tinca tinca", 0),
        ("goldfish, Carassius auratus", 1),
        ("maillot, tank suit", 639),
        ("mushroom", 947),
        ("lion", 291),
    ],
)
def test_a_name_of_one_class(key, index):
    assert imagenet_names().find(key) == (index,)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("1000", "0 to 999; 1000 is not one of them"),
        ("-1", "No ImageNet class"),
        ("²", "No ImageNet class"),
        ("0x119", "No ImageNet class"),
        ("", "No ImageNet class"),
        ("unicorn", "No ImageNet class is called 'unicorn'"),
        ("crane", r"'crane' may mean 134 crane \(bird\), 517 construction crane;"),
        ("cranes", "134 crane"),
        ("maillot", "638 .*639 one-piece swimsuit"),
        ("cardigan", "264 .*474"),
        ("plane", "404 airliner, 726 carpenter's plane, 895 warplane"),
        ("crane (metro)", "may mean 134 crane"),
        ("n01440764 goldfish", "n01440764 is 'tench', not 'goldfish'"),
        ("207 tabby cat", "207 is 'golden retriever', not 'tabby cat'"),
        ("n99999999", "No ImageNet class has the WordNet id n99999999"),
        ("goldfish, tench", "No ImageNet class"),
        (",", "No ImageNet class is called ','"),
        (" , -,", "No ImageNet class"),
        ("x" * 400, "No ImageNet class is called 'x+…'; give an index"),
        ("x" * 5000, "No ImageNet class is called 'x+…', which has 5,000 characters; a name has at most 500"),
    ],
)
def test_a_class_that_cannot_be_found_is_one_sentence(key, message):
    with pytest.raises(InputError, match=message) as caught:
        imagenet_names().find(key)
    assert len(str(caught.value)) < 300


def test_blanks_around_a_name_and_many_synonyms_are_not_too_long():
    assert imagenet_names().find("tabby" + 600 * " ") == (281,)
    names = [f"a synonym of {number} letters" for number in range(40)]
    own = read_classes(f"name,synonyms\nthing,{'|'.join(names)}\nother,\n".encode())[0].known
    assert own.find(", ".join(["thing", *names])) == (0,)


@pytest.mark.parametrize("name", ["é" * 400, "x" * 500, "zebra, zyx"])
def test_a_name_is_normalised_once_in_a_lookup(monkeypatch, name):
    seen = []
    monkeypatch.setattr(class_names, "visible", lambda text: (seen.append(text), visible(text))[1])
    with pytest.raises(InputError):
        imagenet_names().find(name)
    assert seen.count(name) <= 4  # as it is typed, displayed, spelled and folded


@pytest.mark.parametrize("key", ["cat", "Cats", " CAT "])
def test_a_word_above_the_classes_names_all_below(key):
    assert imagenet_names().find(key) == (281, 282, 283, 284, 285)
    assert len(imagenet_names().find("dog")) >= 118 and len(imagenet_names().find("bird")) >= 59


@pytest.mark.parametrize(("key", "count"), [("animals", 398), ("mammal", 218), ("clothing", 48), ("Furniture", 22)])
def test_a_hypernym_of_wordnet_names_all_below_where_nothing_else_answers(key, count):
    assert len(imagenet_names().find(key)) == count
    with pytest.raises(InputError):
        imagenet_names().find("entity")  # all of them


def test_every_class_has_a_label_that_names_it_alone():
    names = imagenet_names()
    labels = {index: names.label(index) for index in names.frame.index}
    assert all(names.find(label) == (index,) for index, label in labels.items())
    assert labels[134] == "crane (bird)" and labels[638] == "maillot (638)" and labels[281] == "tabby cat"


def test_every_line_of_imagenet_s_label_file_names_its_class():
    names = imagenet_names()
    for index, (wordnet, lemmas) in names.frame[["wordnet_id", "lemmas"]].iterrows():
        assert names.find(f"{wordnet} {', '.join(lemmas)}") == (index,)


@pytest.mark.parametrize(
    ("name", "index"),
    [("St. Bernard", 247), ("crane bird", 134), ("maillot tank suit", 639), ("hen of the woods mushroom", 996)],
)
def test_names_of_clip_s_and_torchvision_s_lists_are_known(name, index):
    assert imagenet_names().find(name) == (index,)


@pytest.mark.parametrize(
    ("name", "classes"),
    [("husky", (174, 248, 249, 250)), ("duck", (97, 98)), ("coffeemaker", (550,)), ("sunglasses", (837,))],
)
def test_names_of_such_a_list_that_mean_a_kind_or_another_class_here(name, classes):
    """As docs/own-data.md says: CLIP's are of the classes 248, 97, 505, and of both 836 and 837."""
    assert imagenet_names().find(name) == classes


def test_a_name_of_such_a_list_that_is_another_class_s_too_means_neither():
    with pytest.raises(InputError, match="565 freight car, 705 passenger car"):
        imagenet_names().find("railroad car")


def test_a_qualifier_that_does_not_describe_the_one_class_of_a_name_is_refused():
    with pytest.raises(InputError, match=r"'goldfish \(machine\)' may mean 1 goldfish; give"):
        imagenet_names().find("goldfish (machine)")


def test_names_that_begin_with_a_number_and_are_written_in_other_scripts():
    frame = pd.DataFrame({"name": ["4 poster bed", "か", "が", "Öl"], "wordnet_id": "", "group": ""})
    frame[["synonyms", "everyday", "lemmas"]] = pd.Series([((),) * 3] * 4).tolist()
    names = ClassNames(frame)
    assert [names.find(name) for name in ("4-poster bed", "か", "が", "öl", "OL")] == [(0,), (1,), (2,), (3,), (3,)]
    with pytest.raises(InputError, match="The indices of classes are 0 to 3"):
        names.find("4")


def test_classes_called_by_numbers_are_found_by_their_names():
    names = read_classes(b"name\n1\n2\n3\n10\n", called="mine.csv")[0].known
    assert [names.find(key) for key in ("1", "2.0", "10", "03", 2)] == [(0,), (1,), (3,), (2,), (2,)]
    assert [names.find(names.key(index)) for index in range(4)] == [(index,) for index in range(4)]
    with pytest.raises(InputError, match=r"No class of your own is called '0'; give a WordNet id or a name\."):
        names.find("0")
    with pytest.raises(InputError, match="The indices of classes of your own are 0 to 1; 7 is not"):
        read_classes(b"name\ncat\ndog\n")[0].known.find("7")
    assert imagenet_names().key(281) == "281"


@pytest.mark.parametrize("names", [["Bär", "Bar", "resume"], ["cá", "cà", "ca"], ["Pâté", "pate", "x"]])
def test_names_that_differ_in_accents_are_found_as_they_are_spelled(names):
    found = read_classes("\n".join(["name,group", *(f"{name},all" for name in names)]).encode())[0].known
    for index, name in enumerate(names):
        decomposed = unicodedata.normalize("NFD", name.upper())
        assert found.find(name) == found.find(decomposed) == found.find(f"{name} (all)") == (index,)
        assert found.label(index) == name and found.find(found.label(index)) == (index,)
    with pytest.raises(InputError, match="No class of your own is called 'unknown'"):
        found.find("unknown")


def test_names_without_the_accents_of_any_stay_shared():
    found = read_classes("name,group\nBär,Tiere\nBár,Orte\nBären,Tiere\n".encode())[0].known
    with pytest.raises(InputError, match="'bar' may mean 0 Bär, 1 Bár;"):
        found.find("bar")
    assert found.find("Bar (Orte)") == (1,) and found.find("baren") == (2,)


def test_the_plural_of_a_name_with_accents_is_not_that_of_one_without():
    found = read_classes("name\ncafé\ncafe\n".encode())[0].known
    assert found.find("cafés") == (0,) and found.find("cafes") == (1,)


@pytest.mark.parametrize("names", [["china", "China"], ["re-sign", "resign", "re sign"], ["^_^", "-_-", "^^", "_"]])
def test_names_that_differ_in_case_or_marks_are_found_as_they_are_written(names):
    found = read_classes("\n".join(["name,group", *(f"{name},all" for name in names)]).encode())[0].known
    for index, name in enumerate(names):
        assert found.find(name) == found.find(f" {name}\u200b") == found.find(f"{name} (all)") == (index,)
        assert found.label(index) == name


def test_a_name_in_the_case_of_neither_class_stays_shared():
    found = read_classes(b"name,group,synonyms\nchina,goods,\nChina,places,PRC\nporcelain,goods,China\n")[0].known
    for name in ("CHINA", "Chinas", "china", "China"):  # which a third class has for a synonym
        with pytest.raises(InputError, match="may mean 0 china"):
            found.find(name)
    assert found.find("china (places)") == (1,) and found.label(1) == "China (places)"
    pair = read_classes(b"name\nchina\nChina\n")[0].known
    for name in ("CHINA", "Chinas"):
        with pytest.raises(InputError, match=r"may mean 0 china, 1 China;"):
            pair.find(name)


@pytest.mark.parametrize("name", ["kitty", "crane, lifter", "lifter,crane"])
def test_a_name_of_two_classes_means_neither(name):
    frame = pd.DataFrame({"name": ["crane", "crane", "cat", "kitten"], "group": ""})
    frame = frame.assign(wordnet_id="", synonyms=[("lifter",)] * 2 + [()] * 2, lemmas=[()] * 4)
    names = ClassNames(frame.assign(everyday=[(), (), ("kitty",), ("kitty",)]))
    with pytest.raises(InputError, match="may mean"):
        names.find(name)
    assert names.find("kitten") == (3,)


@pytest.mark.parametrize("key", [1.5, True, None, (1,)])
def test_a_key_that_is_neither_text_nor_a_whole_number_is_refused(key):
    with pytest.raises(InputError, match="A class's index must be a whole number"):
        imagenet_names().find(key)


@pytest.mark.parametrize("cell", ["[" + "' " * 60_000 + "x", "e\u0301\u0300" * 20_000, "a_1" * 40_000, "cat;" * 30_000])
def test_a_cell_too_long_to_name_a_class_is_refused_before_it_is_looked_up(monkeypatch, cell):
    monkeypatch.setattr(SpelledNames, "find", lambda names, name: pytest.fail("a name is looked up"))
    with pytest.raises(InputError, match="characters; a name has at most 500, and several are separated by") as error:
        named_classes(cell, imagenet_names())
    assert len(str(error.value)) < 300


def test_a_class_that_a_cell_repeats_is_looked_up_once(monkeypatch):
    names, asked = imagenet_names(), []
    find = names.find
    monkeypatch.setattr(names, "find", lambda key: (asked.append(key), find(key))[1])
    assert named_classes("dog|" * 10_000 + "tabby", names) == (*find("dog"), 281) and asked == ["dog", "tabby"]
