"""Files whose class numbers are shifted by one say so, wherever classes are read."""

import pytest

from alignment.dictionary.class_cells import class_number_notes, named_classes
from alignment.dictionary.class_columns import read_class_columns
from alignment.dictionary.class_files import read_classes
from alignment.dictionary.classes import ClassTable, imagenet_names
from alignment.dictionary.prompts import evaluation_prompts
from alignment.dictionary.seed_files import read_seeds
from alignment.errors import InputError

FROM_1 = "seem to count from 1, where those of ImageNet classes count from 0"


def own(first):
    lines = [f"{first + k},{name}" for k, name in enumerate(("unicorn", "spaceship", "robot"))]
    return read_classes("\n".join(["index,name", *lines]).encode())[0].known


@pytest.mark.parametrize(
    ("cells", "is_shifted"),
    [
        (["1000", "3"], True),
        (["1000.0", "[1, 2]"], True),
        (["999|1000"], True),
        (["1000", "0"], False),
        (["1", "999"], False),
        (["1000", "1001"], False),
        (["0", "1000", "1001", "1002"], False),
        (["1000", "tabby"], False),
        ([""], False),
    ],
)
def test_numbers_that_seem_to_count_from_1(cells, is_shifted):
    said = class_number_notes(cells, imagenet_names(), "mine.csv")
    assert len(said) == is_shifted and all(FROM_1 in one for one in said)


def test_numbers_of_classes_of_ones_own():
    (said,) = class_number_notes("012", own(1), "mine.csv")
    assert "seem to count from 0, where those of classes of your own count from 1" in said
    assert len(class_number_notes("13", own(0), "mine.csv")) == 1 and not class_number_notes("123", own(1), "mine.csv")
    of_numbers = read_classes(b"name\n1\n2\n3\n")[0].known
    assert not class_number_notes("123", of_numbers, "mine.csv")
    with_gaps = read_classes(b"index,name\n1,unicorn\n7,spaceship\n")[0].known
    assert not class_number_notes("08", with_gaps, "mine.csv")


@pytest.mark.parametrize("cell", ["[1, 0, 0]", "0|1|0", "0.0|1.0|0.0", "[0, 0]"])
def test_marks_of_classes_by_their_places_are_no_numbers(cell):
    with pytest.raises(InputError, match="by their places"):
        named_classes(cell, imagenet_names())
    assert named_classes("[0, 1]", imagenet_names()) == named_classes("0|1|tench", imagenet_names()) == (0, 1)
    assert named_classes("[1, 1]", imagenet_names()) == (1,)  # two goldfish in a picture


@pytest.mark.parametrize("numbers", [[1, 2, 81, 84, 90], [7, 9, 11, 33], ["1.0", "[82, 85]", "90"]])
def test_numbers_of_another_list_are_refused(numbers):
    """Category ids of COCO, 1 to 90 with gaps: the 79 within 0 to 79 would mean other classes."""
    names = read_classes("\n".join(["name", *(f"thing{chr(97 + k)}" for k in range(9))]).encode())[0].known
    cells = list(map(str, numbers))
    message = "seem to be of another list: none is 0, and 3 of them, such as (81|9|82), are none of classes of your own"
    with pytest.raises(InputError, match=message):
        class_number_notes(cells, names, "mine.csv")
    assert not class_number_notes([*cells, "0"], names, "mine.csv")


@pytest.mark.parametrize("header", ["category_id", "class_id", "label_id", "Class Idx", "synset"])
def test_headers_that_every_reader_of_classes_takes(tmp_path, header):
    path, wanted = tmp_path / "mine.csv", "n01440764" if header == "synset" else "0"
    path.write_text(f"caption,{header},weight\nA tench,{wanted},3\nA fox,{wanted.replace('1440764', '2119789')},4\n")
    assert read_seeds(path).seeds.frame["classes"][0] == (0,)
    assert evaluation_prompts(ClassTable(range(1000)), path).table["rows"][0] == (0,)
    assert read_class_columns(path, ClassTable(range(1000))).frame["weight"][0] == 3
    text = f"name,{header}\ntench,{wanted}\nfox,{wanted.replace('1440764', '2119789').replace('0', '1', 1)}\n"
    assert read_classes(text.encode())[0].row(wanted) == 0


def test_every_reader_of_classes_says_it(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("sentence,class,weight\nA tench,1,3\nA roll,1000,4\n")
    assert FROM_1 in read_seeds(path).notes[0]
    assert FROM_1 in evaluation_prompts(ClassTable(range(1000)), path).notes[-1]
    assert FROM_1 in read_class_columns(path, ClassTable(range(1000))).notes[0]
