"""Which tokens a pooling reads, on made-up hidden states."""

import pytest
import torch

from alignment.text.pooling import TokenBatch, last_token, masked_mean, tokens_in, word_span


def test_padding_is_in_no_mean_and_is_no_last_token():
    states = torch.tensor([[[1.0], [3.0], [8.0]], [[2.0], [4.0], [6.0]]])
    mask = torch.tensor([[1, 1, 0], [1, 1, 1]])
    batch = TokenBatch(states, [states], mask, mask, mask.bool(), lambda ids: ids)
    assert masked_mean(states, mask).tolist() == [[2.0], [4.0]]
    assert last_token(batch).tolist() == [[3.0], [6.0]]


def test_tokens_of_a_word_are_those_within_it_and_none_beside_it():
    offsets = torch.tensor([[[0, 0], [0, 2], [2, 6], [6, 7], [7, 8], [0, 0]]])  # of "kitten's"
    assert tokens_in(offsets, [(0, 6)]).tolist() == [[False, True, True, False, False, False]]
    assert tokens_in(offsets, [(6, 7)]).tolist() == [[False, False, False, True, False, False]]
    assert tokens_in(offsets, [word_span("kitten's", "")]).all()


@pytest.mark.parametrize("word, span", [("cat", (11, 14)), ("Cat", (11, 14)), ("attle", (5, 10)), ("", (-1, 15))])
def test_a_whole_word_is_found_before_a_part_of_another(word, span):
    assert word_span("the cattle cat", word) == span
