"""From the states of a sentence's tokens to one vector a sentence: the parts that :class:`TextEncoder` pools with."""

from __future__ import annotations

import re

import numpy as np

from alignment.errors import InputError

POOLINGS = ("mean", "cls", "word", "lexical")
RARE = 50  # place in the vocabulary of a word that weighs half as much as the rarest
LEXICAL_LENGTH = 0.5  # of what the words mean alone, beside what they mean in the sentence
WORD_ENTRY = re.compile(r"\W*\w{2,}")  # "cat" and "##ing", but no single character and no "[CLS]"


def pooled_dim(hidden_size: int, pooling: str) -> int:
    """Numbers in a sentence's vector."""
    return 2 * hidden_size if pooling == "lexical" else hidden_size


def rarity(tokenizer) -> np.ndarray:
    """How much each entry of a vocabulary counts in ``lexical``, float32 (V,): ``w = r / (r + 50)``.

    r is the entry's place among the words of the vocabulary and parts of them, frequent ones first; what is neither
    counts as the most frequent, and special tokens not at all.
    """
    vocabulary = tokenizer.get_vocab()
    is_word = np.zeros(max(vocabulary.values()) + 1)
    for entry, row in vocabulary.items():
        is_word[row] = WORD_ENTRY.fullmatch(entry) is not None
    place = np.cumsum(is_word).clip(min=1)
    place[tokenizer.all_special_ids] = 0
    return (place / (place + RARE)).astype(np.float32)


def weighted_mean(states, weights):
    """(b, dim) from the states of tokens, (b, t, dim), and their weights, (b, t), of which some are above 0."""
    weights = weights.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1)


def beside(states, words) -> np.ndarray:
    """What is meant in the sentence and by the words alone, tensors (b, dim), brought to their lengths: (b, 2 dim)."""
    from torch.nn.functional import normalize

    return np.hstack([normalize(states, dim=-1), LEXICAL_LENGTH * normalize(words, dim=-1)])


def inside(offsets, spans: list[tuple[int, int]]):
    """Which tokens, (b, t), touch the range of characters of their sentence, from where they stand, (b, t, 2)."""
    import torch

    begin, end = offsets.unbind(-1)
    first, last = torch.tensor(spans).T[..., None]  # (b, 1) each
    return (begin < last) & (end > first)


def word_span(sentence: str, word: str) -> tuple[int, int]:
    """Character range of ``word`` in ``sentence``: as a whole word if it stands so, else anywhere; all of it for ""."""
    if not word:
        return -1, len(sentence) + 1  # wide enough for [CLS] and [SEP], which stand at (0, 0)
    match = re.search(rf"\b{re.escape(word)}\b", sentence, re.IGNORECASE) or re.search(
        re.escape(word), sentence, re.IGNORECASE
    )
    if match is None:
        raise InputError(f"The word {word!r} is not in the sentence {sentence[:60]!r}.")
    return match.span()
