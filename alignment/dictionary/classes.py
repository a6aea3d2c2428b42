"""The class table: what each ImageNet class is called, which group it belongs to, what it looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import pandas as pd

from alignment.errors import InputError

CLASSES_CSV = Path(__file__).parent / "data" / "classes.csv"
LIST_COLUMNS = ("synonyms", "everyday")


@lru_cache(maxsize=1)
def imagenet_classes() -> pd.DataFrame:
    """The 1000 ImageNet classes, one row each, indexed by ImageNet index.

    Returns
    -------
    DataFrame, 1000 rows, index named ``index``
        ``wordnet_id``; ``name`` (unique); ``synonyms`` and ``everyday`` (tuples of names);
        ``group`` (one of about 30); ``number`` (count, mass, pair or plural: how the name behaves in a
        sentence); ``path`` (hypernyms from WordNet 3.0, "entity > ... > domestic cat");
        ``description``, ``kind_of``, ``scene`` (a sentence each).

    Examples
    --------
    >>> imagenet_classes().loc[281, ["wordnet_id", "name", "group"]].tolist()
    ['n02123045', 'tabby cat', 'cat']
    """
    table = pd.read_csv(CLASSES_CSV, index_col="index", keep_default_na=False)
    for column in LIST_COLUMNS:
        table[column] = [tuple(filter(None, names.split("|"))) for names in table[column]]
    return table


class ClassTable:
    """The classes of one target space: row k of the space is the ImageNet class ``indices[k]``.

    Parameters
    ----------
    indices : sequence of int, length K
        ImageNet indices, without repeats, in the order of the class embeddings' rows.

    Attributes
    ----------
    frame : DataFrame, K rows
        :func:`imagenet_classes` restricted to ``indices``, in their order.

    Examples
    --------
    >>> table = ClassTable([281, 207])
    >>> table.row("golden retriever"), table.row("n02123045"), table.row(281)
    (1, 0, 0)
    """

    def __init__(self, indices: Sequence[int]):
        known = imagenet_classes()
        unknown = [i for i in indices if i not in known.index]
        if unknown:
            raise InputError(f"ImageNet has classes 0 to 999; {unknown[0]} is not one of them.")
        if len(set(indices)) != len(indices):
            raise InputError("The class list names the same ImageNet index more than once.")
        self.frame = known.loc[list(indices)]
        self._rows = {int(index): row for row, index in enumerate(self.frame.index)}

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def indices(self) -> list[int]:
        """ImageNet index of every row."""
        return list(self._rows)

    @property
    def names(self) -> list[str]:
        """Display name of every row."""
        return self.frame["name"].tolist()

    @property
    def groups(self) -> list[str]:
        """Group of every row."""
        return self.frame["group"].tolist()

    def row(self, key: int | str) -> int:
        """Row of a class given by ImageNet index, WordNet id or any of its names.

        Raises
        ------
        InputError
            When no class, or more than one, answers to ``key``; or when this space lacks the class.
        """
        index = find_class(key)
        if index not in self._rows:
            name = imagenet_classes().loc[index, "name"]
            raise InputError(f"Class {index} ({name}) is not among the {len(self)} classes of this class space.")
        return self._rows[index]

    def rows(self, indices: Iterable[int]) -> list[int]:
        """Rows of those of ``indices`` (ImageNet) that this space has."""
        return [self._rows[i] for i in indices if i in self._rows]


def find_class(key: int | str) -> int:
    """ImageNet index of a class given by index, WordNet id, name, synonym or everyday name.

    Examples
    --------
    >>> find_class("n02123045"), find_class(" 281 "), find_class("Tabby cat")
    (281, 281, 281)
    """
    text = str(key).strip()
    table = imagenet_classes()
    if re.fullmatch(r"\d+", text):
        if int(text) in table.index:
            return int(text)
        raise InputError(f"ImageNet has classes 0 to 999; {text} is not one of them.")
    found = _names().get(text.casefold(), ())
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(
            f"No ImageNet class is called {text[:60]!r}; give an index (0 to 999), a WordNet id or a name."
        )
    options = ", ".join(f"{i} {table.loc[i, 'name']}" for i in found[:6])
    raise InputError(
        f"{text!r} names {len(found)} classes ({options}{', ...' if len(found) > 6 else ''}); give an index."
    )


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[int, ...]]:
    """Case-folded name -> classes that answer to it; a display name outranks a synonym, a synonym an everyday word."""
    table = imagenet_classes()
    by_name: dict[str, tuple[int, ...]] = {}
    for rank in ("everyday", "synonyms", "name", "wordnet_id"):
        level: dict[str, list[int]] = {}
        for index, names in table[rank].items():
            for name in (names,) if isinstance(names, str) else names:
                level.setdefault(name.casefold(), []).append(int(index))
        by_name.update({name: tuple(indices) for name, indices in level.items()})
    return by_name
