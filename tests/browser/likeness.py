"""How far two pictures of a page differ once they are so reduced that fonts and Chromium's version hardly matter."""

import io

import numpy as np
from PIL import Image
from scipy.ndimage import maximum_filter, minimum_filter

CELL = 10  # pixels of the page to one of the reduced picture, along either side
REACH = (4, 2)  # cells by which a thing may have moved, down and across
TOLERANCE = 24  # of a colour, 0 to 255
BACKGROUND_TOLERANCE = 10


def reduced(png: bytes) -> np.ndarray:
    """A screenshot with the mean colour of every ``CELL`` by ``CELL`` pixels, uint8 array (rows, columns, 3)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB").reduce(CELL))


def share_that_differs(picture: np.ndarray, reference: np.ndarray) -> float:
    """Share of what either of two reduced pictures shows, its background aside, that is not near there in the other."""
    if picture.shape != reference.shape:
        return 1.0
    return max(_share_missing(picture, reference), _share_missing(reference, picture))


def _share_missing(picture: np.ndarray, other: np.ndarray) -> float:
    """Share of a picture's cells, its background aside, whose colour is outside the range that the other has near."""
    picture, other = picture.astype(int), other.astype(int)
    near = (2 * REACH[0] + 1, 2 * REACH[1] + 1, 1)
    low, high = minimum_filter(other, near), maximum_filter(other, near)
    missing = ((picture < low - TOLERANCE) | (picture > high + TOLERANCE)).any(axis=2)
    colours, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
    shown = np.abs(picture - colours[counts.argmax()]).max(axis=2) > BACKGROUND_TOLERANCE
    return float(missing[shown].mean()) if shown.any() else 0.0
