"""Density contours of projected points: lines that enclose the densest share of them."""

from __future__ import annotations

import numpy as np

CONTOUR_SHARES = (0.25, 0.5, 0.75, 0.95)  # of the points that the lines enclose
GRID = 96  # cells along the longer side, in which the density is estimated
MARGIN = 3.0  # bandwidths beyond the outermost points, so that lines close
BANDWIDTH = 0.5  # times Scott's, which is meant for one cluster and would merge many
MIN_POINTS = 12  # too few for a density below


def density_contours(points: np.ndarray) -> dict[float, list[np.ndarray]]:
    """Closed contour lines around the densest points, for each of :data:`CONTOUR_SHARES`.

    The density is a Gaussian kernel estimate on a grid. The line of a share s runs where the density is the
    (1 - s)-quantile of the densities at the points: the smallest region that holds the share s of them (Hyndman 1996,
    doi:10.1080/00031305.1996.10474359).

    Parameters
    ----------
    points : float array (n, 2), rows of NaN are ignored

    Returns
    -------
    dict from share to list of float32 arrays (vertices, 2)
        Empty where there are fewer than :data:`MIN_POINTS` points, or all lie in one place.
    """
    from contourpy import contour_generator
    from scipy.ndimage import gaussian_filter, map_coordinates

    known = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    if len(known) < MIN_POINTS or not np.ptp(known, axis=0).max():
        return {}
    bandwidth = BANDWIDTH * known.std(axis=0).mean() * len(known) ** (-1 / 6)
    low, high = known.min(axis=0) - MARGIN * bandwidth, known.max(axis=0) + MARGIN * bandwidth
    cell = (high - low).max() / GRID
    counts = np.maximum(np.ceil((high - low) / cell), 2).astype(int)  # a contour needs two cells each way
    histogram = np.histogramdd(known, [low[axis] + cell * np.arange(counts[axis] + 1) for axis in (0, 1)])[0]
    density = gaussian_filter(histogram, bandwidth / cell, mode="constant")
    at_points = map_coordinates(density, ((known - low) / cell - 0.5).T, order=1)
    middles = [low[axis] + cell * (np.arange(counts[axis]) + 0.5) for axis in (0, 1)]
    contours = contour_generator(x=middles[0], y=middles[1], z=density.T)
    levels = np.quantile(at_points, [1 - share for share in CONTOUR_SHARES])
    return {
        share: [np.asarray(line, dtype=np.float32) for line in contours.lines(level)]
        for share, level in zip(CONTOUR_SHARES, levels, strict=True)
    }
