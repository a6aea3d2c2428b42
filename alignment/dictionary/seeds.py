"""The seed dictionary: sentences paired with the ImageNet classes they name."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from alignment.dictionary.classes import ClassTable, find_class
from alignment.errors import InputError

DATA = Path(__file__).parent / "data"
KINDS = ("label", "synonym", "template", "description", "hypernym", "everyday", "own")
COLUMNS = ["sentence", "classes", "kind", "term", "frame"]
MAX_SENTENCE_CHARACTERS = 500
FEW_SENTENCES = 5

# How many of a group's templates a term of each kind is put into (None: all), and how many of the general ones.
TEMPLATES_PER_TERM = {"label": (None, 2), "synonym": (2, 0), "everyday": (4, 1), "hypernym": (12, 4)}


@dataclass(frozen=True)
class Refusal:
    """A row of a user's CSV that was left out."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class SeedDictionary:
    """Sentences and the classes each one names.

    A sentence about a tabby cat names one class; "I have a cat" names all five cats and is one seed, not five
    that contradict one another. As a regression target such a sentence stands for the mean of its class vectors.

    Parameters
    ----------
    frame : DataFrame
        ``sentence``; ``classes`` (tuple of ImageNet indices); ``kind`` (one of ``KINDS``); ``term`` (the words in the
        sentence that name the class, "" when none do); ``frame`` (what near-copies share: the template, or the
        sentence itself).
    """

    def __init__(self, frame: pd.DataFrame):
        self.frame = frame.reset_index(drop=True)[COLUMNS]

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def sentences(self) -> list[str]:
        return self.frame["sentence"].tolist()

    @property
    def terms(self) -> list[str]:
        return self.frame["term"].tolist()

    def pairs(self, with_terms: bool) -> list[tuple[str, str]]:
        """Every sentence with its term, or with "" where the term does not matter."""
        return list(zip(self.sentences, self.terms if with_terms else [""] * len(self), strict=True))

    def restricted(self, classes: ClassTable) -> SeedDictionary:
        """The seeds that name a class of this space, each with only those of its classes that the space has."""
        here = set(classes.indices)
        kept = self.frame.assign(classes=[tuple(i for i in named if i in here) for named in self.frame["classes"]])
        return SeedDictionary(kept[kept["classes"].map(len) > 0])

    def membership(self, classes: ClassTable):
        """Which classes each sentence names.

        Returns
        -------
        scipy.sparse.csr_array of bool, (n, K)
            M[i, k] is true when sentence i names the class of row k.
        """
        from scipy.sparse import csr_array

        rows = [classes.rows(named) for named in self.frame["classes"]]
        lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
        columns = np.fromiter((k for row in rows for k in row), dtype=np.int64, count=lengths.sum())
        starts = np.concatenate([[0], np.cumsum(lengths)])
        return csr_array((np.ones(len(columns), bool), columns, starts), shape=(len(rows), len(classes)))

    def counts(self, classes: ClassTable) -> pd.DataFrame:
        """Number of sentences of each kind, a row for every class of the space, and their ``total``."""
        pairs = self.frame[["classes", "kind"]].explode("classes")
        table = pd.crosstab(pairs["classes"], pairs["kind"]).reindex(
            index=classes.indices, columns=list(KINDS), fill_value=0
        )
        return table.assign(total=table.sum(axis=1))

    def merged(self, other: SeedDictionary) -> SeedDictionary:
        """Both dictionaries; of a sentence that stands in both, ``other``'s row."""
        both = pd.concat([other.frame, self.frame])
        return SeedDictionary(both[~both["sentence"].str.casefold().duplicated()])

    def to_csv(self) -> str:
        """The dictionary as CSV text that :func:`read_seeds` reads back whole; several classes are separated by '|'."""
        table = self.frame.assign(**{"class": ["|".join(map(str, named)) for named in self.frame["classes"]]})
        return table[["sentence", "class", "kind", "term", "frame"]].to_csv(index=False)


