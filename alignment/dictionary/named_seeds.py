"""Seeds for custom classes, generated from their names, synonyms, groups and descriptions."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from alignment.dictionary.classes import DATA, ClassTable, imagenet_names
from alignment.dictionary.plurals import english
from alignment.dictionary.readable_names import in_words
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SeedDictionary
from alignment.dictionary.templates import Word, rotated, sentences_of

MAX_TEMPLATES = 10  # per name
SENTENCE_BUDGET = 40_000  # for all names in templates; many classes get fewer sentences each
SYNONYM_TEMPLATES = 2
GROUP_TEMPLATES = 4
ENDINGS_OF_ONE = ("ss", "us", "is")  # singular words that end in s


def named_seeds(classes: ClassTable) -> SeedDictionary:
    """Generate a seed dictionary for classes without sentences.

    Every class gets its name in generic templates, its synonyms and everyday words in fewer, and its description; a
    group's name stands for all its classes, unless a class has that name. Names are converted to words:
    :attr:`ClassTable.readable_names`. A name or a sentence shared by several classes names them all.
    """
    templates = pd.read_csv(DATA / "templates.csv").query("group == 'any'")["template"].tolist()
    each = min(MAX_TEMPLATES, max(1, SENTENCE_BUDGET // len(classes) - 1))
    rows = [*_descriptions(classes.frame), *_named(_in_words(classes), templates, each)]
    frame = pd.DataFrame(rows, columns=DICTIONARY_COLUMNS)
    first = frame.groupby(frame["sentence"].str.casefold(), sort=False)
    together = first["classes"].agg(lambda named: tuple(dict.fromkeys(index for one in named for index in one)))
    return SeedDictionary(first.first().assign(classes=together))


def _descriptions(frame: pd.DataFrame) -> Iterator[tuple]:
    for index, description in frame["description"].items():
        if description:
            yield description, (int(index),), "description", "", description


def _in_words(classes: ClassTable) -> pd.DataFrame:
    """Data of the classes, with all names converted to words."""
    frame = classes.frame
    lists = {column: [tuple(map(in_words, names)) for names in frame[column]] for column in ("synonyms", "everyday")}
    return frame.assign(name=classes.readable_names, group=frame["group"].map(in_words), **lists)


def _named(frame: pd.DataFrame, templates: list[str], each: int) -> Iterator[tuple]:
    for number, (name, classes, kind, count) in enumerate(_names(frame, each)):
        yield from sentences_of(Word(name, _number(name)), classes, kind, rotated(templates, number, count))


def _names(frame: pd.DataFrame, each: int) -> Iterator[tuple[str, tuple[int, ...], str, int]]:
    """Yield (name, classes it names, kind, number of templates), each name of a kind once."""
    taken: set[str] = set()
    for kind, column, count in (
        ("label", "name", each),
        ("synonym", "synonyms", SYNONYM_TEMPLATES),
        ("everyday", "everyday", SYNONYM_TEMPLATES),
    ):
        names = frame[column].explode().dropna()
        names = names[~names.str.casefold().isin(taken) & (names != "")]
        for name, rows in names.groupby(names, sort=False):
            yield name, tuple(map(int, rows.index)), kind, min(count, each)
        taken |= set(names.str.casefold())
    unsaid = (frame["group"] == "") | frame["group"].str.isdecimal() | frame["group"].str.casefold().isin(taken)
    groups = frame["group"][~unsaid]
    for name, rows in groups.groupby(groups, sort=False):
        yield name, tuple(map(int, rows.index)), "hypernym", min(GROUP_TEMPLATES, each)


def _number(name: str) -> str:
    """Grammatical number of a name: that of ImageNet's class of that name, else by its ending."""
    known = imagenet_names()
    if classes := known.exact(name):
        return str(known.frame.at[classes[0], "number"])
    if not name.isascii() or not name.endswith("s") or name.endswith(ENDINGS_OF_ONE):
        return "count"
    return "plural" if english().singular_noun(name) else "count"
