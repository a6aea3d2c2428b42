"""Screenshot comparison at low resolution, so that fonts and Chromium's version hardly matter."""

import io

import numpy as np
from PIL import Image
from scipy.ndimage import maximum_filter, minimum_filter

CELL = 10  # pixels of the page per pixel of the reduced picture, in both directions
REACH = (4, 2)  # cells by which an element may have moved, down and across
TOLERANCE = 24  # of a colour, 0 to 255
BACKGROUND_TOLERANCE = 10


def reduced(png: bytes) -> np.ndarray:
    """Downscale a screenshot to the mean colour of ``CELL`` by ``CELL`` pixels, uint8 array (rows, columns, 3)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB").reduce(CELL))


def share_that_differs(picture: np.ndarray, reference: np.ndarray) -> float:
    """Share of the non-background cells of a reduced picture with no match nearby in the other; the larger of both."""
    if picture.shape != reference.shape:
        return 1.0
    return max(_share_missing(picture, reference), _share_missing(reference, picture))


def _share_missing(picture: np.ndarray, other: np.ndarray) -> float:
    """Share of a picture's non-background cells whose colour is outside the range of the other's nearby cells."""
    picture, other = picture.astype(int), other.astype(int)
    near = (2 * REACH[0] + 1, 2 * REACH[1] + 1, 1)
    low, high = minimum_filter(other, near), maximum_filter(other, near)
    missing = ((picture < low - TOLERANCE) | (picture > high + TOLERANCE)).any(axis=2)
    colours, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
    shown = np.abs(picture - colours[counts.argmax()]).max(axis=2) > BACKGROUND_TOLERANCE
    return float(missing[shown].mean()) if shown.any() else 0.0
