"""Aligned UMAP of several spaces: an item has the same position wherever it has the same neighbourhood.

Equivalent to umap-learn's ``AlignedUMAP`` for items that are the same in every space. Its graphs and its inner loop
are reused; its ``fit`` is not, because version 0.5.12 recompiles the loop at every call (17 s, of which the work
itself is one) and drops ``min_dist``.

References
----------
Dadu et al. (2023), Application of Aligned-UMAP to longitudinal biomedical studies, doi:10.1016/j.patter.2023.100741.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from alignment.files.folders import cache_folder, writable_folder

EPOCHS = 200
ATTRACTION = 0.02  # of an item to its position in the other spaces, times the share of equal neighbours
NEGATIVE_SAMPLES = 5.0  # random items repelled for every neighbour attracted


def aligned_umap(
    spaces: Sequence[np.ndarray],
    *,
    n_components: int,
    n_neighbors: int,
    min_dist: float,
    metric: str,
    random_state: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> list[np.ndarray]:
    """Project several spaces of the same n items.

    Parameters
    ----------
    spaces : arrays of shape (n, d_s)
        Row i is the same item in each.
    n_components, n_neighbors, min_dist, metric, random_state
        As for ``umap.UMAP``.
    progress : callable, optional
        Called with (epochs done, epochs).

    Returns
    -------
    list of float32 arrays of shape (n, n_components)
    """
    umap = load_umap()
    models = [
        umap.UMAP(
            n_components=n_components,
            n_neighbors=n_neighbors,
            min_dist=min_dist,
            metric=metric,
            random_state=random_state,
            n_jobs=1,
            transform_mode="graph",
        ).fit(space)
        for space in spaces
    ]
    graphs = [model.graph_.tocsr() for model in models]
    edges = [graph.tocoo() for graph in graphs]
    waits = tuple(
        umap.umap_.make_epochs_per_sample(edge.data, EPOCHS) for edge in edges
    )  # epochs between two uses of an edge
    places = _starts(spaces, graphs, n_components, metric, random_state)
    heads, tails = tuple(edge.row for edge in edges), tuple(edge.col for edge in edges)
    negative_waits = tuple((wait / NEGATIVE_SAMPLES).astype(np.float32) for wait in waits)
    next_negative = tuple(wait.copy() for wait in negative_waits)
    next_edge = tuple(wait.astype(np.float32) for wait in waits)
    relations, weights = _relations(graphs)
    state = np.random.RandomState(random_state).randint(-(2**31), 2**31 - 1, 3).astype(np.int64)
    epoch, alpha = _compiled_epoch(), 1.0
    for done in range(EPOCHS):
        if progress is not None:
            progress(done, EPOCHS)
        epoch(
            places, places, heads, tails, waits, models[0]._a, models[0]._b, weights, relations, state, 1.0, ATTRACTION,
            n_components, True, alpha, negative_waits, next_negative, next_edge, done,
        )  # fmt: skip
        alpha = 1.0 - done / EPOCHS
    return list(places)


@lru_cache
def load_umap():
    """Import umap-learn with numba's cache enabled: compilation takes half a minute the first time, a second later."""
    import numba

    try:
        import umap
    except RuntimeError:  # numba finds no folder for its cache: neither the installation nor a home can be written
        numba.config.CACHE_DIR = str(writable_folder(cache_folder() / "numba"))  # type: ignore[attr-defined]
        for name in [name for name in sys.modules if name.partition(".")[0] == "umap"]:  # imported in part
            del sys.modules[name]
        import umap
    from numba.core.dispatcher import Dispatcher

    for part in (umap.umap_, umap.layouts, umap.utils):
        for function in vars(part).values():
            if isinstance(function, Dispatcher) and function.py_func.__module__ == part.__name__:
                function.enable_caching()
    return umap


@lru_cache
def _compiled_epoch():
    """Compile umap-learn's pass over all edges for one thread, so that the same seed gives the same projection."""
    import numba

    loop = load_umap().layouts._optimize_layout_aligned_euclidean_single_epoch
    return numba.njit(loop, fastmath=True, cache=True)


def _starts(spaces, graphs, n_components: int, metric: str, random_state: int) -> tuple[np.ndarray, ...]:
    """Spectral layouts, each rotated onto the one before it."""
    from scipy.linalg import orthogonal_procrustes
    from umap.spectral import spectral_layout

    starts: list[np.ndarray] = []
    for space, graph in zip(spaces, graphs, strict=True):
        start = spectral_layout(space, graph, n_components, np.random.RandomState(random_state), metric=metric)
        start = start * (10.0 / np.abs(start).max())
        if starts:
            start = start @ orthogonal_procrustes(start, starts[-1])[0]
        starts.append(np.ascontiguousarray(start, dtype=np.float32))
    return tuple(starts)


def _relations(graphs) -> tuple[np.ndarray, np.ndarray]:
    """AlignedUMAP's relations of items between spaces, and their weights by similarity of neighbourhoods.

    Returns
    -------
    relations : int32 array (S, 2 S + 1, n)
        Entry [s, S + o, i] is i where there is a space s + o, and -1 where there is none.
    weights : float32 array of the same shape
        Jaccard index of the two sets of neighbours.
    """
    count, n = len(graphs), graphs[0].shape[0]
    relations = np.full((count, 2 * count + 1, n), -1, dtype=np.int32)
    weights = np.zeros(relations.shape, dtype=np.float32)
    sets = [graph.astype(bool) for graph in graphs]
    for s in range(count):
        for t in range(count):
            shared = sets[s].multiply(sets[t]).sum(axis=1)
            either = (sets[s] + sets[t]).sum(axis=1)
            relations[s, count + t - s] = np.arange(n)
            weights[s, count + t - s] = np.ravel(shared) / np.maximum(np.ravel(either), 1)
    return relations, weights
