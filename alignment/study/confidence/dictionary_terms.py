"""Which terms of the seed dictionary a sentence holds, and which of its words are none that is known."""

from __future__ import annotations

import re
from functools import cached_property

import pandas as pd

from alignment.dictionary.class_names import TYPED_APOSTROPHES
from alignment.dictionary.spelling import SPELLED_WORD, corrected, spellable_words
from alignment.study.paired_spaces import PairedSpaces

LONGEST_NAME = 4  # words of a term that is looked for in a sentence


class DictionaryTerms:
    """Finds terms of the dictionary in sentences, and the terms that misspelt words may be.

    Parameters
    ----------
    spaces : PairedSpaces
    """

    def __init__(self, spaces: PairedSpaces):
        self._spaces = spaces

    def classes_named(self, sentence: str) -> set[int]:
        """Rows of all classes that a sentence holds a term of.

        A term within the name of a class that the space lacks says nothing: a tiger shark is neither tiger nor shark.
        """
        spans = _spans(sentence)
        lacking = [place for place, term in spans if term in self._lacking_terms]
        named = (term for place, term in spans if not _lies_in(place, lacking))
        return set().union(*(self._rows_by_term.get(term, set()) for term in named))

    def names_lacking_class(self, sentence: str) -> bool:
        """Whether a sentence names a class that the class space lacks, by a name that is no part of another's."""
        spans = _spans(sentence)
        named = [place for place, term in spans if term in self._rows_by_term]
        return any(term in self._lacking_terms and not _lies_in(place, named) for place, term in spans)

    def known_share(self, sentence: str) -> float:
        """Which share of a sentence's words is known, 0 to 1; see :meth:`unknown_words`."""
        words = SPELLED_WORD.findall(sentence.translate(TYPED_APOSTROPHES))
        return 1 - len(self.unknown_words(sentence)) / max(1, len(words))

    def unknown_words(self, sentence: str) -> list[str]:
        """The words of a sentence that neither the dictionary has nor the encoder's vocabulary as a whole."""
        plain = sentence.translate(TYPED_APOSTROPHES)
        words = [word for word in SPELLED_WORD.findall(plain) if word.casefold() not in self._words]
        if not words:  # which tokenizers cannot spell
            return []
        stems = [word.partition("'")[0] for word in words]  # "king's", "don't"
        pieces = self._spaces.encoder.name_pieces(stems)[0]
        return [word for word, count in zip(words, pieces, strict=True) if count > 1]

    def did_you_mean(self, prompt: str) -> str:
        """The prompt with unknown words spelled as the dictionary spells the likest; "" where there are none."""
        return corrected(prompt.translate(TYPED_APOSTROPHES), self.unknown_words(prompt), self._words)

    @cached_property
    def _rows_by_term(self) -> dict[str, set[int]]:
        """Rows of the classes that each term of the dictionary names, in lower case."""
        seeds, classes = self._spaces.seeds, self._spaces.classes
        found: dict[str, set[int]] = {}
        for term, named in zip(seeds.terms, seeds.frame["classes"], strict=True):
            if term:
                found.setdefault(term.casefold(), set()).update(classes.rows(named))
        return found

    @cached_property
    def _lacking_terms(self) -> set[str]:
        """Names of the known classes that the space lacks, in lower case, but for those that it has classes for too."""
        classes = self._spaces.classes
        frame = classes.known.frame
        frame = frame[~frame.index.isin(classes.indices)]
        return {name.casefold() for name in _all_names(frame)} - self._rows_by_term.keys()

    @cached_property
    def _words(self) -> set[str]:
        """The words of the dictionary, in lower case."""
        frame = self._spaces.classes.known.frame  # what the space lacks can be misspelt too
        return spellable_words([*_all_names(frame), *filter(None, self._spaces.seeds.terms)])


def _all_names(frame: pd.DataFrame) -> list[str]:
    """Names, synonyms and everyday words of classes."""
    return [*frame["name"], *(name for column in ("synonyms", "everyday") for row in frame[column] for name in row)]


def _spans(sentence: str) -> list[tuple[range, str]]:
    """All runs of up to :data:`LONGEST_NAME` words of a sentence: which words, and their text in lower case."""
    words = re.findall(r"[\w'-]+", sentence.translate(TYPED_APOSTROPHES).casefold())
    starts = ((start, count) for count in range(1, LONGEST_NAME + 1) for start in range(len(words) - count + 1))
    return [(range(start, start + count), " ".join(words[start : start + count])) for start, count in starts]


def _lies_in(place: range, others: list[range]) -> bool:
    """Whether a run of words is a part of one of others, or one of them."""
    return any(other.start <= place.start and place.stop <= other.stop for other in others)
