"""Whole words and the states of their pieces."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from alignment.errors import InputError
from alignment.text.encoder import TextEncoder
from alignment.text.words import pooled_words, word_shares


def test_pieces_of_a_split_word_are_pooled():
    states = np.arange(12, dtype=np.float32).reshape(6, 2)
    offsets = [(0, 0), (0, 1), (2, 5), (5, 7), (7, 8), (0, 0)]  # [CLS] a xyl ##ox ! [SEP]
    words, rows = pooled_words("a xylox!", offsets, states)
    assert words == ["a", "xylox"]
    assert_allclose(rows, [states[1], (states[2] + states[3]) / 2])


def test_the_share_of_a_word_is_that_of_all_its_pieces():
    offsets = [(0, 0), (0, 1), (2, 5), (5, 7), (7, 8), (0, 0)]
    weights = np.array([9.0, 1.0, 2.0, 1.0, 9.0, 9.0])  # those of punctuation and special tokens do not count
    assert word_shares("a xylox!", offsets, weights) == [(range(0, 1), 0.25), (range(2, 7), 0.75)]


def test_words_that_are_not_in_the_vocabulary_have_no_share(encoder):
    assert word_shares("ꙮ", [(0, 0), (0, 1), (0, 0)], np.zeros(3)) == [(range(0, 1), 0.0)]
    assert encoder.subject_weights(["ꙮ"]) == [[(range(0, 1), 0.0)]]


def test_punctuation_has_no_words():
    words, rows = pooled_words("?!", [(0, 0), (0, 1), (1, 2), (0, 0)], np.ones((4, 3)))
    assert words == [] and rows.shape == (0, 3)


def test_words_are_in_order_and_pool_their_own_pieces(encoder):
    sentence = "The hummingbird's nest isn't well-known: xylophonists, café"
    words, states = encoder.words(sentence)
    assert words == ["The", "hummingbird's", "nest", "isn't", "well-known", "xylophonists", "café"]
    tokens, layers = encoder._forward([sentence])
    pieces = encoder._tokenizer.convert_ids_to_tokens(tokens["input_ids"][0])
    of_pieces = layers[-1][0].numpy()
    assert pieces[1] == "the" and pieces.count("nest") == 1
    assert_allclose(states[0], of_pieces[1], rtol=1e-5)
    assert_allclose(states[2], of_pieces[pieces.index("nest")], rtol=1e-5)
    start, end = pieces.index("nest"), 2
    assert_allclose(states[1], of_pieces[end:start].mean(axis=0), rtol=1e-4, atol=1e-6)
    assert states.dtype == np.float32


def test_layers_differ_and_the_word_pooling_agrees():
    first = TextEncoder(layer=1).words("I have a hummingbird")[1]
    assert not np.allclose(first, TextEncoder(layer=2).words("I have a hummingbird")[1])
    pooled = TextEncoder(layer=1, pooling="word").encode(["I have a hummingbird"], words=["hummingbird"])
    assert_allclose(first[3:], pooled, rtol=1e-4, atol=1e-6)


def test_words_after_truncation_are_left_out(encoder):
    words, states = encoder.words("cat " * 2000)
    assert 100 < len(words) == len(states) < 600


def test_study_maps_every_word(study):
    words, vectors = study.map_words("I have a lemon")
    assert words == ["I", "have", "a", "lemon"] and vectors.shape == (4, study.class_vectors.shape[1])
    assert study.nearest_to(vectors, words, top=1)["name"].tolist()[-1] == "lemon"
    with pytest.raises(InputError):
        study.map_words("🙂")
