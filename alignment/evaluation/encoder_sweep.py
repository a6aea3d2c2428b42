"""Encoder sweep: one mapping evaluated with every layer and pooling of an encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from alignment.errors import InputError, check_texts
from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.seed_pairs import SeedPairs
from alignment.progress import Progress, reported

if TYPE_CHECKING:
    from alignment.text.encoder import TextEncoder

MAX_LAYERS = 13  # evaluated in a sweep of a deep encoder


def sweep_layers(
    encode: Callable[[int, str], np.ndarray],
    layers: Sequence[int],
    poolings: Sequence[str],
    mapping,
    pairs: SeedPairs,
    *,
    random_state: int = 0,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Evaluate a mapping on held-out classes with every combination of layer and pooling.

    Parameters
    ----------
    encode : callable
        ``encode(layer, pooling)`` returns X, (n, d_text), which replaces that of ``pairs``.
    layers, poolings : sequences
    mapping : scikit-learn regressor
    pairs : SeedPairs
    random_state : int
        Seed of the folds.

    Returns
    -------
    DataFrame
        One row per combination: ``layer``, ``pooling`` and every figure.
    """
    poolings = check_texts(poolings, "Poolings are a list of keys, such as ['mean']")
    folds = pairs.folds("classes", random_state=random_state)
    rows, combinations = [], list(product(layers, poolings))
    for layer, pooling in reported(combinations, progress, lambda each: f"Layer {each[0]}, {each[1]}"):
        result = evaluate(mapping, replace(pairs, X=encode(layer, pooling)), folds)
        rows.append({"layer": layer, "pooling": pooling} | result.summary())
    return pd.DataFrame(rows)


def sweep_encoder(
    encoder: TextEncoder,
    mapping,
    pairs: SeedPairs,
    *,
    random_state: int = 0,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """:func:`sweep_layers` over the layers and poolings of an encoder, encoding every sentence once.

    Of a deep encoder, ``MAX_LAYERS`` layers are evaluated, evenly spaced, including the first and the last.

    Only the mean of every paraphrase group is kept, which mappings learn from and queries are made of. The figures of
    classes are therefore those of :func:`~alignment.evaluation.cross_validation.evaluate`, for a linear mapping
    exactly; figures of single sentences are those of groups here.

    Parameters
    ----------
    encoder : TextEncoder
        Its own layer and pooling have no effect.
    mapping : scikit-learn regressor
    pairs : SeedPairs
        With ``texts`` and ``terms``; its X has no effect.
    random_state
        As for :func:`sweep_layers`.

    Returns
    -------
    DataFrame
        As :func:`sweep_layers`.
    """
    if pairs.texts is None or pairs.terms is None or pairs.groups is None:
        raise InputError("An encoder sweep needs the texts and the terms of the seed pairs.")
    texts, first = pairs.texts, np.unique(pairs.groups, return_index=True)[1]
    layers = np.unique(np.linspace(0, encoder.n_layers, MAX_LAYERS).round().astype(int)).tolist()
    report = progress and partial(progress, "Encoding the sentences")
    states = encoder.encode_layers(texts, words=pairs.terms, groups=pairs.groups, layers=layers, progress=report)
    one_per_group = SeedPairs(
        next(iter(states.values()))[0],
        pairs.membership[first],
        pairs.class_vectors,
        texts=[texts[row] for row in first],
        device=pairs.device,
    )
    return sweep_layers(
        lambda layer, pooling: states[pooling][layers.index(layer)],
        layers,
        list(states),
        mapping,
        one_per_group,
        random_state=random_state,
        progress=progress,
    )
