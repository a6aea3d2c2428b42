"""The seed dictionary: sentences paired with the classes they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.name_forms import TYPED_APOSTROPHES, casefolded
from alignment.errors import InputError
from alignment.files.csv_cells import to_csv
from alignment.wording import counted

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SEED_KINDS = ("label", "synonym", "template", "description", "hypernym", "everyday", "own")
DICTIONARY_COLUMNS = ["sentence", "classes", "kind", "term", "template"]
TERM_WORD = re.compile(r"[\w'-]+")  # a word of a term
FEW_SENTENCES = 5


def check_classes_named(classes: Iterable) -> None:
    """Refuse classes of sentences that are no list each, or lists of text: that, and its letters, name no class."""
    for named in classes:
        if isinstance(named, str) or not np.iterable(named) or any(isinstance(index, str) for index in named):
            raise InputError(
                f"The classes of a sentence are a tuple of indices, such as (281, 282); got {named!r:.60}."
            )


class SeedDictionary:
    """Sentences, and the classes each one names.

    A sentence about a tabby cat names one class; "A cat." names all five cats and is one seed, not five
    that contradict one another. As a regression target such a sentence stands for the mean of its class vectors.

    Parameters
    ----------
    frame : DataFrame
        ``sentence``; ``classes`` (tuple of ImageNet indices); ``kind`` (one of ``SEED_KINDS``); ``term`` (the words in
        the sentence that name the class, "" when none do); ``template`` (the template that the term was put into, or
        the sentence itself; sentences of one template are near-copies).
    """

    def __init__(self, frame: pd.DataFrame):
        if not isinstance(frame, pd.DataFrame) or not set(DICTIONARY_COLUMNS) <= set(frame):
            wanted = f"A seed dictionary is made of a table with the columns {', '.join(DICTIONARY_COLUMNS)}"
            raise InputError(f"{wanted}; read_seeds reads one from a file.")
        check_classes_named(frame["classes"])
        self._frame = frame.reset_index(drop=True)[DICTIONARY_COLUMNS]

    def __len__(self) -> int:
        return len(self._frame)

    def __repr__(self) -> str:
        return f"<SeedDictionary: {counted(len(self), 'sentence')}>"

    @property
    def frame(self) -> pd.DataFrame:
        """Table of the seeds, one row each; a copy, which may be sorted or given more columns."""
        return self._frame.copy()

    @property
    def sentences(self) -> list[str]:
        return self._frame["sentence"].tolist()

    @property
    def terms(self) -> list[str]:
        return self._frame["term"].tolist()

    def sentences_with_terms(self, *, with_terms: bool) -> list[tuple[str, str]]:
        """Every sentence with its term, or with "" if ``with_terms`` is false."""
        return list(zip(self.sentences, self.terms if with_terms else [""] * len(self), strict=True))

    def named_term(self, prompt: str) -> str:
        """Find the longest term of the dictionary in a prompt, as written there; "" for none.

        Examples
        --------
        >>> row = ("A golden retriever.", (207,), "label", "golden retriever", "{a}.")
        >>> SeedDictionary(pd.DataFrame([row], columns=DICTIONARY_COLUMNS)).named_term("My Golden Retriever sleeps")
        'Golden Retriever'
        """
        spelled = prompt.translate(TYPED_APOSTROPHES)  # one character for one, so that spans are the prompt's
        words = list(TERM_WORD.finditer(spelled))
        for n in self._words_of_terms:
            for span in (words[i : i + n] for i in range(len(words) - n + 1)):
                if " ".join(word[0] for word in span).casefold() in self._casefolded_terms:
                    return prompt[span[0].start() : span[-1].end()]
        return ""

    def classes_of(self, sentence: str) -> tuple[int, ...]:
        """Classes named by a sentence of the dictionary, () for another sentence; case is ignored."""
        same = self._frame["sentence"].str.casefold() == sentence.casefold()
        return next(iter(self._frame["classes"][same]), ())

    @cached_property
    def _words_of_terms(self) -> list[int]:
        """Numbers of words that terms have, the largest first; all runs of a long prompt's words would be too many."""
        return sorted({term.count(" ") + 1 for term in self._casefolded_terms}, reverse=True)

    @cached_property
    def _casefolded_terms(self) -> set[str]:
        return {casefolded(term) for term in self.terms if term}

    def restricted(self, classes: ClassTable) -> SeedDictionary:
        """Restrict the seeds to a space: those that name one of its classes, without other classes."""
        here = set(classes.indices)
        kept = self._frame.assign(classes=[tuple(i for i in named if i in here) for named in self._frame["classes"]])
        return SeedDictionary(kept[kept["classes"].map(len) > 0])

    def membership(self, classes: ClassTable) -> csr_array:
        """Membership matrix of sentences and classes.

        Returns
        -------
        scipy.sparse.csr_array of bool, (n, K)
            M[i, k] is true when sentence i names the class of row k.
        """
        from scipy.sparse import csr_array

        rows = [classes.rows(named) for named in self._frame["classes"]]
        lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
        columns = np.fromiter((k for row in rows for k in row), dtype=np.int64, count=lengths.sum())
        starts = np.concatenate([[0], np.cumsum(lengths)])
        return csr_array((np.ones(len(columns), bool), columns, starts), shape=(len(rows), len(classes)))

    def counts(self, classes: ClassTable) -> pd.DataFrame:
        """Number of sentences of each kind and their ``total``, one row per class of the space."""
        pairs = self._frame[["classes", "kind"]].explode("classes")
        table = pd.crosstab(pairs["classes"], pairs["kind"]).reindex(
            index=classes.indices, columns=list(SEED_KINDS), fill_value=0
        )
        return table.assign(total=table.sum(axis=1))

    def examples(self, index: int, count: int) -> list[str]:
        """At most ``count`` sentences about the class of an index, from as many kinds as possible."""
        about = self._frame.loc[np.array([index in classes for classes in self._frame["classes"]], dtype=bool)]
        turn = about.groupby("kind", sort=False).cumcount()
        return about["sentence"].loc[turn.sort_values(kind="stable").index].head(count).tolist()

    def merged(self, other: SeedDictionary) -> SeedDictionary:
        """Merge two dictionaries; a sentence in both has ``other``'s row."""
        both = pd.concat([other.frame, self._frame])
        return SeedDictionary(both[~both["sentence"].str.casefold().duplicated()])

    def to_csv(self, key: Callable[[int], str] = str) -> str:
        """CSV text of the dictionary, which :func:`read_seeds` reads without loss; classes are separated by '|'.

        ``key`` gives the identifier of a class: its index, or :meth:`ClassNames.key` for custom classes.
        """
        table = self._frame.assign(**{"class": ["|".join(map(key, named)) for named in self._frame["classes"]]})
        return to_csv(table[["sentence", "class", "kind", "term", "template"]])
