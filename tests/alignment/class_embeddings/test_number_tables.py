"""Matrices of numbers in texts of many kinds: JSON, word2vec and GloVe."""

import json

import numpy as np
import pytest

from alignment.class_embeddings.number_tables import read_numbers
from alignment.errors import InputError

ROWS = [[0.5, 1.5, 2.5], [3.5, 4, 5.5]]


def test_json_of_lists_of_numbers_is_a_matrix():
    table = read_numbers(json.dumps(ROWS, indent=1).encode(), "m.json")
    assert table.numbers.tolist() == ROWS and table.notes == ["m.json is read as JSON, one list of numbers per row."]


@pytest.mark.parametrize(
    "text",
    ['{"cat": [0.5]}', '{"a": 1}\n{"a": 2}\n', "[]", "[[1, 2], [3]]", "[[1, null]]", "[[true]]", f"[[1{'0' * 400}]]"],
)
def test_other_json_is_named(text):
    with pytest.raises(InputError, match=r"m\.json is JSON, no matrix; write a list of lists of numbers"):
        read_numbers(text.encode(), "m.json")


def test_names_that_hold_blanks_are_read_where_the_size_is_stated():
    table = read_numbers(b"2 3\ngolden retriever 0.5 1.5 2.5\ncat 3.5 4 5.5\n", "m.txt")
    assert table.numbers.tolist() == ROWS and table.row_names == {"column 1": ["golden retriever", "cat"]}


@pytest.mark.parametrize(
    "lines", [["golden retriever 0.5 1.5", "cat 3.5 4.5"], ["cat 3.5 4.5", "golden retriever 1 1.5"]]
)
def test_names_that_hold_blanks_are_refused_where_it_is_not(lines):
    with pytest.raises(InputError, match="the name 'golden retriever' holds a blank; write it as 'golden_retriever'"):
        read_numbers("\n".join(lines).encode(), "m.txt")


@pytest.mark.parametrize("word", [",", ";", '"', ".", "'s", "#"])
def test_the_vector_of_a_mark_is_a_row(word):
    table = read_numbers(f"the 0.5 1.5 2.5\n{word} 3.5 4.0 5.5\n".encode(), "glove.txt")
    np.testing.assert_array_equal(table.numbers, ROWS)
    assert table.row_names == {"column 1": ["the", word]}


@pytest.mark.parametrize("comment", ["# saved by NumPy", "# 2 3", "# 0 1 2", "# 0.5 1.5"])
def test_a_line_of_comment_is_no_row(comment):
    for words in (["cat", "dog"], ["", ""]):
        lines = [comment, *(f"{word} {' '.join(map(str, row))}" for word, row in zip(words, ROWS, strict=True))]
        np.testing.assert_array_equal(read_numbers("\n".join(lines).encode(), "m.txt").numbers, ROWS)


@pytest.mark.parametrize("title", ["imagenet_id", "Class ID", "target", "y", "class", "Unnamed: 0", "image-index"])
@pytest.mark.parametrize("place", [0, 2])
def test_an_index_is_known_by_many_titles_wherever_it_stands(title, place):
    rows = [["a", "b"], [0.5, 1.5], [2.5, 3.5], [4.5, 6.5]]
    for row, cell in zip(rows, [title, 0, 1, 2], strict=True):
        row.insert(place, cell)
    numbers, notes, *_ = read_numbers("\n".join(",".join(map(str, row)) for row in rows).encode(), "m.csv")
    assert numbers.shape == (3, 2) and f"column {place + 1} ({title!r})" in notes[-1]


def test_a_coordinate_is_no_index():
    assert read_numbers(b"x,y\n0.5,3\n1.5,1\n", "m.csv").numbers.tolist() == [[0.5, 3], [1.5, 1]]


def test_a_separator_at_the_end_of_each_line_is_passed_over():
    table = read_numbers(b"0.5,1.5,2.5,\n3.5,4,5.5,\n", "m.csv")
    assert table.numbers.tolist() == ROWS and not table.notes


def test_a_quotation_mark_separates_no_cells():
    with pytest.raises(InputError, match=r"m\.csv, line 1: cells cannot be separated by .\".; use another mark\."):
        read_numbers(b'sep="\n0.5"1.5\n3.5"4\n', "m.csv")
