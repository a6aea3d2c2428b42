"""Sums of words: what is read, what is refused, what is added."""

import numpy as np
import pytest

from alignment.errors import InputError
from alignment.vectors.word_sums import MAX_TERMS, read_sum, vector_sum


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("= king - man + woman", [(1, "king"), (-1, "man"), (1, "woman")]),
        ("=a red car \u2212 red", [(1, "a red car"), (-1, "red")]),
        ("= - cat + T-shirt", [(-1, "cat"), (1, "T-shirt")]),
        ("= cat", [(1, "cat")]),
    ],
)
def test_terms_and_signs(text, terms):
    assert read_sum(text) == terms


@pytest.mark.parametrize("text", ["=", "= + ", "= cat + ", "= cat - - dog", "= " + " + ".join("a" * (MAX_TERMS + 1))])
def test_what_is_no_sum(text):
    with pytest.raises(InputError):
        read_sum(text)


def test_a_sum_is_seen_from_the_centre():
    vectors, centre = np.array([[3.0, 1], [1, 1], [2, 5]]), np.array([1.0, 1])
    np.testing.assert_allclose(vector_sum(vectors, [1, -1, 1], centre), vectors[0] - vectors[1] + vectors[2])
    np.testing.assert_allclose(vector_sum(vectors[:2], [1, 1], centre), [3, 1])
