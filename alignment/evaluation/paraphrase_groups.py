"""Paraphrase groups of sentences, and their within-group covariance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from alignment.vectors.class_means import scatter_within, unit_rows


def paraphrase_groups(terms: Sequence[str], membership: csr_array) -> np.ndarray:
    """Group paraphrases: sentences with the same word for the same classes in different templates.

    "A photo of a tench" and "I saw a tench" together are no more informative about the class than either alone, unlike
    a synonym or a description. Weighted by sentence, twenty templates outweigh three descriptions; weighted by group,
    every word and every description counts once.

    Parameters
    ----------
    terms : n words
        The word a sentence was built around; "" for a sentence that forms its own group.
    membership : sparse array of bool, (n, K)

    Returns
    -------
    ndarray of int, (n,)
        Group number of each sentence, from 0 without gaps.

    Examples
    --------
    >>> paraphrase_groups(["tench", "Tench", "", "", "fish"], csr_array(np.ones((5, 1), bool)))
    array([0, 0, 1, 2, 3])
    """
    membership = csr_array(membership)
    named = np.split(membership.indices, membership.indptr[1:-1])
    keys = [
        (term.casefold(), classes.tobytes()) if term else row
        for row, (term, classes) in enumerate(zip(terms, named, strict=True))
    ]
    return np.asarray(pd.factorize(pd.Series(keys, dtype=object))[0], dtype=np.int64)


def paraphrase_covariance(X: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Covariance (d_text, d_text) of unit sentence vectors around the mean of their paraphrase group."""
    return scatter_within(unit_rows(X), np.unique(groups, return_inverse=True)[1])
