"""Word arithmetic: parsing ``= king - man + woman``, and the sum of its vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from alignment.errors import InputError

MARK = "="  # that a sum begins with
MAX_TERMS = 6
SIGN = re.compile(r"(?:^|\s)([+\-\u2212])\s")  # a sign stands between blanks, so that words may hold hyphens


def is_sum(text: str) -> bool:
    """Whether a text is a word sum.

    Examples
    --------
    >>> is_sum("= cat - dog"), is_sum("a cat - or a dog")
    (True, False)
    """
    return text.lstrip().startswith(MARK)


def read_sum(text: str) -> list[tuple[int, str]]:
    """Parse the terms of a word sum, each with its sign.

    Raises
    ------
    InputError
        When it has no term, an empty one, or more than :data:`MAX_TERMS`.

    Examples
    --------
    >>> read_sum("= king - man + T-shirt")
    [(1, 'king'), (-1, 'man'), (1, 'T-shirt')]
    """
    first, *rest = SIGN.split(f"{text.strip().removeprefix(MARK)} ")
    if first.strip():
        rest = ["+", first, *rest]
    terms = [(-1 if sign in "-\u2212" else 1, word.strip()) for sign, word in zip(rest[::2], rest[1::2], strict=True)]
    if not terms or not all(word and not SIGN.match(f"{word} ") for _, word in terms):
        raise InputError(f"{text.strip()[:60]!r} is no sum; write one as = king - man + woman.")
    if len(terms) > MAX_TERMS:
        raise InputError(f"A sum has up to {MAX_TERMS} words; {text.strip()[:60]!r} has {len(terms)}.")
    return terms


def vector_sum(vectors: np.ndarray, signs: Sequence[int], centre: np.ndarray) -> np.ndarray:
    """``m + Σ_i s_i (v_i - m)``, the sum of vectors (n, d) relative to the centre m of their space: array (d,).

    Relative to the centre, because a common part of all vectors would otherwise be counted once per term.
    """
    return centre + np.asarray(signs, dtype=vectors.dtype) @ (vectors - centre)
