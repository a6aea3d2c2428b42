"""Pooling of the hidden states of a sentence's tokens to one vector: the registry of poolings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alignment.errors import InputError, no_such_name

if TYPE_CHECKING:
    from torch import Tensor

LEXICAL_LENGTH = 0.5  # of the lexical half of a vector; the contextual half has length 1
SUBJECT_LENGTH = 0.7  # of the half of a vector that is weighted by subject, times that of the unweighted half


@dataclass(frozen=True)
class TokenBatch:
    """Inputs of a pooling: the tokens of b sentences, t each.

    Parameters
    ----------
    states : float32 tensor (b, t, hidden size)
        Of one layer.
    layers : sequence of float32 tensors (b, t, hidden size)
        Of all layers.
    mask : int tensor (b, t)
        1 for tokens of the sentence, 0 for padding.
    ids : int tensor (b, t)
        Rows of the vocabulary.
    in_word : bool tensor (b, t)
        Which tokens belong to the given word of their sentence; all of them where no word is given.
    lexical_sums : callable
        From ids (b, t) and, optionally, weights a (b, t) to ``sum_t a_t w_t e_t``, (b, embedding size), with token
        embeddings e_t and w_t by :func:`~alignment.text.vocabulary.rarity_weights`.
    """

    states: Tensor
    layers: Sequence[Tensor]
    mask: Tensor
    ids: Tensor
    in_word: Tensor
    lexical_sums: Callable[..., Tensor]


@dataclass(frozen=True)
class Pooling:
    """An entry of the registry of poolings.

    Parameters
    ----------
    key : str
    explanation : str
        The result in words, as a part of a sentence.
    pool : callable
        From a :class:`TokenBatch` to a tensor (b, dimension).
    dimension : callable
        From the hidden size and the size of token embeddings to the size of a sentence's vector; by default the hidden
        size.
    needs_words : bool
        Whether one word of every sentence must be given.
    learned_for : str, optional
        The only encoder it can be used with.
    """

    key: str
    explanation: str
    pool: Callable[[TokenBatch], Tensor]
    dimension: Callable[[int, int], int] = lambda hidden_size, embedding_size: hidden_size
    needs_words: bool = False
    learned_for: str | None = None

    def suits(self, encoder: str) -> bool:
        """Whether this pooling can be used with an encoder."""
        return self.learned_for in (None, encoder)

    def check(self, encoder: str) -> None:
        """Raise InputError unless this pooling can be used with an encoder."""
        if not self.suits(encoder):
            raise InputError(f"The pooling {self.key!r} was learned for {self.learned_for!r} alone; choose another.")


def masked_mean(states: Tensor, mask: Tensor) -> Tensor:
    """``sum_t m_t h_t / sum_t m_t``, (b, d), of states (b, t, d) and a mask (b, t) with at least one token per row."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1)


def last_token(batch: TokenBatch) -> Tensor:
    """Hidden state of the last token of each sentence, padding ignored, (b, d)."""
    import torch

    device = batch.mask.device
    places = torch.arange(batch.mask.shape[1], device=device) * batch.mask
    return batch.states[torch.arange(len(batch.states), device=device), places.argmax(dim=1)]


def _word(batch: TokenBatch) -> Tensor:
    """Mean over the tokens of the word; over all of a sentence too long to be read as far as the word."""
    import torch

    of_word = batch.mask * batch.in_word
    return masked_mean(batch.states, torch.where(of_word.any(dim=1, keepdim=True), of_word, batch.mask))


def _lexical(batch: TokenBatch) -> Tensor:
    return _concatenate(masked_mean(batch.states, batch.mask), batch.lexical_sums(batch.ids))


def _subject(batch: TokenBatch) -> Tensor:
    import torch

    from alignment.text.subject_attention import bundled_attention

    with torch.inference_mode():
        weights = bundled_attention(batch.mask.device.type)(batch.layers, batch.mask)
    contextual = (weights.unsqueeze(-1) * batch.states).sum(1)
    weighted = _concatenate(contextual, batch.lexical_sums(batch.ids, weights))
    return torch.hstack([_lexical(batch), SUBJECT_LENGTH * weighted])


def _concatenate(contextual: Tensor, lexical: Tensor) -> Tensor:
    import torch
    from torch.nn.functional import normalize

    return torch.hstack([normalize(contextual, dim=-1), LEXICAL_LENGTH * normalize(lexical, dim=-1)])


POOLINGS = {
    pooling.key: pooling
    for pooling in (
        Pooling("mean", "the mean of all tokens", lambda batch: masked_mean(batch.states, batch.mask)),
        Pooling("cls", "the first token", lambda batch: batch.states[:, 0]),
        Pooling(
            "word",
            "the mean over the tokens of the word that names the class",
            _word,
            needs_words=True,
        ),
        Pooling(
            "lexical",
            "the mean beside the vectors that the vocabulary holds for the words, rare ones weighing more",
            _lexical,
            dimension=lambda hidden_size, embedding_size: hidden_size + embedding_size,
        ),
        Pooling(
            "last",
            "the last token, which alone has read the whole sentence in decoders such as GPT-2 and Llama",
            last_token,
        ),
        Pooling(
            "subject",
            "lexical, beside the same with learned weights, high for the words that say what the sentence is about",
            _subject,
            dimension=lambda hidden_size, embedding_size: 2 * (hidden_size + embedding_size),
            learned_for="minilm",
        ),
    )
}


def get_pooling(key: str) -> Pooling:
    """The entry of the registry with this key."""
    if key not in POOLINGS:
        raise InputError(no_such_name("pooling", key, POOLINGS))
    return POOLINGS[key]


def learned_pooling(encoder: str) -> str:
    """Key of the pooling that was learned for an encoder; "mean" if there is none."""
    return next((key for key, pooling in POOLINGS.items() if pooling.learned_for == encoder), "mean")


def tokens_in(offsets: Tensor, spans: list[tuple[int, int]]) -> Tensor:
    """Mask, bool (b, t), of tokens that overlap the given character range of their sentence; offsets (b, t, 2)."""
    import torch

    begin, end = offsets.unbind(-1)
    first, last = torch.tensor(spans, device=offsets.device).T[..., None]  # (b, 1) each
    return (begin < last) & (end > first)


def word_span(sentence: str, word: str) -> tuple[int, int]:
    """Character range of a word in a sentence: a whole word if there is one, else anywhere; the sentence for ""."""
    if not word:
        return -1, len(sentence) + 1  # includes [CLS] and [SEP], whose offsets are (0, 0)
    match = re.search(rf"\b{re.escape(word)}\b", sentence, re.IGNORECASE) or re.search(
        re.escape(word), sentence, re.IGNORECASE
    )
    if match is None:
        raise InputError(f"The word {word!r} is not in the sentence {sentence[:60]!r}.")
    return match.span()
