"""Initial class vectors: from WordNet's tree, or from a generator that is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from alignment.vectors.class_means import unit_rows
from training.catalogue import Entry
from training.checkpoints import shipped_classes

LENGTH = 8.0
"""Length of every vector of the WordNet layout."""

OWN_SHARE = 0.45
"""Random share of a class vector, so that sister classes differ."""

RETURN_SHARE = 0.35
"""Pull of existing vectors back towards the WordNet layout, from which training moves them, in shares of length."""


def initial_vectors(entries: Sequence[Entry], folder: Path) -> tuple[np.ndarray, int]:
    """Initial class vectors, and the number of them taken over from the generator in `folder`.

    Vectors of classes of that generator are taken over, others are placed among them, and all are pulled back a little
    towards the WordNet layout; without a generator in the folder they are that layout.

    Returns
    -------
    float32 array (K, 128), int
    """
    paths = [entry.path for entry in entries]
    layout = wordnet_layout(paths)
    if not (folder / "pytorch_model.bin").exists():
        return layout, 0
    weights = torch.load(folder / "pytorch_model.bin", weights_only=True)
    vectors = weights["embeddings.weight"].float().T.numpy()
    row_of = {wordnet_id: row for row, wordnet_id in enumerate(shipped_classes(folder))}
    known = [row_of.get(entry.wordnet_id) for entry in entries]
    if known.count(None) == len(known):
        return layout, 0
    in_use = [None if row is None else vectors[row] for row in known]
    vectors = fill_missing(layout, in_use)
    order = rotate_onto(wordnet_layout(paths, own_share=0.0), in_use)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    drawn = vectors / lengths + RETURN_SHARE * order / np.linalg.norm(order, axis=1, keepdims=True)
    drawn *= lengths / np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn.astype(np.float32), len(known) - known.count(None)


def tree_distances(paths: Sequence[Sequence[str]]) -> np.ndarray:
    """Number of edges between classes in the tree of hypernyms.

    Parameters
    ----------
    paths : sequence of sequences of str
        Hypernyms of each class from the root down, without the class itself.

    Returns
    -------
    float array (K, K)
    """
    distances = np.zeros((len(paths), len(paths)))
    for i, a in enumerate(paths):
        for j, b in enumerate(paths[:i]):
            shared = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            distances[i, j] = distances[j, i] = len(a) + len(b) + 2 - 2 * shared
    return distances


def wordnet_layout(
    paths: Sequence[Sequence[str]], dimensions: int = 128, *, own_share: float = OWN_SHARE
) -> np.ndarray:
    """One vector per class whose geometry follows WordNet.

    Classical multidimensional scaling. Path lengths in a tree are squared Euclidean distances, hence
    G = -1/2 J D J is a Gram matrix; its leading eigenvectors give the positions, to which a random direction is added
    for each class.

    Returns
    -------
    float32 array (K, dimensions)
    """
    distances = tree_distances(paths)
    centring = np.eye(len(paths)) - 1 / len(paths)
    values, vectors = np.linalg.eigh(-0.5 * centring @ distances @ centring)
    order = np.argsort(-values)[:dimensions]
    positions = np.zeros((len(paths), dimensions))
    positions[:, : len(order)] = vectors[:, order] * np.sqrt(np.maximum(values[order], 0))
    rng = np.random.default_rng(0)
    rotation, _ = np.linalg.qr(rng.normal(size=(dimensions, dimensions)))
    positions = unit_rows(positions @ rotation)
    own = unit_rows(rng.normal(size=positions.shape))
    mixed = (1 - own_share) * positions + own_share * own
    return (LENGTH * mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)


def fill_missing(layout: np.ndarray, in_use: Sequence[np.ndarray | None]) -> np.ndarray:
    """Class vectors in use, with missing ones from the rotated layout, scaled to the mean length of those in use.

    Parameters
    ----------
    layout : float array (K, d)
    in_use : sequence of K arrays (d,) or None
        The vector in use for each class, if there is one.

    Returns
    -------
    float32 array (K, d)
    """
    used = {i: vector for i, vector in enumerate(in_use) if vector is not None}
    out = rotate_onto(layout, in_use)
    length = np.mean([np.linalg.norm(vector) for vector in used.values()])
    out *= length / np.linalg.norm(out, axis=1, keepdims=True)
    out[list(used)] = list(used.values())
    return out.astype(np.float32)


def rotate_onto(layout: np.ndarray, in_use: Sequence[np.ndarray | None]) -> np.ndarray:
    """Rotate a layout (K, d) to be nearest to the vectors in use (orthogonal Procrustes)."""
    used = {i: vector for i, vector in enumerate(in_use) if vector is not None}
    u, _, vt = np.linalg.svd(layout[list(used)].T.astype(np.float64) @ np.stack(list(used.values())))
    return layout @ (u @ vt)
