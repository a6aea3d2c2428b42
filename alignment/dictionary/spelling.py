"""Spelling correction by edit distance to the words of the dictionary."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from alignment.dictionary.name_forms import casefolded
from alignment.dictionary.plurals import english

SPELLED_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
AFTER_ARTICLE = re.compile(rf"(?:\b(an?)(\s+))?({SPELLED_WORD.pattern})", re.IGNORECASE)
MIN_LETTERS = 4  # of a misspelt word; shorter ones resemble too many others
MIN_MEANT_LETTERS = 3  # of a word that is meant: "catt" is a cat
LIKENESS = 75.0  # least similarity of two words, out of 100


def spellable_words(texts: Iterable[str]) -> set[str]:
    """Words of texts in lower case with at least :data:`MIN_MEANT_LETTERS` letters.

    Examples
    --------
    >>> sorted(spellable_words(["Border collie", "an owl"]))
    ['border', 'collie', 'owl']
    """
    found = (word.casefold() for text in texts for word in SPELLED_WORD.findall(text))
    return {word for word in found if len(word) >= MIN_MEANT_LETTERS}


def corrected(prompt: str, unknown: Collection[str], words: Collection[str]) -> str:
    """Replace unknown words of a prompt by the most similar words of a dictionary.

    Parameters
    ----------
    prompt : str
    unknown : words of the prompt, as written there, that are to be replaced
    words : candidate words, in lower case

    Returns
    -------
    str
        "" where no unknown word has a similar one. Plurals of the words, and words with an apostrophe, stay.
        Similarity is normalised from the Damerau-Levenshtein distance (insertions, deletions, substitutions,
        transpositions), in rapidfuzz's variant OSA. An indefinite article before a replaced word fits the new one.

    Examples
    --------
    >>> corrected("My boreder collie", ["boreder"], {"border", "collie"})
    'My border collie'
    >>> corrected("a elefant", ["elefant"], {"elephant"})
    'an elephant'
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    meant = {}
    for word in unknown:
        spelled = casefolded(word)
        inflected = "'" in spelled or spelled.removesuffix("s") in words  # "don't", "kittens"
        if len(word) >= MIN_LETTERS and spelled not in words and not inflected:
            found = process.extractOne(spelled, words, scorer=OSA.normalized_similarity, score_cutoff=LIKENESS / 100)
            if found:
                meant[word] = found[0].capitalize() if word[:1].isupper() else found[0]
    return AFTER_ARTICLE.sub(lambda match: _replaced(match, meant), prompt) if meant else ""


def _replaced(match: re.Match[str], meant: dict[str, str]) -> str:
    """The new word for a match of :data:`AFTER_ARTICLE`, with the article that it needs; what matched without one."""
    article, blank, word = match.groups()
    if word not in meant:
        return match[0]
    if not article:
        return meant[word]
    fitting, _ = english().a(meant[word]).split(maxsplit=1)
    return f"{fitting.capitalize() if article[0].isupper() else fitting}{blank}{meant[word]}"
