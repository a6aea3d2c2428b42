"""Characters and whole words of a sentence, and the mean hidden states of word pieces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence

import numpy as np

WORD = re.compile(r"\w+(?:['’\-]\w+)*")  # noqa: RUF001 - an apostrophe people type


def pooled_words(sentence: str, offsets: Sequence[tuple[int, int]], states: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Whole words, each with the mean state of its pieces: ``h_w = mean of h_t over pieces t inside w``.

    A tokenizer splits "hummingbird's" into "humming", "##bird", "'" and "s"; here it is one word again. Punctuation
    between words, and words after the point of truncation, have no entry.

    Parameters
    ----------
    sentence : str
    offsets : t pairs of int
        Range of characters that each piece stands for; (0, 0) for [CLS] and [SEP].
    states : float array (t, d)

    Returns
    -------
    (list of w str, float32 array (w, d))
    """
    words = list(words_with_pieces(sentence, offsets))
    rows = [states[inside].mean(axis=0) for _, inside in words]
    vectors = np.array(rows, dtype=np.float32).reshape(len(words), states.shape[1])
    return [sentence[place.start : place.stop] for place, _ in words], vectors


def word_shares(sentence: str, offsets: Sequence[tuple[int, int]], weights: np.ndarray) -> list[tuple[range, float]]:
    """Characters of whole words, each with its share of the weights of all words' pieces, float array (t,).

    The shares are 0 where no piece has a weight, as those that are not in the vocabulary.
    """
    words = [(place, float(weights[inside].sum())) for place, inside in words_with_pieces(sentence, offsets)]
    total = sum(weight for _, weight in words) or 1.0
    return [(place, weight / total) for place, weight in words]


def words_with_pieces(sentence: str, offsets: Sequence[tuple[int, int]]) -> Iterator[tuple[range, np.ndarray]]:
    """Yield the characters of whole words, each with a mask of its pieces, bool (t,); words without are left out."""
    begin, end = np.asarray(offsets).reshape(-1, 2).T
    for match in WORD.finditer(sentence):
        inside = (begin < match.end()) & (end > match.start())
        if inside.any():
            yield range(*match.span()), inside


def unprintable(text: str, categories: Container[str] = ("Cc", "Cs", "Co")) -> str:
    """First control (Cc), surrogate (Cs) or private-use (Co) character of a text, as ``U+0007``; "" without any.

    These categories never change, so that every version of Python finds the same; to ``str.isprintable`` an emoji newer
    than Python's tables is none. Blanks are not counted.

    Examples
    --------
    >>> unprintable("a\\x07cat"), unprintable("a cat\\n")
    ('U+0007', '')
    """
    found = (c for c in text if unicodedata.category(c) in categories and not c.isspace())
    return next((f"U+{ord(character):04X}" for character in found), "")
