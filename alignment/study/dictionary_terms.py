"""Which terms of the seed dictionary a sentence holds, and which of its words are none that is known."""

from __future__ import annotations

import re
from functools import cached_property

from alignment.dictionary.spelling import WORD, corrected, words_of
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
        """Rows of all classes that a sentence holds a term of."""
        words = re.findall(r"[\w'-]+", sentence.casefold())
        spans = (" ".join(words[i : i + n]) for n in range(1, LONGEST_NAME + 1) for i in range(len(words) - n + 1))
        return set().union(*(self._rows_by_term.get(span, set()) for span in spans))

    def known_share(self, sentence: str) -> float:
        """Which share of a sentence's words is known, 0 to 1; see :meth:`unknown_words`."""
        return 1 - len(self.unknown_words(sentence)) / max(1, len(WORD.findall(sentence)))

    def unknown_words(self, sentence: str) -> list[str]:
        """The words of a sentence that neither the dictionary has nor the encoder's vocabulary as a whole."""
        words = [word for word in WORD.findall(sentence) if word.casefold() not in self._words]
        if not words:  # which tokenizers cannot spell
            return []
        pieces = self._spaces.encoder.name_pieces(words)[0]
        return [word for word, count in zip(words, pieces, strict=True) if count > 1]

    def did_you_mean(self, prompt: str) -> str:
        """The prompt with unknown words spelled as the dictionary spells the likest; "" where there are none."""
        return corrected(prompt, self.unknown_words(prompt), self._words)

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
    def _words(self) -> set[str]:
        """The words of the dictionary, in lower case."""
        frame = self._spaces.classes.known.frame  # what the space lacks can be misspelt too
        names = (name for column in ("synonyms", "everyday") for row in frame[column] for name in row)
        return words_of([*frame["name"], *names, *filter(None, self._spaces.seeds.terms)])
