"""Files whose class numbers are shifted by one say so, wherever classes are read."""

import pytest

from alignment.dictionary.class_columns import read_class_columns
from alignment.dictionary.class_files import read_classes
from alignment.dictionary.class_numbers import shifted_numbers
from alignment.dictionary.classes import ClassTable, imagenet_names
from alignment.dictionary.prompts import evaluation_prompts
from alignment.dictionary.seed_files import read_seeds

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
        (["1000", "tabby"], False),
        ([""], False),
    ],
)
def test_numbers_that_seem_to_count_from_1(cells, is_shifted):
    said = shifted_numbers(cells, imagenet_names(), "mine.csv")
    assert len(said) == is_shifted and all(FROM_1 in one for one in said)


def test_numbers_of_classes_of_ones_own():
    (said,) = shifted_numbers("012", own(1), "mine.csv")
    assert "seem to count from 0, where those of classes of your own count from 1" in said
    assert len(shifted_numbers("13", own(0), "mine.csv")) == 1 and not shifted_numbers("123", own(1), "mine.csv")
    of_numbers = read_classes(b"name\n1\n2\n3\n")[0].known
    assert not shifted_numbers("123", of_numbers, "mine.csv")
    with_gaps = read_classes(b"index,name\n1,unicorn\n7,spaceship\n")[0].known
    assert not shifted_numbers("08", with_gaps, "mine.csv")


def test_every_reader_of_classes_says_it(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("sentence,class,weight\nA tench,1,3\nA roll,1000,4\n")
    assert FROM_1 in read_seeds(path).notes[0]
    assert FROM_1 in evaluation_prompts(ClassTable(range(1000)), path).notes[-1]
    assert FROM_1 in read_class_columns(path, ClassTable(range(1000))).notes[0]
