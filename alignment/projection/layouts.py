"""Layouts: text space, mapped text and class space projected to two or three dimensions, with quality measures.

Item k is class k in all three spaces: the mean of its sentences, the mean of its mapped sentences, its class vector.
Mapped text and class space have the same dimensions, so that mapped text can also be projected among the classes.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from alignment.errors import InputError, check_type, check_whole
from alignment.execution.locks import interruptible
from alignment.progress import Progress
from alignment.projection.aligned_umap import aligned_umap, load_umap
from alignment.projection.neighbourhoods import distances, nearest_others, share_kept, shared_rows
from alignment.vectors.points import checked_points
from alignment.vectors.samples import sampled_rows
from alignment.vectors.similarity import row_blocks

SPACES = ("text", "mapped", "class")
PROGRESS_STAGES = {
    "text": "Projecting text space",
    "mapped": "Projecting mapped text",
    "class": "Projecting class space",
}
METHODS = ("aligned", "umap", "pca", "t-sne")
DISTANCES = ("cosine", "euclidean", "manhattan")
FITTED_CLASSES = 4000  # that a projection is fitted on, at most; of more, a random sample
MIN_GRAPH_ITEMS = 6  # of a neighbour graph; fewer are projected by PCA
PLACEMENT_NEIGHBORS = 5  # known items whose mean position a new point gets
MIN_PLACEMENT_DISTANCE = 1e-6  # so that the weight of a known item is finite at its own position
RMS_RADIUS = 10.0  # root mean square distance from the centre, in every projection
_NUMBA_LOCK = threading.Lock()  # numba's default threading layer is not thread-safe


@dataclass(frozen=True)
class LayoutSettings:
    """Settings of a projection.

    Parameters
    ----------
    method : {"aligned", "umap", "pca", "t-sne"}
        "aligned" fits all spaces jointly, so that a class has the same position where the spaces agree; the others fit
        each separately and then rotate, shift and scale it onto class space (Procrustes).
    dimensions : {2, 3}
    n_neighbors : int, 2 to 200
        Size of the neighbourhoods (t-SNE: the perplexity, at most a third of the classes); also the k of both quality
        measures.
    min_dist : float in [0, 1]
        Minimum distance of points in the two UMAPs.
    metric : {"cosine", "euclidean", "manhattan"}
        Of the spaces, each centred on its mean (mapped text on that of the class vectors). PCA does not use it.
    shared : bool
        Place mapped text in the projection fitted on class space, instead of projecting it separately.
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
        for name, allowed in (("method", METHODS), ("metric", DISTANCES)):
            if getattr(self, name) not in allowed:
                raise InputError(f"Unknown {name} {getattr(self, name)!r}; choose one of {', '.join(allowed)}.")
        for name, low, high in (("dimensions", 2, 3), ("n_neighbors", 2, 200), ("random_state", 0, 2**32 - 1)):
            object.__setattr__(self, name, check_whole(name, getattr(self, name), low, high))
        if not isinstance(self.min_dist, (int, float, np.number)) or not 0 <= self.min_dist <= 1:
            raise InputError(f"min_dist must be from 0 to 1; got {self.min_dist!r:.60}.")
        check_type(self.shared, (bool, np.bool_), "shared is True or False")
        object.__setattr__(self, "min_dist", float(self.min_dist))
        object.__setattr__(self, "shared", bool(self.shared))


