"""Lookup of classes by name: normalised spelling, ambiguous names refused, hypernyms for all classes below."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import pandas as pd

from alignment.dictionary.name_forms import SpelledNames, as_displayed, classes_by_name, folded, spelled, visible
from alignment.dictionary.plurals import singular_and_plural
from alignment.errors import InputError, check_whole
from alignment.wording import first_of

SHOWN_CHOICES = 6
MAX_KEY_CHARACTERS = 500  # of what names one class: more than any name usually has, with synonyms or a description
BESIDE_NAMES = 50  # characters of a WordNet id, a comma and a qualifier
SHOWN_CHARACTERS = 60  # of a name in a message
MAX_INDEX_DIGITS = 18  # fits in 64 bits
NUMBER = re.compile(rf"(\d{{1,{MAX_INDEX_DIGITS}}})(?:\.0*)?")  # a spreadsheet writes 281 as 281.0
WORDNET_ID = re.compile(r"(n\d{8})(?:[\s,:;_-]+(.*))?", re.IGNORECASE | re.DOTALL)
NUMBERED = re.compile(r"(\d{1,18})[\s,:]+(\D.*)", re.DOTALL)
QUALIFIED = re.compile(r"(.*\S)\s*\(([^()]+)\)", re.DOTALL)


def class_list_digest(frame: pd.DataFrame) -> str:
    """SHA-256 of the list of indices and names, hexadecimal; ``frame`` as of :class:`ClassNames`, in its order."""
    listed = [(int(index), name) for index, name in frame["name"].items()]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


class ClassNames:
    """Names of a set of classes.

    A class is found by its index, its WordNet id, its name or a synonym; an everyday word means a class when nothing
    else does. A name shared by two classes means neither, unless only one matches its accents or, among display names,
    its case and marks; a word above the classes (hypernym) means all below it.

    Parameters
    ----------
    frame : DataFrame, one row per class, indexed by the class's index
        ``name``; ``synonyms``, ``everyday`` and ``lemmas`` (tuples of names); ``wordnet_id`` and ``group`` ("" where
        there is none). The first lemma counts as much as the name; all columns describe a class.
    above : mapping from str to classes
        Words above the classes, and the classes below each.
    what, plural : str
        Name of a class of the set in messages, and its plural, by default formed with "es".
    branches : mapping from str to classes
        Words above the classes that are used where nothing else matches.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["crane", "crane", "T-shirt"], "group": ["bird", "machine", "clothing"]})
    >>> names = ClassNames(frame.assign(wordnet_id="", synonyms=((),) * 3, everyday=((),) * 3, lemmas=((),) * 3))
    >>> names.find("crane (machine)"), names.find("t shirts")
    ((1,), (2,))
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        above: Mapping[str, Iterable[int]] | None = None,
        what: str = "class",
        plural: str = "",
        branches: Mapping[str, Iterable[int]] | None = None,
    ):
        self._frame, self.what, self.plural = frame.copy(), what, plural or f"{what}es"
        self._above, self._branches = (
            SpelledNames((index, (word,)) for word, classes in (words or {}).items() for index in classes)
            for words in (above, branches)
        )
        self._found: dict[str, tuple[int, ...]] = {}

    @property
    def frame(self) -> pd.DataFrame:
        """The table of classes; a copy, which may be sorted or extended."""
        return self._frame.copy()

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {key.casefold(): int(index) for index, key in self._frame["wordnet_id"].items() if key}

    @cached_property
    def _first(self) -> SpelledNames:
        """Classes by display name and first lemma."""
        return SpelledNames((index, names[:1]) for index, names in self._rows("name", "lemmas"))

    @cached_property
    def _displayed(self) -> dict[str, tuple[int, ...]]:
        """Classes by exact display name: "China" and "china"."""
        return classes_by_name(self._rows("name"), as_displayed)

    @cached_property
    def _display_names(self) -> SpelledNames:
        return SpelledNames(self._rows("name"))

    @cached_property
    def _own(self) -> SpelledNames:
        """Classes by display name, lemma and synonym."""
        return SpelledNames(self._rows("name", "lemmas", "synonyms"))

    @cached_property
    def _everyday(self) -> SpelledNames:
        return SpelledNames(self._rows("everyday"))

    @cached_property
    def _joined(self) -> dict[str, tuple[int, ...]]:
        """Classes by their names without blanks: "tshirt"."""
        pairs = [pair for names in (self._own, self._everyday) for pair in names.folded.items()]
        return classes_by_name(((i, (name.replace(" ", ""),)) for name, classes in pairs for i in classes), folded)

    @cached_property
    def _called_by_numbers(self) -> bool:
        """Whether a number may be the name of a class and not its index."""
        return any(NUMBER.fullmatch(name) for name in self._own.folded)

    def _rows(self, *columns: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        for column in columns:
            for index, names in self._frame[column].items():
                yield int(index), (names,) if isinstance(names, str) else names

    def find(self, key: int | str) -> tuple[int, ...]:
        """Indices of the classes that a name means: one, or all below a word above the classes.

        Parameters
        ----------
        key : int or str
            An index (281, or "281.0" where no class is called by a number); a WordNet id, alone or before names
            ("n01440764 tench, Tinca tinca"); a name, alone or with a qualifier ("crane (bird)"); several names of one
            class, separated by commas.

        Raises
        ------
        InputError
            When no class matches, or several equally well, and for a text too long to name one.
        """
        if not isinstance(key, str):
            return (self._checked_index(check_whole("A class's index", key)),)
        text = visible(key).strip()
        if len(text) > self._most_characters:
            raise InputError(
                f"No {self.what} is called {_shown(text)}, which has {len(text):,} characters; a name has at most "
                f"{self._most_characters:,}, and several are separated by '|'."
            )
        if text not in self._found:
            self._found[text] = self._by_number(text) or self._by_name(text)
        return self._found[text]

    @cached_property
    def _most_characters(self) -> int:
        """Of a text that may name a class; all names of one of these may be longer than usual."""
        names = self._frame["name"].str.len() + self._frame["synonyms"].map(lambda each: len(", ".join(each)))
        return max(MAX_KEY_CHARACTERS, int(names.max()) + BESIDE_NAMES)

    def key(self, index: int) -> str:
        """Identifier of a class for files, unique for :meth:`find`: its index, or its label where names are numbers."""
        return self.label(index) if self._called_by_numbers else str(index)

    def label(self, index: int) -> str:
        """Unique label of a class for :meth:`find`: its name, with its group or index if needed."""
        name = self._frame.at[index, "name"]
        options = [name, f"{name} ({self._frame.at[index, 'group']})", f"{name} ({index})"]
        clear = (option for option in options if (index,) in (self.exact(option), self._qualified(option)))
        return next(clear, options[-1])

    def _by_number(self, text: str) -> tuple[int, ...]:
        """Find by index or WordNet id, alone or before names, which must be the class's."""
        number = NUMBER.fullmatch(text)
        if number and int(number[1]) in self._frame.index and not self._called_by_numbers:
            return (int(number[1]),)  # even where a word above the classes is this number
        if classes := self.exact(text) or (self.exact(str(int(number[1]))) if number else self._qualified(text)):
            return classes  # a number, or what begins with one, may be a name
        if number:
            return () if self._called_by_numbers else (self._checked_index(int(number[1])),)
        if found := WORDNET_ID.fullmatch(text):
            if found[1].casefold() not in self._ids:
                raise InputError(f"No {self.what} has the WordNet id {found[1]}.")
            index, rest = self._ids[found[1].casefold()], found[2]
        elif found := NUMBERED.fullmatch(text):
            index, rest = self._checked_index(int(found[1])), found[2]
        else:
            return ()
        if rest and not any(index in self.answering(part) for part in (rest, *rest.split(","))):
            raise InputError(f"{found[1]} is {self.label(index)!r}, not {_shown(rest)}; give one of the two.")
        return (index,)

    def _checked_index(self, number: int) -> int:
        if number in self._frame.index:
            return number
        first, last = self._frame.index.min(), self._frame.index.max()
        raise InputError(f"The indices of {self.plural} are {first} to {last}; {number} is not one of them.")

    def _by_name(self, text: str) -> tuple[int, ...]:
        if classes := self.exact(text) or self._qualified(text):
            return classes
        shared = self.answering(text) if not QUALIFIED.fullmatch(text) else set()
        parts = [name for name in text.split(",") if folded(name)] if "," in text else []
        if not shared and parts:
            shared = set.intersection(*map(self.answering, parts))
            if len(shared) == 1:
                return tuple(shared)
        forms = [] if shared else singular_and_plural(spelled(text))
        for form in forms:
            joined = self._joined.get(folded(form).replace(" ", ""), ())
            if classes := self._exact(form, self._own.find(form)) or (joined if len(joined) == 1 else ()):
                return classes
            shared |= self.answering(form) | set(joined)
        branch = next(filter(None, map(self._branches.find, forms)), ())
        if branch and not shared:
            return branch
        raise InputError(self._shared(text, sorted(shared)) if shared else self._unknown(text))

    def exact(self, name: str) -> tuple[int, ...]:
        """Classes of a name without trying other forms of it; empty if it is unknown or ambiguous."""
        return self._exact(name, self._written_so(name) or self._own.find(name))

    def _written_so(self, name: str) -> tuple[int, ...]:
        """The one class with exactly this display name, where others match only by display names."""
        written = self._displayed.get(as_displayed(name), ())
        shared = set(self._own.find(name)) - set(self._display_names.find(name))
        return written if len(written) == 1 and not shared else ()

    def _exact(self, name: str, own: tuple[int, ...]) -> tuple[int, ...]:
        """:meth:`exact`, with ``own`` the classes that have this name, lemma or synonym."""
        above, everyday = self._above.find(name), self._everyday.find(name)
        if len(own) == 1 and (not above or (set(own) <= set(above) and own == self._first.find(name))):
            return own
        if above and set(own) <= set(above):
            return above
        return everyday if len(everyday) == 1 and not own and not above else ()

    def _qualified(self, text: str) -> tuple[int, ...]:
        """Find ``crane (bird)``: the one class of that name with that index, or described by these words."""
        match = QUALIFIED.fullmatch(text)
        if not match:
            return ()
        answering = sorted(self.answering(match[1]))
        indices = tuple(index for index in answering if str(index) == match[2].strip())
        fits = indices or tuple(index for index in answering if self._described(index, match[2]))
        others = self._own.in_other_accents(match[1]) if len(fits) > 1 else set()
        fits = tuple(index for index in fits if index not in others)
        written = self._written_so(match[1]) if len(fits) > 1 else ()
        return written if len(written) == 1 and written[0] in fits else fits if len(fits) == 1 else ()

    def answering(self, name: str) -> set[int]:
        """All classes that match a name in any way."""
        match = QUALIFIED.fullmatch(name.strip())
        name = match[1] if match else name
        found = (names.folded.get(folded(name), ()) for names in (self._own, self._everyday, self._above))
        return set().union(self._displayed.get(as_displayed(name), ()), *found)  # "-_-" is nothing once folded

    def _described(self, index: int, words: str) -> bool:
        """Whether the data of a class contain all of these words."""
        values = self._frame.loc[index].to_numpy()
        texts = [" ".join(value) if isinstance(value, tuple) else str(value) for value in values]
        about = folded(" ".join([str(index), *texts]))
        return set(re.findall(r"\w+", folded(words))) <= set(re.findall(r"\w+", about))

    def _shared(self, text: str, classes: Sequence[int]) -> str:
        choices = first_of([f"{i} {self.label(i)}" for i in classes], SHOWN_CHOICES)
        return f"{_shown(text)} may mean {choices}; give a number, a WordNet id or the name as it stands here."

    def _unknown(self, text: str) -> str:
        index = f"an index ({self._frame.index.min()} to {self._frame.index.max()}), "
        other = "" if self._called_by_numbers else index  # which would be taken for a name
        return f"No {self.what} is called {_shown(text)}; give {other}a WordNet id or a name."


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…")
