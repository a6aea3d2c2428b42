"""The class table: names, groups, hypernyms and descriptions of ImageNet's classes or those of a space."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd

from alignment.dictionary.class_names import ClassNames, class_list_digest
from alignment.errors import InputError, check_type

DATA = Path(__file__).parent / "data"
SHOWN_NAMES = 3  # in a repr
NO_GROUP = "no group"
LIST_COLUMNS = ("synonyms", "everyday", "lemmas")
FRAME_COLUMNS = [
    *("wordnet_id", "name", "synonyms", "everyday", "group", "number", "path", "description", "kind_of", "scene"),
    "lemmas",
]


def imagenet_classes() -> pd.DataFrame:
    """Table of the 1000 ImageNet classes, one row each, indexed by ImageNet index; a copy, which may be changed.

    Returns
    -------
    DataFrame, 1000 rows, index named ``index``
        ``wordnet_id``; ``name`` (unique); ``synonyms`` and ``everyday`` (tuples of names); ``lemmas`` (names of the
        class in label files: those of WordNet, then further ones of CLIP and torchvision);
        ``group`` (one of about 30); ``number`` (grammatical: count, mass, pair or plural); ``path`` (hypernyms from
        WordNet 3.0, "entity > ... > domestic cat"); ``description``, ``kind_of``, ``scene`` (a sentence each).

    Examples
    --------
    >>> imagenet_classes().loc[281, ["wordnet_id", "name", "group"]].tolist()
    ['n02123045', 'tabby cat', 'cat']
    """
    return _imagenet_classes().copy()


@lru_cache(maxsize=1)
def _imagenet_classes() -> pd.DataFrame:
    table = pd.read_csv(DATA / "classes.csv", index_col="index", keep_default_na=False)
    lemmas, others = (
        pd.read_csv(DATA / name, index_col="wordnet_id")["names"] for name in ("lemmas.csv", "label_names.csv")
    )
    lemmas += ("|" + others).reindex(lemmas.index, fill_value="")
    table["lemmas"] = lemmas.loc[table["wordnet_id"]].to_numpy()
    for column in LIST_COLUMNS:
        table[column] = [tuple(filter(None, names.split("|"))) for names in table[column]]
    return table


class ClassTable:
    """Classes of one target space: row k of the space is the class ``indices[k]``.

    Parameters
    ----------
    indices : sequence of int, length K
        Unique, in the order of the class embeddings' rows.
    known : ClassNames, default those of ImageNet
        All classes that can be named, including those missing from the space.

    Raises
    ------
    InputError
        For what is no list of indices, an index of no class, and one that stands there twice.

    Examples
    --------
    >>> table = ClassTable([281, 207])
    >>> table.row("golden retriever"), table.row("n02123045"), table.row(281)
    (1, 0, 0)
    """

    def __init__(self, indices: Sequence[int], known: ClassNames | None = None):
        self.known = imagenet_names() if known is None else known
        frame = self.known.frame
        given = np.asarray(indices, dtype=object)
        if given.ndim != 1 or not len(given):
            raise InputError(f"Classes are a list of their indices, at least one; got {indices!r:.60}.")
        unknown = [i for i in given if not isinstance(i, Real) or i not in frame.index]
        if unknown:
            known = f"their indices lie between {frame.index.min()} and {frame.index.max()}"
            raise InputError(f"{unknown[0]!s:.60} is not among the {len(frame):,} {self.known.plural}; {known}.")
        if len(set(indices)) != len(indices):
            raise InputError("The class list names the same index more than once.")
        self._frame = frame.loc[list(indices)]
        self._rows = {int(index): row for row, index in enumerate(self._frame.index)}

    @property
    def frame(self) -> pd.DataFrame:
        """Table of K rows, with the columns of :func:`imagenet_classes`; a copy, which may be sorted or extended.

        ``known.frame`` restricted to the classes of this space, in their order; missing values of custom classes are ""
        or ().
        """
        return self._frame.copy()

    def __len__(self) -> int:
        return len(self._frame)

    def __repr__(self) -> str:
        names = ", ".join(self._frame["name"].head(SHOWN_NAMES))
        more = ", ..." if len(self) > SHOWN_NAMES else ""
        return f"<ClassTable: {len(self):,} of {len(self.known.frame):,} {self.known.plural}: {names}{more}>"

    @cached_property
    def indices(self) -> tuple[int, ...]:
        """Index of every row's class."""
        return tuple(self._rows)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Display name of every row."""
        return tuple(self._frame["name"])

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Unique label of every row for lists, by which :meth:`row` finds it: :meth:`ClassNames.label
        <alignment.dictionary.class_names.ClassNames.label>`."""
        return tuple(self.known.label(index) for index in self.indices)

    @cached_property
    def readable_names(self) -> tuple[str, ...]:
        """Name of every row's class for sentences: its display name, converted to words for custom classes."""
        first = [lemmas[0] if lemmas else name for name, lemmas in zip(self.names, self._frame["lemmas"], strict=True)]
        return self.names if self.are_imagenets else tuple(first)

    @property
    def are_imagenets(self) -> bool:
        """Whether these are classes of ImageNet."""
        return self.known is imagenet_names()

    @cached_property
    def fingerprint(self) -> str:
        """Identifies the classes with all their data."""
        if self.are_imagenets:
            return repr(list(self.indices))
        return hashlib.sha256(self._frame.to_json().encode()).hexdigest()

    @cached_property
    def list_digest(self) -> str:
        """Digest of the indices and names of the rows, in order."""
        return class_list_digest(self._frame)

    @cached_property
    def paths(self) -> tuple[str, ...] | None:
        """Hypernyms of the classes, "" for a class without any; None where no class has any."""
        paths = tuple(self._frame["path"])
        return paths if any(paths) else None

    @cached_property
    def groups(self) -> tuple[str, ...] | None:
        """Groups of the classes, "" for a class without any; None where no class has any."""
        groups = tuple(self._frame["group"])
        return groups if any(groups) else None

    @cached_property
    def group_labels(self) -> tuple[str, ...] | None:
        """:attr:`groups` for lists and charts, :data:`NO_GROUP` for a class without any."""
        return self.groups and tuple(group or NO_GROUP for group in self.groups)

    def row(self, key: int | str) -> int:
        """Row of a class given by index, WordNet id or any of its names.

        Raises
        ------
        InputError
            When no class, or more than one, matches ``key``; or when the class is missing from this space.
        """
        found = self.known.find(key)
        if len(found) > 1:
            raise InputError(f"{key!r} names {len(found)} classes; give one of them.")
        if found[0] not in self._rows:
            name = self.known.frame.at[found[0], "name"]
            raise InputError(f"Class {found[0]} ({name}) is not among the {len(self)} classes of this class space.")
        return self._rows[found[0]]

    def rows(self, indices: Iterable[int]) -> list[int]:
        """Rows of those of ``indices`` that this space has."""
        return [self._rows[i] for i in indices if i in self._rows]

    def with_indices(self, table: pd.DataFrame) -> pd.DataFrame:
        """Add class indices, which are the same in every space, to a table with rows of this space.

        Parameters
        ----------
        table : DataFrame
            ``class``, ``predicted`` or ``nearest_wrong``, as far as it has them, are rows of this space.

        Returns
        -------
        DataFrame
            These columns renamed to ``row``, ``predicted_row`` and ``nearest_wrong_row``, and before each, unless
            present, the class's index: ``index``, ``predicted_index``, ``nearest_wrong_index``.
        """
        found = table.copy()
        for column, prefix in (("class", ""), ("predicted", "predicted_"), ("nearest_wrong", "nearest_wrong_")):
            if column not in table:
                continue
            if f"{prefix}index" not in table:
                indices = [self.indices[row] for row in table[column]]
                found.insert(found.columns.get_loc(column), f"{prefix}index", indices)
            found = found.rename(columns={column: f"{prefix}row"})
        return found


