"""Class spaces: the class vectors that sentences are mapped to, with or without a generator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from alignment.dictionary.classes import ClassTable
from alignment.downloads import file_sha256
from alignment.errors import InputError
from alignment.images.noise import check_snap
from alignment.vectors.similarity import similarities

if TYPE_CHECKING:
    from alignment.images.generator import ImageGenerator


class ClassSpace(Protocol):
    """What a study needs of a class space.

    Attributes
    ----------
    class_embeddings : float32 array (K, d), one row per class
    classes : ClassTable of K classes
    fingerprint : str
        Identifies the class embeddings.
    generator : ImageGenerator or None
        What draws points of the space; None where there are only class embeddings.
    """

    @property
    def class_embeddings(self) -> np.ndarray: ...

    @property
    def classes(self) -> ClassTable: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def generator(self) -> ImageGenerator | None: ...


class EmbeddingMatrix:
    """A class space without a generator: a matrix of class embeddings.

    Parameters
    ----------
    source : str or Path
        A ``.npy`` file, float array (K, d), K <= 1000, row = ImageNet index.

    Attributes
    ----------
    class_embeddings : float32 array (K, d)
    classes : ClassTable
    """

    def __init__(self, source: str | Path):
        self.source = str(source)
        try:
            matrix = np.load(source, allow_pickle=False)
        except OSError as error:
            raise InputError(f"Cannot read the class embeddings {source}; give a .npy file.") from error
        except ValueError as error:
            raise InputError(f"{source} is not a plain .npy matrix of numbers.") from error
        if not isinstance(matrix, np.ndarray) or matrix.ndim != 2 or matrix.dtype.kind not in "fiu":
            raise InputError(f"{source} must hold a matrix of numbers, one row per class.")
        if not 2 <= len(matrix) <= 1000 or not np.isfinite(matrix).all():
            raise InputError(
                f"{source} must hold 2 to 1000 rows of finite numbers (row = ImageNet index); it has "
                f"{len(matrix)} rows."
            )
        self.class_embeddings = np.ascontiguousarray(matrix, dtype=np.float32)
        self.classes = ClassTable(range(len(matrix)))
        self.fingerprint = file_sha256(Path(source))
        self.generator = None


def snap_to_nearest_class(vectors: np.ndarray, class_vectors: np.ndarray, share: float) -> np.ndarray:
    """Move each point towards its nearest class c: ``z + share (c - z)``.

    "A cat" is mapped between the generator's classes of cats, and the picture of a point between classes is blurred;
    a point nearer to one of them is drawn sharply.

    Parameters
    ----------
    vectors : float array (m, d)
    class_vectors : float array (K, d)
    share : float in [0, 1]

    Returns
    -------
    float32 array (m, d)
    """
    check_snap(share)
    nearest = similarities(vectors, class_vectors).argmax(axis=1)
    return np.asarray(vectors + share * (class_vectors[nearest] - vectors), dtype=np.float32)
