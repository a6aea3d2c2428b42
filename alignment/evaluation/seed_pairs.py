"""Seed pairs: sentence vectors and the class vectors that a mapping should take them to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, issparse

from alignment.errors import InputError, check_labels, check_whole
from alignment.evaluation.paraphrase_groups import paraphrase_groups
from alignment.evaluation.splits import Fold, near_copies, own_classes, splits
from alignment.vectors.class_means import shares
from alignment.vectors.points import floating
from alignment.vectors.read_only import read_only

MIN_CLASSES = 3  # with sentences: one is held out, and learning needs two
DESCRIPTION = "description"  # kind of sentences that describe the appearance of a class


@dataclass(frozen=True, eq=False)
class SeedPairs:
    """Sentence vectors, the classes each sentence names, the class vectors, and labels of every sentence.

    Arrays are kept as read-only views, and lists as tuples: a study keeps its pairs, and what it computed from them.

    Parameters
    ----------
    X : float array (n, d_text)
        One row per sentence.
    membership : sparse bool array (n, K)
        ``membership[i, k]``: sentence i names class k. No row is empty. Of counts, all but 0 is true.
    class_vectors : float array (K, d)
    kinds : n labels, optional
        Kind of every sentence: "label", "description", ...
    templates : n labels, optional
        Sentences of one template are near-copies; see :func:`~alignment.evaluation.splits.splits`.
    texts : n strings, optional
    terms : n strings, optional
        Words in every sentence that name its class, "" for none.
    groups : int array (n,), optional
        Paraphrase group of every sentence, by default derived from ``terms``; see
        :func:`~alignment.evaluation.paraphrase_groups.paraphrase_groups`. A mapping learns from groups instead of
        sentences, and the query of a held-out class is the mean over its groups. Without terms every sentence counts
        separately.
    device : str, default="cpu"
        Device on which torch mappings are trained; see :mod:`alignment.execution.placement`.
    """

    X: np.ndarray
    membership: csr_array
    class_vectors: np.ndarray
    kinds: Sequence[str] | np.ndarray | None = None
    templates: Sequence[str] | np.ndarray | None = None
    texts: Sequence[str] | None = None
    terms: Sequence[str] | None = None
    groups: np.ndarray | None = None
    device: str = "cpu"

    def __post_init__(self):
        given = self.membership if issparse(self.membership) else np.asarray(self.membership)
        if given.ndim != 2 or given.dtype.kind not in "biuf":  # as text, "0" would be true
            raise InputError("membership is a matrix of numbers, one row per sentence and one column per class.")
        membership = csr_array(given, dtype=bool)  # also of counts: 2 & True is 0
        if membership.nnz and not membership.data.all():
            membership = membership.copy()
            membership.eliminate_zeros()
        object.__setattr__(self, "membership", membership)
        for name, rows, each in (("X", len(self), "sentence"), ("class_vectors", membership.shape[1], "class")):
            values = np.asarray(getattr(self, name))
            if values.ndim != 2 or len(values) != rows:
                shapes = " x ".join(map(str, membership.shape)), " x ".join(map(str, values.shape))
                raise InputError(
                    f"{name} has one row per {each} of membership, {shapes[0]}; got {shapes[1] or 'none'}."
                )
            if values.dtype.kind not in "fiub":
                raise InputError(f"{name} is an array of numbers; got {values.dtype}.")
            object.__setattr__(self, name, read_only(floating(values).view()))
        labels = {name: getattr(self, name) for name in ("kinds", "templates", "texts", "terms", "groups")}
        check_labels(len(self), "sentences", **labels)
        for name, values in labels.items():  # by position: [i] of a pandas Series is a look-up by label
            if values is not None:
                is_array = name == "groups" or isinstance(values, np.ndarray)
                object.__setattr__(self, name, read_only(np.asarray(values).view()) if is_array else tuple(values))
        if self.groups is not None and self.groups.dtype.kind not in "iu":
            raise InputError("groups are whole numbers, such as pandas.factorize(labels)[0] makes of labels.")
        if self.groups is None and self.terms is not None:
            object.__setattr__(self, "groups", read_only(paraphrase_groups(self.terms, self.membership)))

    def __repr__(self) -> str:
        (n, d_text), (classes, d) = self.X.shape, self.class_vectors.shape
        return f"<SeedPairs: {n:,} sentences of {d_text:,} numbers, {classes:,} classes of {d:,}>"

    def __len__(self) -> int:
        return self.membership.shape[0]

    @property
    def targets(self) -> np.ndarray:
        """Target vectors Z, float array (n, d): see :func:`targets`."""
        return targets(self.membership, self.class_vectors)

    def folds(self, split: str = "classes", *, n_splits: int = 5, random_state: int = 0) -> list[Fold]:
        """Cross-validation folds: :func:`~alignment.evaluation.splits.splits`.

        There are at most ``n_splits``: fewer for few classes or sentences.

        Raises
        ------
        InputError
            When there is too little to divide.
        """
        n_splits = min(check_whole("n_splits", n_splits, 2), self.most_folds(split))
        return splits(
            split,
            self.membership,
            kinds=self.kinds,
            templates=self.templates,
            texts=self.texts,
            n_splits=n_splits,
            random_state=random_state,
        )

    def most_folds(self, split: str) -> int:
        """Largest number of folds that a split allows.

        Raises
        ------
        InputError
            When there is too little to divide.
        """
        if split == "classes":
            named = len(own_classes(self.membership))
            if named < MIN_CLASSES:
                raise InputError(
                    f"Holding out classes needs sentences of their own for at least {MIN_CLASSES} classes, so that two "
                    f"are learned; {named} have some."
                )
            return named
        groups = len(set(near_copies(len(self), self.texts, self.templates)))
        if split == "sentences" and groups < 2:
            raise InputError("Holding out sentences needs at least two that are no near-copies of one another.")
        return groups

    def subset(self, rows: np.ndarray, known: np.ndarray | None = None) -> SeedPairs:
        """Select sentences; classes that are not known keep no sentence. Paraphrase groups are unchanged.

        Parameters
        ----------
        rows : int array (m,)
        known : bool array (K,), optional
            Classes that sentences may name; by default all. Each of ``rows`` must name one of them.
        """
        membership = csr_array(self.membership[rows])
        if known is not None:
            membership.data = membership.data & known[membership.indices]
            membership.eliminate_zeros()
        labels = {
            name: None if values is None else [values[row] for row in rows]
            for name in ("kinds", "templates", "texts", "terms")
            for values in [getattr(self, name)]
        }
        return SeedPairs(
            self.X[rows],
            membership,
            self.class_vectors,
            **labels,
            groups=None if self.groups is None else self.groups[rows],
            device=self.device,
        )


def targets(membership: csr_array, class_vectors: np.ndarray) -> np.ndarray:
    """Target vector of each sentence: the mean of the vectors of the classes it names.

    Rows that name the same classes get identical numbers.

    Parameters
    ----------
    membership : sparse array of bool, (n, K), no row empty
    class_vectors : ndarray of shape (K, d)

    Returns
    -------
    ndarray of shape (n, d), dtype of ``class_vectors``
    """
    weights = shares(membership, class_vectors.dtype)
    counts = np.diff(weights.indptr)
    if not counts.all():
        raise InputError(f"membership[{int(np.argmin(counts))}] names no class; leave that sentence out.")
    return weights @ class_vectors
