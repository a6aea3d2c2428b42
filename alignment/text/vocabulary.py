"""Word frequency by rank in a tokenizer's vocabulary, and the number of word pieces of names."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

HALF_WEIGHT_RANK = 50  # rank in the vocabulary of a word that weighs half as much as the rarest
# "cat", "##ing", and what byte pairs and CLIP write, "Ġcat" and "cat</w>", but no single character and no "[CLS]"
WORD_ENTRY = re.compile(r"[\WĠ]*[^\WĠ]{2,}(</w>)?")


def rarity_weights(tokenizer) -> np.ndarray:
    """Weight of each entry of a vocabulary, float32 (V,): ``w = r / (r + 50)``.

    r is the entry's rank among the words and word pieces of the vocabulary, which lists frequent ones first. Any other
    entry, such as a single character, has the rank of the word before it, 1 where there is none; special tokens count
    not at all. So w is ``a / (a + p)``, as in Arora et al., if the frequency p of a word falls with its rank as 1 / r.

    References
    ----------
    Arora, Liang and Ma 2017, A simple but tough-to-beat baseline for sentence embeddings.
    """
    vocabulary = tokenizer.get_vocab()
    is_word = np.zeros(max(vocabulary.values()) + 1)
    for entry, row in vocabulary.items():
        is_word[row] = WORD_ENTRY.fullmatch(entry) is not None
    rank = np.cumsum(is_word).clip(min=1)
    rank[tokenizer.all_special_ids] = 0
    return (rank / (rank + HALF_WEIGHT_RANK)).astype(np.float32)


def name_pieces(tokenizer, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Number of word pieces and vocabulary rank of names; both are higher for rare words.

    Vocabularies list frequent entries first, so that the rank roughly measures a word's frequency in the corpus that
    the vocabulary was built from.

    Returns
    -------
    (pieces, rank) : int arrays (n,)
        Number of word pieces of every name, and the rank in the vocabulary of its rarest piece.
    """
    spelled = tokenizer(list(names), add_special_tokens=False)["input_ids"]
    return np.array([len(ids) for ids in spelled]), np.array([max(ids, default=0) for ids in spelled])
