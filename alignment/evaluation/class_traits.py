"""Traits of classes that might explain their errors, and rank correlations with these errors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from alignment.vectors.similarity import row_blocks, similarities_to_others


def class_traits(
    class_vectors: np.ndarray,
    counts: pd.DataFrame,
    pieces: Sequence[int] | np.ndarray,
    place: Sequence[int] | np.ndarray,
) -> pd.DataFrame:
    """Traits of every class that are known before a mapping is fitted.

    Parameters
    ----------
    class_vectors : ndarray of shape (K, d)
    counts : DataFrame, K rows
        Numbers of seed sentences of each kind and their ``total``, as from :meth:`SeedDictionary.counts`.
    pieces, place : K numbers
        As from :meth:`TextEncoder.name_pieces`.

    Returns
    -------
    DataFrame, one row per class
        ``seeds``; ``<kind> seeds`` for every kind; ``distance to the nearest class`` (1 - centred cosine);
        ``length of the class vector`` (from the mean class vector); ``word pieces of the name``; ``place in the
        vocabulary`` (the further back, the rarer the name).
    """
    nearest = np.empty(len(class_vectors), class_vectors.dtype)
    for block in row_blocks(len(class_vectors), len(class_vectors)):
        nearest[block] = similarities_to_others(class_vectors, block).max(axis=1)
    kinds = {f"{kind} seeds": counts[kind].to_numpy() for kind in counts if kind != "total" and counts[kind].any()}
    return pd.DataFrame(
        {"seeds": counts["total"].to_numpy()}
        | kinds
        | {
            "distance to the nearest class": 1.0 - nearest,
            "length of the class vector": np.linalg.norm(class_vectors - class_vectors.mean(axis=0), axis=1),
            "word pieces of the name": np.asarray(pieces),
            "place in the vocabulary": np.asarray(place),
        }
    )


def rank_correlations(values: pd.Series, traits: pd.DataFrame) -> pd.DataFrame:
    """Spearman's correlation of a figure with every trait, strongest first.

    Parameters
    ----------
    values : Series
        A figure per evaluated class, indexed by its row of ``traits``.
    traits : DataFrame, K rows

    Returns
    -------
    DataFrame
        ``trait``, ``correlation`` (-1 to 1), ``p_value`` (two-sided), ``classes``. A trait that is the same for all
        classes has no row.

    References
    ----------
    Spearman (1904), doi:10.2307/1412159.
    """
    rows = []
    for trait in traits:
        of_evaluated = traits[trait].iloc[values.index]
        if of_evaluated.nunique() > 1 and values.nunique() > 1:
            found = spearmanr(values.to_numpy(), of_evaluated.to_numpy())
            rows.append((trait, float(found.statistic), float(found.pvalue), len(values)))
    table = pd.DataFrame(rows, columns=["trait", "correlation", "p_value", "classes"])
    return table.sort_values("correlation", key=np.abs, ascending=False, kind="stable", ignore_index=True)
