"""First class vectors, from WordNet's tree, so that the class space is organised by meaning."""

import numpy as np

LENGTH = 8.0
"""Length of every first class vector."""

OWN = 0.45
"""Share of a class vector that is its own, drawn by chance, so that sisters differ."""


def tree_distances(paths):
    """Return the number of edges between classes in the tree of hypernyms.

    Parameters
    ----------
    paths : list of list of str
        Hypernyms of each class from the root down, the class itself left out.

    Returns
    -------
    ndarray of shape (K, K)
    """
    distances = np.zeros((len(paths), len(paths)))
    for i, a in enumerate(paths):
        for j, b in enumerate(paths[:i]):
            shared = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            distances[i, j] = distances[j, i] = len(a) + len(b) + 2 - 2 * shared
    return distances


def first_vectors(paths, dimensions=128, seed=0):
    """Return one vector a class whose geometry follows WordNet.

    Classical multidimensional scaling. Path lengths in a tree are squared
    Euclidean distances, hence G = -1/2 J D J is a Gram matrix; its leading
    eigenvectors give the positions, to which each class adds a direction of
    its own.

    Returns
    -------
    ndarray of shape (K, dimensions), float32
    """
    distances = tree_distances(paths)
    centring = np.eye(len(paths)) - 1 / len(paths)
    values, vectors = np.linalg.eigh(-0.5 * centring @ distances @ centring)
    order = np.argsort(-values)[:dimensions]
    places = np.zeros((len(paths), dimensions))
    places[:, : len(order)] = vectors[:, order] * np.sqrt(np.maximum(values[order], 0))
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(dimensions, dimensions)))
    places = places @ turn
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    own = rng.normal(size=places.shape)
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    mixed = (1 - OWN) * places + OWN * own
    return (LENGTH * mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)