def all_names(frame: pd.DataFrame) -> list[str]:
    """Names, synonyms and everyday words of the classes of a table as of :attr:`ClassTable.frame`."""
    return [*frame["name"], *(name for column in ("synonyms", "everyday") for row in frame[column] for name in row)]


def check_classes(classes: ClassTable | None) -> None:
    """Refuse what is no table of classes, such as a list of their names."""
    if classes is not None:
        check_type(classes, ClassTable, "Classes are a ClassTable, as read_classes reads one from a file")


def unnamed_rows_notes(source: str, count: int) -> list[str]:
    """A note where a space without a class list has fewer rows than ImageNet has classes, else none."""
    if count == len(imagenet_classes()):
        return []
    read = f"its {count:,} rows are read as ImageNet's classes 0 to {count - 1}"
    return [f"{source}: {read}; name others with --classes FILE.csv."]


@lru_cache(maxsize=1)
def imagenet_names() -> ClassNames:
    """Names of all ImageNet classes, with the words above them (hypernyms)."""
    above = pd.read_csv(DATA / "hypernyms.csv", keep_default_na=False)
    below = {row.word: tuple(map(int, row.classes.split("|"))) for row in above.itertuples()}
    frame = imagenet_classes()
    words = (
        frame["path"].str.split(" > ").explode().reset_index().groupby("path")["index"].agg(lambda found: set(found))
    )
    branches = {word: sorted(found) for word, found in words.items() if 2 * len(found) <= len(frame)}
    return ClassNames(frame, below, "ImageNet class", branches=branches)
