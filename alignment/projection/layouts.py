"""Layouts: text space, mapped text and class space drawn in two or three dimensions, and how far to trust them.

Item k is class k in all three spaces: the mean of its sentences, the mean of its mapped sentences, its class vector.
Mapped text and class space are the same 128 dimensions, so that mapped text can also be drawn among the classes.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from alignment.errors import InputError
from alignment.progress import Progress
from alignment.projection.aligned_umap import aligned_umap, load_umap
from alignment.projection.neighbourhoods import distances, nearest_others, share_kept, shared_rows

SPACES = ("text", "mapped", "class")
TITLES = {"text": "Projecting text space", "mapped": "Projecting mapped text", "class": "Projecting class space"}
METHODS = ("aligned", "umap", "pca", "t-sne")
METRICS = ("cosine", "euclidean", "manhattan")
FEWEST = 6  # items that a neighbour graph is made of; fewer are drawn by PCA
PLACING = 5  # known items a new point is placed by
BLOCK = 4096  # new points placed at a time
RADIUS = 10.0  # root mean square distance from the centre, in every projection
_ONE_AT_A_TIME = threading.Lock()  # numba's own threads cannot be shared by two of ours everywhere


@dataclass(frozen=True)
class LayoutSettings:
    """How spaces are drawn.

    Parameters
    ----------
    method : {"aligned", "umap", "pca", "t-sne"}
        "aligned" fits all spaces at once, so that a class stands in the same place where the spaces agree; the others
        fit each by itself and then turn, shift and scale it onto class space (Procrustes).
    dimensions : {2, 3}
    n_neighbors : int, 2 to 200
        How many neighbours count as near (t-SNE: the perplexity, at most a third of the classes); also the k of both
        figures of trust.
    min_dist : float in [0, 1]
        How close the two UMAPs may put points.
    metric : {"cosine", "euclidean", "manhattan"}
        Of the spaces, each seen from its mean (mapped text from that of the class vectors). PCA does not ask for it.
    shared : bool
        Mapped text is placed in the projection fitted on class space, in place of one of its own.
    random_state : int
    """

    method: str = "aligned"
    dimensions: int = 2
    n_neighbors: int = 15
    min_dist: float = 0.1
    metric: str = "cosine"
    shared: bool = False
    random_state: int = 0

    def __post_init__(self):
        for name, allowed in (("method", METHODS), ("dimensions", (2, 3)), ("metric", METRICS)):
            if getattr(self, name) not in allowed:
                raise InputError(
                    f"Unknown {name} {getattr(self, name)!r}; choose one of {', '.join(map(str, allowed))}."
                )
        if not 2 <= self.n_neighbors <= 200:
            raise InputError(f"n_neighbors must be from 2 to 200; got {self.n_neighbors}.")
        if not 0 <= self.min_dist <= 1:
            raise InputError(f"min_dist must be from 0 to 1; got {self.min_dist}.")


@dataclass(frozen=True, eq=False)
class Projection:
    """One space drawn.

    Attributes
    ----------
    points : float32 array (K, dimensions)
        NaN for a class that the space lacks.
    trustworthiness : float
        0 to 1; falls when points are neighbours in the picture that are not in the space (Venna and Kaski 2001).
    preservation : float
        Share of the nearest neighbours in the space that are among as many nearest in the picture, mean over classes.
    """

    points: np.ndarray
    trustworthiness: float
    preservation: float
    _frame: _Frame = field(repr=False)

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """New points of the space, drawn among the known ones.

        PCA draws them exactly. Elsewhere a point is put at the mean of the places of its ``PLACING`` nearest known
        items, weighted by one over the squared distance; UMAP's own ``transform`` starts from such a mean and then
        pushes points apart, but t-SNE and the aligned UMAP know no such step, and a mean takes a millisecond.

        Parameters
        ----------
        vectors : float array (m, d)

        Returns
        -------
        float32 array (m, dimensions)
        """
        return self._frame.place(np.asarray(vectors, dtype=np.float32))


@dataclass(frozen=True, eq=False)
class _Frame:
    """What new points are placed by: either a linear map or known items and their places."""

    centre: np.ndarray  # (d,)
    known: np.ndarray  # (n, d), centred
    places: np.ndarray  # (n, dimensions)
    metric: str
    linear: np.ndarray | None = None  # (d, dimensions)
    shift: np.ndarray | None = None  # (dimensions,)

    def place(self, vectors: np.ndarray) -> np.ndarray:
        centred = vectors - self.centre
        if self.linear is not None:
            return (centred @ self.linear + self.shift).astype(np.float32)
        blocks = [self._mean(centred[start : start + BLOCK]) for start in range(0, len(centred), BLOCK)]
        return np.concatenate(blocks or [self.places[:0]]).astype(np.float32)

    def _mean(self, centred: np.ndarray) -> np.ndarray:
        D = distances(centred, self.known, self.metric)  # (m, n)
        near = np.argpartition(D, min(PLACING, D.shape[1]) - 1, axis=1)[:, :PLACING]
        weights = 1.0 / np.maximum(np.take_along_axis(D, near, axis=1), 1e-6) ** 2
        weights /= weights.sum(axis=1, keepdims=True)
        return np.einsum("mk,mkc->mc", weights, self.places[near])


def fit_layout(
    spaces: Mapping[str, np.ndarray], settings: LayoutSettings, *, progress: Progress | None = None
) -> dict[str, Projection]:
    """Draw text space, mapped text and class space.

    Parameters
    ----------
    spaces : dict from "text", "mapped", "class" to float array (K, d)
        Row k is class k in each; a row of NaN where a space lacks a class, which is then left out of all.
    progress : callable, optional

    Returns
    -------
    dict of Projection, in the order of ``SPACES``

    Raises
    ------
    InputError
        When fewer than three classes are in every space.
    """
    rows = shared_rows(spaces)
    if len(rows) < 3:
        raise InputError(f"A projection needs sentences about at least three classes; there are {len(rows)}.")
    centres = {name: spaces["text" if name == "text" else "class"][rows].mean(axis=0) for name in SPACES}
    known = {name: (spaces[name][rows] - centres[name]).astype(np.float32) for name in SPACES}
    fitted = {name: known[name] for name in SPACES if not (settings.shared and name == "mapped")}
    with _ONE_AT_A_TIME:
        places, linear = _fit(fitted, settings, progress or (lambda *_: None))
    frames = _onto_class_space(places, linear, centres, known, settings.metric)
    drawn = {name: frame.places for name, frame in frames.items()}
    if settings.shared:
        frames["mapped"] = frames["class"]
        drawn["mapped"] = frames["class"].place(spaces["mapped"][rows])
    projections = {}
    for name in SPACES:
        points = np.full((len(spaces[name]), settings.dimensions), np.nan, np.float32)
        points[rows] = drawn[name]
        projections[name] = Projection(points, *_trust(known[name], drawn[name], settings), frames[name])
    return projections


def _fit(known: dict, settings: LayoutSettings, progress: Progress) -> tuple[dict, dict]:
    """Places of the known items, by space, and for PCA the linear map that gives them."""
    count = len(known["class"])
    options: dict[str, Any] = {
        "n_components": settings.dimensions,
        "n_neighbors": min(settings.n_neighbors, count - 1),
        "metric": settings.metric,
        "random_state": settings.random_state,
    }
    if settings.method == "pca" or count < FEWEST:
        linear = {name: _principal_axes(space, settings.dimensions) for name, space in known.items()}
        return {name: known[name] @ axes for name, axes in linear.items()}, linear
    if settings.method == "aligned":
        report = partial(progress, "Projecting the spaces together")
        report(0, 1)
        together = aligned_umap(list(known.values()), min_dist=settings.min_dist, progress=report, **options)
        return dict(zip(known, together, strict=True)), {}
    places = {}
    for done, (name, space) in enumerate(known.items()):
        progress(TITLES[name], done, len(known))
        if settings.method == "umap":
            places[name] = load_umap().UMAP(min_dist=settings.min_dist, n_jobs=1, **options).fit_transform(space)
        else:
            places[name] = _tsne(space, **options)
    return places, {}


def _principal_axes(space: np.ndarray, dimensions: int) -> np.ndarray:
    """Directions of most variance, (d, dimensions), each with its largest entry positive; 0 for those that lack."""
    axes = np.linalg.svd(space - space.mean(axis=0), full_matrices=False)[2][:dimensions].T
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return np.pad(axes, ((0, 0), (0, dimensions - axes.shape[1])))


def _tsne(space: np.ndarray, *, n_components: int, n_neighbors: int, **options) -> np.ndarray:
    from sklearn.manifold import TSNE

    start = space @ _principal_axes(space, n_components)
    start *= 1e-4 / max(start[:, 0].std(), 1e-12)
    perplexity = min(n_neighbors, (len(space) - 1) / 3)
    return TSNE(n_components, perplexity=perplexity, init=start, **options).fit_transform(space)


def _onto_class_space(places: dict, linear: dict, centres: dict, known: dict, metric: str) -> dict[str, _Frame]:
    """Every projection centred, scaled alike and turned onto class space's."""
    from scipy.linalg import orthogonal_procrustes

    frames, target = {}, _scaled(places["class"])[0]
    for name, raw in places.items():
        drawn, middle, scale = _scaled(raw)
        turn = orthogonal_procrustes(drawn, target)[0]
        exact = ((linear[name] @ turn) * scale, -(middle @ turn) * scale) if linear else (None, None)
        frames[name] = _Frame(centres[name], known[name], (drawn @ turn).astype(np.float32), metric, *exact)
    return frames


def _scaled(places: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    middle = places.mean(axis=0)
    radius = np.sqrt(((places - middle) ** 2).sum(axis=1).mean())
    scale = RADIUS / max(radius, 1e-12)
    return (places - middle) * scale, middle, scale


def _trust(space: np.ndarray, drawn: np.ndarray, settings: LayoutSettings) -> tuple[float, float]:
    """Trustworthiness and neighbourhood preservation of a picture."""
    from sklearn.manifold import trustworthiness

    count = len(space)
    k = min(settings.n_neighbors, max(1, (count - 1) // 2))
    D = distances(space, space, settings.metric)
    kept = share_kept(nearest_others(D, k), nearest_others(distances(drawn, drawn, "euclidean"), k))
    np.fill_diagonal(D, 0)
    return float(trustworthiness(D, drawn, n_neighbors=k, metric="precomputed")), float(kept.mean())
