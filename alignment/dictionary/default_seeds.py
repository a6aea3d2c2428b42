"""Built-in seed sentences for ImageNet's classes: class words in templates, and descriptions."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from alignment.dictionary.classes import DATA, ClassTable
from alignment.dictionary.seeds import DICTIONARY_COLUMNS, SEED_KINDS, SeedDictionary
from alignment.dictionary.templates import Word, rotated, sentences_of

# Number of group-specific (None: all) and of general templates for a term of each kind.
TEMPLATES_PER_TERM = {"label": (None, 2), "synonym": (2, 0), "everyday": (4, 1), "hypernym": (12, 4)}


def default_seeds(classes: ClassTable) -> SeedDictionary:
    """Built-in seed dictionary for the classes of one space.

    Every class has its name, its synonyms and everyday words in sentences that fit its group, and eight descriptions of
    what it is and looks like. Words above the classes (cat, boat) come from ``hypernyms.csv``.
    """
    rows = [*_descriptions(classes), *_named(classes)]
    frame = pd.DataFrame(rows, columns=DICTIONARY_COLUMNS)
    order = frame["kind"].map(SEED_KINDS.index)  # a sentence under two kinds counts once, for the more specific one
    frame = frame.assign(order=order, key=frame["sentence"].str.casefold()).sort_values("order", kind="stable")
    return SeedDictionary(frame.drop_duplicates("key"))


def _descriptions(classes: ClassTable) -> Iterator[tuple]:
    further = pd.read_csv(DATA / "descriptions.csv").groupby("index")["description"].agg(list)
    for index, row in classes.frame.iterrows():
        for sentence in (row["description"], row["kind_of"], row["scene"], *further.get(index, ())):
            yield sentence, (int(index),), "description", "", sentence


def _named(classes: ClassTable) -> Iterator[tuple]:
    templates = pd.read_csv(DATA / "templates.csv").groupby("group", sort=False)["template"].agg(list)
    for number, (term, named, kind, group, grammar) in enumerate(class_terms(classes)):
        specific, general = TEMPLATES_PER_TERM[kind]
        chosen = rotated(templates[group], number, specific) + rotated(templates["any"], number, general)
        yield from sentences_of(Word(term, grammar), named, kind, chosen)


def class_terms(classes: ClassTable) -> Iterator[tuple[str, tuple[int, ...], str, str, str]]:
    """Yield (term, classes it names, kind, template group, grammatical number), each term of a kind once."""
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
