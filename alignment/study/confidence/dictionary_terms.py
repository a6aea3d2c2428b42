"""Terms of the seed dictionary in sentences, unknown words, and spelling correction."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from alignment.dictionary.classes import all_names
from alignment.dictionary.name_forms import TYPED_APOSTROPHES, casefolded
from alignment.dictionary.plurals import singular
from alignment.dictionary.seeds import TERM_WORD
from alignment.dictionary.spelling import SPELLED_WORD, corrected, spellable_words
from alignment.study.paired_spaces import PairedSpaces
from alignment.text.function_words import first_function_word

LONGEST_NAME = 4  # most words of a term that is searched for in a sentence


class DictionaryTerms:
    """Finds terms of the dictionary in sentences, and corrects misspelt words.

    Parameters
    ----------
    spaces : PairedSpaces
    """

    def __init__(self, spaces: PairedSpaces):
        self._spaces = spaces

    def names_in(self, sentence: str) -> dict[int, list[range]]:
        """Characters of all terms in a sentence, singular or plural, by the rows of their classes.

        A term within the name of a class that is missing from the space is ignored: a tiger shark is neither tiger nor
        shark.
        """
        spans = self._terms_in(sentence)
        missing = [place for place, term in spans if term in self._missing_terms]
        found: dict[int, list[range]] = {}
        for place, term in spans:
            if not _lies_in(place, missing):
                for row in self._rows_by_term.get(term, ()):
                    found.setdefault(row, []).append(place)
        return found

    def names_missing_class(self, sentence: str) -> bool:
        """Whether a sentence names a class missing from the space, by a name that is not part of a present class's."""
        spans = self._terms_in(sentence)
        named = [place for place, term in spans if term in self._rows_by_term]
        return any(term in self._missing_terms and not _lies_in(place, named) for place, term in spans)

    def _terms_in(self, sentence: str) -> list[tuple[range, str]]:
        """:func:`_spans`, in the singular where only that is a term."""
        return [(place, term if term in self._known_terms else _in_singular(term)) for place, term in _spans(sentence)]

    def known_share(self, sentence: str) -> float:
        """Share of a sentence's words that are known, 0 to 1; see :meth:`unknown_words`."""
        words = SPELLED_WORD.findall(sentence.translate(TYPED_APOSTROPHES))
        return 1 - len(self.unknown_words(sentence)) / max(1, len(words))

    def unknown_words(self, sentence: str) -> list[str]:
        """Words of a sentence that are neither in the dictionary nor single tokens of the encoder."""
        plain = sentence.translate(TYPED_APOSTROPHES)
        words = [word for word in SPELLED_WORD.findall(plain) if word.casefold() not in self._words]
        if not words:  # tokenizers cannot take an empty list
            return []
        pieces = self._spaces.encoder.name_pieces([*map(_stem, words)])[0]
        return [word for word, count in zip(words, pieces, strict=True) if count > 1]

    def did_you_mean(self, prompt: str) -> str:
        """The prompt with unknown words replaced by the most similar dictionary words; "" where there are none.

        Known English words stay. Of equally similar words one of the same letters is taken, then the one with the
        longest common beginning: "paino" is piano, "catt" is cat and not cart. A prompt may be in another language, and
        "" too, where it begins with a function word of one and at least half of its other words are unknown, or where
        two words or more would be replaced, at least half of all, and have become no name of several words.
        """
        meant = prompt.translate(TYPED_APOSTROPHES)
        words, replaced = SPELLED_WORD.findall(meant), 0
        others = [word for word in words[1:] if not self._is_english(word)]
        if words and first_function_word(words) and 2 * len(others) >= len(words) - 1:
            return ""
        for word in dict.fromkeys(self.unknown_words(prompt)):
            if self._is_english(word):
                continue
            if found := corrected(meant, [word], _most_likely_first(word, self._words)):
                meant, replaced = found, replaced + words.count(word)
        if replaced > 1 and 2 * replaced >= len(words) and not self._has_long_name(meant):
            return ""
        return meant if replaced else ""

    def _is_english(self, word: str) -> bool:
        return _stem(word).casefold() in self._spaces.prompt_reader.english_words

    def _has_long_name(self, sentence: str) -> bool:
        """Whether a sentence has a term of two words or more: "golden retriever"."""
        return any(" " in term and term in self._known_terms for _, term in self._terms_in(sentence))

    @cached_property
    def _rows_by_term(self) -> dict[str, set[int]]:
        """Rows of the classes named by each term of the dictionary, in lower case."""
        seeds, classes = self._spaces.seeds, self._spaces.classes
        found: dict[str, set[int]] = {}
        for term, named in zip(seeds.terms, seeds.frame["classes"], strict=True):
            if term:
                found.setdefault(casefolded(term), set()).update(classes.rows(named))
        return found

    @cached_property
    def _missing_terms(self) -> set[str]:
        """Names, in lower case, of known classes missing from the space, without names it also has classes for."""
        classes = self._spaces.classes
        frame = classes.known.frame
        frame = frame[~frame.index.isin(classes.indices)]
        return {casefolded(name) for name in all_names(frame)} - self._rows_by_term.keys()

    @cached_property
    def _known_terms(self) -> set[str]:
        return self._rows_by_term.keys() | self._missing_terms

    @cached_property
    def _words(self) -> set[str]:
        """The words of the dictionary, in lower case."""
        frame = self._spaces.classes.known.frame  # names of classes missing from the space can be misspelt too
        return spellable_words([*all_names(frame), *filter(None, self._spaces.seeds.terms)])


def _stem(word: str) -> str:
    """A word without what follows its apostrophe: "king's", "don't"."""
    return word.partition("'")[0]


def _most_likely_first(word: str, words: Collection[str]) -> list[str]:
    """Words sorted: those with the letters of ``word``, then by the length of the common beginning, then by name."""
    from rapidfuzz.distance import Prefix

    spelled = word.casefold()
    letters = sorted(spelled)
    return sorted(words, key=lambda other: (sorted(other) != letters, -Prefix.similarity(spelled, other), other))


def _spans(sentence: str) -> list[tuple[range, str]]:
    """All runs of up to :data:`LONGEST_NAME` words of a sentence: their characters, and text in lower case."""
    words = list(TERM_WORD.finditer(sentence.translate(TYPED_APOSTROPHES)))
    starts = ((start, count) for count in range(1, LONGEST_NAME + 1) for start in range(len(words) - count + 1))
    runs = (words[start : start + count] for start, count in starts)
    return [(range(run[0].start(), run[-1].end()), " ".join(word.group().casefold() for word in run)) for run in runs]


def _in_singular(term: str) -> str:
    """A term with its last word in the singular."""
    before, blank, last = term.rpartition(" ")
    return before + blank + singular(last)


def _lies_in(place: range, others: list[range]) -> bool:
    """Whether a run of characters is part of another run, or equal to it."""
    return any(other.start <= place.start and place.stop <= other.stop for other in others)
