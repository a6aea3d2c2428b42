"""Class spaces: the class embeddings that sentences are mapped to, with or without a generator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from alignment.class_embeddings.embedding_files import read_embeddings
from alignment.class_embeddings.row_names import order_of_rows
from alignment.dictionary.classes import ClassTable, first_of_imagenet
from alignment.vectors.read_only import read_only

if TYPE_CHECKING:
    from alignment.images.generator import ImageGenerator


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
        self.source = str(source)
        file = read_embeddings(source, None if classes is None else len(classes))
        self.fingerprint = file.sha256
        self.classes = ClassTable(range(len(file.vectors))) if classes is None else classes
        order, compared = order_of_rows(file.names, self.classes, self.source)
        self.class_embeddings = read_only(file.vectors if order is None else file.vectors[order])
        unnamed = first_of_imagenet(self.source, len(self.classes)) if classes is None else []
        self.notes = [*file.notes, *unnamed, *compared, *_all_or_nothing(self.source, self.class_embeddings)]
        self.generator = None


def _all_or_nothing(source: str, vectors: np.ndarray) -> list[str]:
    """That similarities say which class alone, where centred class vectors (K, d) lie on one line.

    Mappings that do not rotate predict a point of that line.
    """
    distinct = len(np.unique(vectors, axis=0))
    if distinct > 2 and vectors.shape[1] > 1:
        return []
    held = "two different class vectors" if distinct == 2 else "class vectors of one number"
    return [
        f"{source} holds {held}: with almost every mapping a similarity is 1, -1 or 0, however near a sentence comes; "
        "it says which class, and not how surely."
    ]