@dataclass(frozen=True, eq=False)
class Projection:
    """The projection of one space.

    Attributes
    ----------
    points : float32 array (K, dimensions)
        NaN for a class that is missing in the space.
    trustworthiness : float
        0 to 1; low when neighbours in the projection are not neighbours in the space (Venna and Kaski 2001).
    preservation : float
        Share of the k nearest neighbours in the space that are among the k nearest in the projection, mean over
        classes.
    fitted : int array (n,)
        Rows of the classes used for the fit and for both measures: all that every space has, or
        :data:`FITTED_CLASSES` of them. The others are placed among these by :meth:`place`.
    """

    points: np.ndarray
    trustworthiness: float
    preservation: float
    fitted: np.ndarray
    projector: OutOfSampleProjector = field(repr=False)

    def __repr__(self) -> str:
        size, quality = " x ".join(map(str, self.points.shape)), f"trustworthiness {self.trustworthiness:.3f}"
        return f"<Projection: {size} points, {quality}, preservation {self.preservation:.3f}>"

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """Positions of new points of the space among the known ones.

        Exact for PCA. Otherwise k-nearest-neighbour regression: the mean of the positions of the 5 nearest known items,
        weighted by one over the squared distance. UMAP's own ``transform`` starts from such a mean and then optimises,
        but t-SNE and the aligned UMAP have no such step, and the regression takes a millisecond.

        Parameters
        ----------
        vectors : float array (m, d)

        Returns
        -------
        float32 array (m, dimensions)

        Raises
        ------
        InputError
            For points that are not finite or of another size.
        """
        points = checked_points(vectors, len(self.projector.centre), "this space", none=True)
        return self.projector.place(points.astype(np.float32, copy=False))


@dataclass(frozen=True, eq=False)
class OutOfSampleProjector:
    """Out-of-sample extension of a projection: a linear map, or regression on the known items' positions."""

    centre: np.ndarray  # (d,)
    known: np.ndarray  # (n, d), centred
    positions: np.ndarray  # (n, dimensions)
    metric: str
    linear: np.ndarray | None = None  # (d, dimensions)
    shift: np.ndarray | None = None  # (dimensions,)

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """Positions of points (m, d): float32 array (m, dimensions)."""
        centred = vectors - self.centre
        if self.linear is not None:
            return (centred @ self.linear + self.shift).astype(np.float32)
        if not len(centred):
            return self.positions[:0]
        from sklearn.neighbors import KNeighborsRegressor

        neighbors = min(PLACEMENT_NEIGHBORS, len(self.known))
        regression = KNeighborsRegressor(neighbors, weights=_inverse_square, algorithm="brute", metric=self.metric)
        regression.fit(self.known, self.positions)
        blocks = row_blocks(len(centred), len(self.known))
        return np.concatenate([regression.predict(centred[block]) for block in blocks]).astype(np.float32)


def _inverse_square(distances: np.ndarray) -> np.ndarray:
    return 1.0 / np.maximum(distances, MIN_PLACEMENT_DISTANCE) ** 2


