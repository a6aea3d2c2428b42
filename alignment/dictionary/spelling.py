"""What a misspelt word may have been meant as: the words of the dictionary that are spelled most like it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from alignment.dictionary.class_names import TYPED_APOSTROPHES

SPELLED_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
MIN_LETTERS = 4  # of a word; shorter ones resemble too many others
LIKENESS = 75.0  # out of 100, below which two words are not alike


def spellable_words(texts: Iterable[str]) -> set[str]:
    """The words of texts in lower case, those of :data:`MIN_LETTERS` letters or more.

    Examples
    --------
    >>> sorted(spellable_words(["Border collie", "an owl"]))
    ['border', 'collie']
    """
    return {word.casefold() for text in texts for word in SPELLED_WORD.findall(text) if len(word) >= MIN_LETTERS}


def corrected(prompt: str, unknown: Collection[str], words: Collection[str]) -> str:
    """A prompt with unknown words replaced by the words of a dictionary that are spelled most like them.

    Parameters
    ----------
    prompt : str
    unknown : words of the prompt, as written there, that are to be replaced
    words : words that may have been meant, in lower case

    Returns
    -------
    str
        "" where no word is like any of the unknown ones. Plurals of the words, and what has an apostrophe, stay.
        Likeness is the normalised similarity by Damerau's and Levenshtein's edits (insertions, deletions,
        substitutions, exchanges of neighbours), as rapidfuzz counts them.

    Examples
    --------
    >>> corrected("My boreder collie", ["boreder"], {"border", "collie"})
    'My border collie'
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    meant = {}
    for word in unknown:
        spelled = word.translate(TYPED_APOSTROPHES).casefold()
        inflected = "'" in spelled or spelled.removesuffix("s") in words  # "don't", "kittens"
        if len(word) >= MIN_LETTERS and spelled not in words and not inflected:
            found = process.extractOne(spelled, words, scorer=OSA.normalized_similarity, score_cutoff=LIKENESS / 100)
            if found:
                meant[word] = found[0].capitalize() if word[:1].isupper() else found[0]
    return SPELLED_WORD.sub(lambda match: meant.get(match[0], match[0]), prompt) if meant else ""