def default_seeds(classes: ClassTable) -> SeedDictionary:
    """The seed dictionary written for this project, for the classes of one space.

    Every class has its name, its synonyms and the words a child would use, put into sentences that fit its group,
    and three sentences that say what it is. Words above the classes (cat, boat) come from ``hypernyms.csv``.
    """
    rows = [*_descriptions(classes), *_named(classes)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    order = frame["kind"].map(KINDS.index)  # the same sentence under two kinds counts once, for the more specific kind
    frame = frame.assign(order=order, key=frame["sentence"].str.casefold()).sort_values("order", kind="stable")
    return SeedDictionary(frame.drop_duplicates("key"))


def _descriptions(classes: ClassTable) -> Iterator[tuple]:
    for index, row in classes.frame.iterrows():
        for sentence in (row["description"], row["kind_of"], row["scene"]):
            yield sentence, (int(index),), "description", "", sentence


def _named(classes: ClassTable) -> Iterator[tuple]:
    """A row for every term in every template it is put into, and the term alone."""
    templates = pd.read_csv(DATA / "templates.csv").groupby("group", sort=False)["template"].agg(list)
    for number, (term, named, kind, group, grammar) in enumerate(_terms(classes)):
        word = Word(term, grammar)
        specific, general = TEMPLATES_PER_TERM[kind]
        chosen = _rotate(templates[group], number, specific) + _rotate(templates["any"], number, general)
        bare = word.fill("{a}.")
        yield bare, named, kind, term, bare
        for template in chosen:
            if sentence := word.fill(template):
                yield sentence, named, "template" if kind == "label" else kind, word.shown_in(sentence), template


def _rotate(templates: Sequence[str], start: int, count: int | None) -> list[str]:
    """``count`` templates beginning with number ``start``, so that terms share the pool evenly."""
    count = len(templates) if count is None else min(count, len(templates))
    return [templates[(start + i) % len(templates)] for i in range(count)]


def _terms(classes: ClassTable) -> Iterator[tuple[str, tuple[int, ...], str, str, str]]:
    """(term, classes it names, kind, template group, grammatical number), each term of a kind once."""
    table = classes.frame
    for index, row in table.iterrows():
        yield row["name"], (int(index),), "label", row["group"], row["number"]
    above = pd.read_csv(DATA / "hypernyms.csv", keep_default_na=False)
    here = set(classes.indices)
    for row in above.itertuples():
        if named := tuple(i for i in map(int, row.classes.split("|")) if i in here):
            yield row.word, named, "hypernym", row.group, row.number
    taken = {name.casefold() for name in [*table["name"], *above["word"]]}
    for kind, column in (("synonym", "synonyms"), ("everyday", "everyday")):
        names = table[[column, "group", "number"]].explode(column).dropna(subset=[column])
        names = names[~names[column].str.casefold().isin(taken)]
        for term, rows in names.groupby(column, sort=False):
            yield term, tuple(map(int, rows.index)), kind, rows["group"].iloc[0], rows["number"].iloc[0]


class Word:
    """A class word with its grammar, ready to be put into templates.

    Parameters
    ----------
    term : str
        Singular for things that can be counted, plural for the numbers ``pair`` and ``plural``.
    number : {"count", "mass", "pair", "plural"}

    Examples
    --------
    >>> Word("orange", "count").fill("{a} {is} on the table.")
    'An orange is on the table.'
    >>> Word("sunglasses", "pair").fill("Where did you buy {this}?")
    'Where did you buy this pair of sunglasses?'
    >>> Word("guacamole", "mass").fill("I like {many}.") is None
    True
    """

    def __init__(self, term: str, number: str):
        import inflect

        engine = inflect.engine()
        number, plural = _exceptions().get(term, (number, None))
        several = number == "plural"
        one = f"pair of {term}" if number == "pair" else term
        self.term = term
        self.slots = {
            "a": engine.a(one) if number in ("count", "pair") else f"some {one}",
            "one": one,
            "many": {"count": plural or engine.plural_noun(term), "mass": None}.get(number, term),
            "this": f"these {one}" if several else f"this {one}",
            "is": "are" if several else "is",
            "was": "were" if several else "was",
            "has": "have" if several else "has",
            "does": "do" if several else "does",
            "it": "they" if several else "it",
            "its": "their" if several else "its",
        }

    def fill(self, template: str) -> str | None:
        """The template with its slots filled and its first letter raised; None where the word has no such form."""
        if "{many}" in template and self.slots["many"] is None:
            return None
        sentence = template.format(**self.slots)
        return sentence[:1].upper() + sentence[1:]

    def shown_in(self, sentence: str) -> str:
        """The form of the word that stands in a filled template."""
        many = self.slots["many"]
        return many if many and many.casefold() in sentence.casefold() else self.term


@lru_cache(maxsize=1)
def _exceptions() -> dict[str, tuple[str, str | None]]:
    """Terms whose number is not their class's, or whose plural the rules of English do not give."""
    table = pd.read_csv(DATA / "grammar.csv", keep_default_na=False)
    return {row.term: (row.number or "count", row.plural or None) for row in table.itertuples()}


def read_seeds(path: str | Path) -> tuple[SeedDictionary, list[Refusal]]:
    """Read seeds from a CSV with the columns ``sentence`` and ``class``.

    ``class`` is an ImageNet index, a WordNet id or a class name; several are separated by '|'. The columns ``kind``,
    ``term`` and ``frame`` of :class:`SeedDictionary` may stand beside them.

    Returns
    -------
    (SeedDictionary, list of Refusal)
        The good rows, and why each of the others was left out.

    Raises
    ------
    InputError
        When the file cannot be read, lacks a column, or has no good row.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            seeds, refused = parse_seeds(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"Cannot read the seed file {path}; give a CSV in UTF-8.") from error
    if not len(seeds):
        raise InputError(f"The seed file {path} has no usable row{f' ({refused[0]})' if refused else ''}.")
    return seeds, refused


def parse_seeds(lines) -> tuple[SeedDictionary, list[Refusal]]:
    """:func:`read_seeds` for an open file or any iterable of CSV lines; there may be no good row among them."""
    reader = csv.DictReader(lines)
    if not {"sentence", "class"} <= set(reader.fieldnames or ()):
        raise InputError("A seed file needs a first line that names the columns 'sentence' and 'class'.")
    rows, refused, seen = [], [], set()
    for record in reader:
        try:
            row = _checked(record)
            if row[0].casefold() in seen:
                raise InputError("the sentence stands in the file already.")
        except InputError as error:
            refused.append(Refusal(reader.line_num, str(error)))
            continue
        seen.add(row[0].casefold())
        rows.append(row)
    return SeedDictionary(pd.DataFrame(rows, columns=COLUMNS)), refused


def _checked(record: dict) -> tuple:
    """One row of a seed file as a row of the dictionary."""
    sentence = " ".join((record["sentence"] or "").split())
    if not sentence:
        raise InputError("the sentence is empty.")
    if len(sentence) > MAX_SENTENCE_CHARACTERS:
        raise InputError(f"the sentence has {len(sentence)} characters; the limit is {MAX_SENTENCE_CHARACTERS}.")
    if not sentence.isprintable():
        raise InputError("the sentence contains control characters.")
    keys = [key for key in (record["class"] or "").split("|") if key.strip()]
    if not keys:
        raise InputError("the class is empty.")
    kind, term = record.get("kind") or "own", record.get("term") or ""
    if kind not in KINDS:
        raise InputError(f"the kind {kind[:40]!r} is not one of {', '.join(KINDS)}.")
    if term.casefold() not in sentence.casefold():
        raise InputError(f"the term {term[:40]!r} is not in the sentence.")
    return sentence, tuple(dict.fromkeys(find_class(key) for key in keys)), kind, term, record.get("frame") or sentence
