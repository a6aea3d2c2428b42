"""Fitting mappings on seed pairs, with paraphrase groups and other metadata that they request."""

from __future__ import annotations

import numpy as np
from sklearn import config_context

from alignment.evaluation.paraphrase_groups import paraphrase_covariance
from alignment.evaluation.seed_pairs import DESCRIPTION, SeedPairs
from alignment.mappings.base import requested_metadata
from alignment.vectors.class_means import group_means


def fit_pairs(mapping, pairs: SeedPairs):
    """Fit a mapping on seed pairs, with the metadata it requests.

    A mapping that requests ``groups`` is fitted on every sentence, the others on :func:`merged_paraphrases`; see
    :class:`~alignment.mappings.base.MappingRegressor` for what can be requested. A mapping with a parameter ``device``
    is trained on the device of the pairs. The candidates are all classes of ``pairs``, also those without a sentence.

    Returns
    -------
    The mapping.
    """
    requested = requested_metadata(mapping)
    rows = pairs if "groups" in requested else merged_paraphrases(pairs)
    metadata = {"groups": pairs.groups, "membership": rows.membership, "candidates": pairs.class_vectors}
    if rows.kinds is not None:
        metadata["descriptive"] = np.asarray(rows.kinds) == DESCRIPTION
    if pairs.groups is not None and "within_class_covariance" in requested:
        metadata["within_class_covariance"] = paraphrase_covariance(pairs.X, pairs.groups)
    metadata = {name: value for name, value in metadata.items() if name in requested and value is not None}
    on_device = {name: pairs.device for name in mapping.get_params() if name.rpartition("__")[2] == "device"}
    if pairs.device != "cpu" and on_device:
        mapping = mapping.set_params(**on_device)
    with config_context(enable_metadata_routing=True):
        return mapping.fit(rows.X, rows.targets, **metadata)


def merged_paraphrases(pairs: SeedPairs) -> SeedPairs:
    """Merge every paraphrase group to one pair, the mean of its sentences; without groups return the pairs unchanged.

    All sentences of a group name the same classes, and its kind is that of its first sentence. Templates, texts and
    terms belong to single sentences, and are left out.
    """
    if pairs.groups is None:
        return pairs
    _, first, labels = np.unique(pairs.groups, return_index=True, return_inverse=True)
    kinds = None if pairs.kinds is None else np.asarray(pairs.kinds)[first]
    return SeedPairs(group_means(pairs.X, labels), pairs.membership[first], pairs.class_vectors, kinds)
