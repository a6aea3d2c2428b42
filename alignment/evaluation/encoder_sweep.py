"""One mapping with every layer and pooling of an encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from alignment.evaluation.cross_validation import evaluate
from alignment.evaluation.seed_pairs import paraphrase_groups
from alignment.progress import Progress
from alignment.text.pooling import POOLINGS

MAX_LAYERS = 13  # of a deep encoder that a sweep looks at


def sweep(
    encode: Callable[[int, str], np.ndarray],
    layers: Sequence[int],
    poolings: Sequence[str],
    mapping,
    membership,
    class_vectors: np.ndarray,
    *,
    progress: Progress | None = None,
    **evaluation,
) -> pd.DataFrame:
    """Every encoder layer with every pooling.

    Parameters
    ----------
    encode : callable
        ``encode(layer, pooling)`` gives X, (n, d_text).
    mapping : scikit-learn regressor
    **evaluation
        As for :func:`~alignment.evaluation.cross_validation.evaluate`.

    Returns
    -------
    DataFrame
        ``layer``, ``pooling`` and every figure, a row a combination.
    """
    rows, pairs = [], list(product(layers, poolings))
    for done, (layer, pooling) in enumerate(pairs):
        if progress is not None:
            progress(f"Layer {layer}, {pooling}", done, len(pairs))
        result = evaluate(mapping, encode(layer, pooling), membership, class_vectors, **evaluation)
        rows.append({"layer": layer, "pooling": pooling} | result.summary())
    if progress is not None:
        progress("Done", len(pairs), len(pairs))
    return pd.DataFrame(rows)


def sweep_encoder(
    encoder,
    sentences: Sequence[str],
    terms: Sequence[str],
    mapping,
    membership,
    class_vectors: np.ndarray,
    *,
    layers: Sequence[int] | None = None,
    progress: Progress | None = None,
    **evaluation,
) -> pd.DataFrame:
    """:func:`sweep` of all layers and poolings of an encoder, every sentence read once.

    What is kept of the sentences is the mean of every paraphrase group (see
    :func:`~alignment.evaluation.seed_pairs.paraphrase_groups`), which is what a mapping learns from and what the query
    of a held-out class is made of. So the class figures are those of
    :func:`~alignment.evaluation.cross_validation.evaluate` with ``terms``, for a linear mapping exactly; a "sentence"
    is a paraphrase group here.

    Parameters
    ----------
    encoder : TextEncoder
        Its own layer and pooling do not matter.
    sentences, terms : n texts
    mapping : scikit-learn regressor
    membership : sparse array of bool, (n, K)
    class_vectors : ndarray of shape (K, d)
    layers : sequence of int, optional
        Default: all; of a deep encoder ``MAX_LAYERS``, evenly spaced, the first and the last among them.
    **evaluation
        As for :func:`~alignment.evaluation.cross_validation.evaluate` of held-out classes.

    Returns
    -------
    DataFrame
        As :func:`sweep`.
    """
    groups = paraphrase_groups(terms, membership)
    _, first = np.unique(groups, return_index=True)
    if layers is None:
        layers = np.unique(np.linspace(0, encoder.n_layers, MAX_LAYERS).round().astype(int)).tolist()
    states = encoder.encode_layers(
        sentences,
        words=terms,
        groups=groups,
        layers=layers,
        progress=progress and (lambda done, total: progress("Reading the sentences", done, total)),
    )
    return sweep(
        lambda layer, pooling: states[pooling][layers.index(layer)],
        layers,
        POOLINGS,
        mapping,
        csr_array(membership)[first],
        class_vectors,
        texts=[sentences[row] for row in first],
        progress=progress,
        **evaluation,
    )
