"""Class spaces: the class embeddings that sentences are mapped to, with or without a generator."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from alignment.class_embeddings.embedding_files import read_embeddings
from alignment.class_embeddings.row_names import order_of_rows
from alignment.dictionary.classes import ClassTable, check_classes, unnamed_rows_notes
from alignment.errors import check_type
from alignment.vectors.read_only import read_only

if TYPE_CHECKING:
    from alignment.images.generator import ImageGenerator


OWN_DIRECTIONS = 10  # classes that may each have a direction of its own in a plane


class ClassSpace(Protocol):
    """Interface of a class space, as a study uses it.

    Attributes
    ----------
    class_embeddings : float32 array (K, d), one row per class, read-only
    classes : ClassTable of K classes
    fingerprint : str
        Identifies the class embeddings.
    notes : list of str
        Notes on unusual properties of its files.
    generator : ImageGenerator or None
        Draws points of the space; None where there are only class embeddings.
    """

    @property
    def class_embeddings(self) -> np.ndarray: ...

    @property
    def classes(self) -> ClassTable: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def notes(self) -> list[str]: ...

    @property
    def generator(self) -> ImageGenerator | None: ...


class EmbeddingMatrix:
    """A class space without a generator: a matrix of class embeddings.

    Parameters
    ----------
    source : str or Path
        A file for :func:`~alignment.class_embeddings.embedding_files.read_embeddings`.
    classes : ClassTable of K classes, optional
        Classes of the rows, in this order unless names in the file give another; by default the row is the ImageNet
        index.

    Attributes
    ----------
    class_embeddings : float32 array (K, d)
    classes : ClassTable
    notes : list of str
        Assumptions about the file's format where it is unusual.
    """

    def __init__(self, source: str | Path, classes: ClassTable | None = None):
        check_type(source, (str, os.PathLike), "Class embeddings are read from a file; np.save makes one of an array")
        check_classes(classes)
        self.source = str(source)
        file = read_embeddings(source, None if classes is None else len(classes))
        self.fingerprint = file.sha256
        self.classes = ClassTable(range(len(file.vectors))) if classes is None else classes
        order, compared = order_of_rows(file.names, self.classes, self.source)
        self.class_embeddings = read_only(file.vectors if order is None else file.vectors[order])
        unnamed = unnamed_rows_notes(self.source, len(self.classes)) if classes is None else []
        self.notes = [*file.notes, *unnamed, *compared, *_few_directions(self.source, self.class_embeddings)]
        self.generator = None

    def __repr__(self) -> str:
        rows, columns = self.class_embeddings.shape
        return f"<EmbeddingMatrix: {self.source}, {rows:,} classes of {columns:,} numbers>"


def _few_directions(source: str, vectors: np.ndarray) -> list[str]:
    """That similarities say little, where centred class vectors (K, d) have few directions.

    On one line they say which class alone: mappings that do not rotate predict a point of that line. In a plane or in
    space many classes lie in nearly the same direction.
    """
    distinct = len(np.unique(vectors, axis=0))
    if distinct > 2 and vectors.shape[1] > 1:
        if vectors.shape[1] > 3 or distinct <= OWN_DIRECTIONS:
            return []
        held = f"class vectors of {'two' if vectors.shape[1] == 2 else 'three'} numbers"
        return [
            f"{source} holds {held}: similarities compare directions from the mean of the classes, of which there are "
            "few, so that many classes can have one near 1 with one sentence, and their order says little."
        ]
    held = "two different class vectors" if distinct == 2 else "class vectors of one number"
    return [
        f"{source} holds {held}: with almost every mapping a similarity is 1, -1 or 0, however near a sentence comes; "
        "it says which class, and not how surely."
    ]
