import pandas as pd
import pytest

from alignment.dictionary.class_files import read_classes
from alignment.dictionary.class_names import ClassNames
from alignment.dictionary.classes import ClassTable, imagenet_classes
from alignment.errors import InputError

GROUPS = {
    "dog",
    "cat",
    "mammal",
    "primate",
    "bird",
    "reptile",
    "amphibian",
    "fish",
    "insect",
    "arachnid",
    "invertebrate",
    "sea creature",
    "plant",
    "produce",
    "dish",
    "vehicle",
    "boat",
    "aircraft",
    "instrument",
    "tool",
    "weapon",
    "furniture",
    "appliance",
    "kitchenware",
    "electronics",
    "clothing",
    "accessory",
    "sport",
    "household",
    "stationery",
    "building",
    "structure",
    "landscape",
    "person",
}


def test_all_1000_classes_with_the_library_s_own_order():
    from pytorch_pretrained_biggan.utils import IMAGENET

    table = imagenet_classes()
    assert table.index.tolist() == list(range(1000))
    assert {int(wordnet[1:]): index for index, wordnet in table["wordnet_id"].items()} == IMAGENET


def test_names_groups_and_numbers():
    table = imagenet_classes()
    assert table["name"].str.casefold().is_unique
    assert set(table["group"]) == GROUPS
    assert set(table["number"]) == {"count", "mass", "pair", "plural"}
    assert table["path"].str.startswith("entity > ").all()


def test_groups_follow_zoology():
    """Every animal with a branch of its own in WordNet is in the group of that name, and nothing else is."""
    table = imagenet_classes()
    for group in ("amphibian", "reptile", "arachnid", "insect", "fish"):
        in_branch = table["path"].str.split(" > ").map(lambda path, group=group: group in path)
        assert table["group"][in_branch].unique().tolist() == [group]
        assert in_branch[table["group"] == group].all()


def test_every_class_has_three_sentences_of_its_own():
    sentences = imagenet_classes()[["description", "kind_of", "scene"]].stack()
    assert sentences.str.split().str.len().between(8, 20).all()
    assert sentences.str.casefold().is_unique
    assert sentences.str.match(r"[A-Z].*\.$").all()


def test_rows_follow_the_order_given():
    table = ClassTable([281, 207, 9])
    assert (table.row(207), table.row("ostrich"), len(table)) == (1, 2, 3)
    assert table.rows([9, 5, 281]) == [2, 0]
    assert table.names[0] == "tabby cat" and list(table.groups) == ["cat", "dog", "bird"]


def test_a_table_for_readers_has_indices_and_says_which_are_rows():
    table = pd.DataFrame({"name": ["tench", "goldfish"], "class": [0, 1], "predicted": [1, 0], "share": [0.5, 1.0]})
    found = ClassTable([1, 0]).with_indices(table)
    assert list(found) == ["name", "index", "row", "predicted_index", "predicted_row", "share"]
    assert found["index"].tolist() == [1, 0] and found["predicted_index"].tolist() == [0, 1]
    given = found.assign(**{"class": found["row"]}).drop(columns="row")
    assert list(ClassTable([1, 0]).with_indices(given))[-1] == "row"


def test_a_class_outside_the_space_is_named():
    with pytest.raises(InputError, match=r"Class 207 \(golden retriever\) is not among the 1 classes"):
        ClassTable([281]).row("golden retriever")


@pytest.mark.parametrize(
    "indices", [[1, 1], [1000], [-1], [], 5, None, "cat", pd.DataFrame({"index": [5]}), [[1, 2], [3]], [{}]]
)
def test_a_wrong_class_list(indices):
    with pytest.raises(InputError):
        ClassTable(indices)


def test_an_index_that_a_list_lacks_is_said_with_the_name_and_the_range_of_the_list():
    with pytest.raises(InputError, match=r"1000 is not among the 1,000 ImageNet classes; .* between 0 and 999"):
        ClassTable([1000])
    own, _ = read_classes(b"name\nmug\nspoon\n", called="own.csv")
    with pytest.raises(InputError, match=r"7 is not among the 2 classes of your own; .* between 0 and 1"):
        ClassTable([7], own.known)


def test_classes_of_ones_own_have_lemmas_for_sentences_and_paths_where_any_has_one():
    frame = pd.DataFrame({"name": ["Dog_01", "Cat"], "lemmas": [("dog",), ()], "path": ["", ""], "group": ""})
    frame = frame.assign(wordnet_id="", synonyms=[()] * 2, everyday=[()] * 2)
    table = ClassTable([1, 0], ClassNames(frame, {"pet": [0, 1]}))
    assert list(table.readable_names) == ["Cat", "dog"] and table.paths is None
    assert ClassTable([1, 0], ClassNames(frame.assign(path=["entity > animal", ""]))).paths == ("", "entity > animal")
    with pytest.raises(InputError, match="'pet' names 2 classes; give one of them"):
        table.row("pet")