def fit_layout(
    spaces: Mapping[str, np.ndarray], settings: LayoutSettings, *, progress: Progress | None = None
) -> dict[str, Projection]:
    """Project text space, mapped text and class space, or some of them.

    Parameters
    ----------
    spaces : dict from "text", "mapped", "class" to float array (K, d)
        Class space, and any of the others. Row k is class k in each; a row of NaN where it is missing. Such a class is
        left out of all spaces.
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
    names = [name for name in SPACES if name in spaces]
    centres = {name: spaces["text" if name == "text" else "class"][rows].mean(axis=0) for name in names}
    chosen = sampled_rows(len(rows), FITTED_CLASSES)
    rows, others = rows[chosen], np.delete(rows, chosen)
    known = {name: (spaces[name][rows] - centres[name]).astype(np.float32) for name in names}
    fitted = {name: known[name] for name in names if not (settings.shared and name == "mapped")}
    with interruptible(_NUMBA_LOCK):
        positions, linear = _fit(fitted, settings, progress or (lambda *_: None))
    projectors = _onto_class_space(positions, linear, centres, known, settings.metric)
    drawn = {name: projector.positions for name, projector in projectors.items()}
    if settings.shared and "mapped" in spaces:
        projectors["mapped"] = projectors["class"]
        drawn["mapped"] = projectors["class"].place(spaces["mapped"][rows])
    projections = {}
    for name in names:
        points = np.full((len(spaces[name]), settings.dimensions), np.nan, np.float32)
        points[rows] = drawn[name]
        if len(others):
            points[others] = projectors[name].place(spaces[name][others].astype(np.float32))
        projections[name] = Projection(points, *quality(known[name], drawn[name], settings), rows, projectors[name])
    return projections


def _fit(known: dict, settings: LayoutSettings, progress: Progress) -> tuple[dict, dict]:
    """Positions of the known items, by space, and for PCA the linear maps."""
    count = len(known["class"])
    options: dict[str, Any] = {
        "n_components": settings.dimensions,
        "n_neighbors": min(settings.n_neighbors, count - 1),
        "metric": settings.metric,
        "random_state": settings.random_state,
    }
    if settings.method == "pca" or count < MIN_GRAPH_ITEMS:
        linear = {name: _principal_axes(space, settings.dimensions) for name, space in known.items()}
        return {name: known[name] @ axes for name, axes in linear.items()}, linear
    if settings.method == "aligned":
        report = partial(progress, "Projecting the spaces together")
        report(0, 1)
        together = aligned_umap(list(known.values()), min_dist=settings.min_dist, progress=report, **options)
        return dict(zip(known, together, strict=True)), {}
    positions = {}
    for done, (name, space) in enumerate(known.items()):
        progress(PROGRESS_STAGES[name], done, len(known))
        if settings.method == "umap":
            positions[name] = load_umap().UMAP(min_dist=settings.min_dist, n_jobs=1, **options).fit_transform(space)
        else:
            positions[name] = _tsne(space, **options)
    return positions, {}


def _principal_axes(space: np.ndarray, dimensions: int) -> np.ndarray:
    """Principal axes, (d, dimensions), each with its largest entry positive; 0 beyond the rank of the space.

    By NumPy, not by scikit-learn's ``PCA``: t-SNE is initialised with these, and rounding alone changes its result.
    """
    axes = np.linalg.svd(space - space.mean(axis=0), full_matrices=False)[2][:dimensions].T
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return np.pad(axes, ((0, 0), (0, dimensions - axes.shape[1])))


def _tsne(space: np.ndarray, *, n_components: int, n_neighbors: int, **options) -> np.ndarray:
    from sklearn.manifold import TSNE

    start = space @ _principal_axes(space, n_components)
    start *= 1e-4 / max(start[:, 0].std(), 1e-12)
    perplexity = min(n_neighbors, (len(space) - 1) / 3)
    return TSNE(n_components, perplexity=perplexity, init=start, **options).fit_transform(space)


def _onto_class_space(
    positions: dict, linear: dict, centres: dict, known: dict, metric: str
) -> dict[str, OutOfSampleProjector]:
    """Centre every projection, scale it to :data:`RMS_RADIUS` and rotate it onto that of class space."""
    from scipy.linalg import orthogonal_procrustes

    projectors, target = {}, _standardise(positions["class"])[0]
    for name, raw in positions.items():
        drawn, middle, scale = _standardise(raw)
        rotation = orthogonal_procrustes(drawn, target)[0]
        exact = ((linear[name] @ rotation) * scale, -(middle @ rotation) * scale) if linear else (None, None)
        projectors[name] = OutOfSampleProjector(
            centres[name], known[name], (drawn @ rotation).astype(np.float32), metric, *exact
        )
    return projectors


def _standardise(positions: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    middle = positions.mean(axis=0)
    radius = np.sqrt(((positions - middle) ** 2).sum(axis=1).mean())
    scale = RMS_RADIUS / max(radius, 1e-12)
    return (positions - middle) * scale, middle, scale


def quality(space: np.ndarray, drawn: np.ndarray, settings: LayoutSettings) -> tuple[float, float]:
    """Trustworthiness and neighbourhood preservation of a projection."""
    from sklearn.manifold import trustworthiness

    count = len(space)
    k = min(settings.n_neighbors, max(1, (count - 1) // 2))
    D = distances(space, space, settings.metric)
    kept = share_kept(nearest_others(D, k), nearest_others(distances(drawn, drawn, "euclidean"), k))
    np.fill_diagonal(D, 0)
    return float(trustworthiness(D, drawn, n_neighbors=k, metric="precomputed")), float(kept.mean())
