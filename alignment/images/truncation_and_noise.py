"""Truncation and noise vectors of BigGAN: validation, and drawing from a truncated normal distribution."""

from __future__ import annotations

import numpy as np

from alignment.errors import InputError, check_whole

NOISE_SEEDS = 2**32  # from 0, as NumPy takes them
TRUNCATION_STEPS = 50  # batch-norm statistics are stored for truncation 0/50, 1/50, ..., 50/50


def nearest_truncation(truncation: float) -> float:
    """Round truncation to 0.02, 0.04, ..., 1, for which the model has batch-norm statistics.

    Raises
    ------
    InputError
        Outside (0, 1] or not a number.
    """
    if not isinstance(truncation, (int, float, np.number)) or not 0 < truncation <= 1:  # NaN compares false
        raise InputError(f"Truncation must be above 0 and at most 1; got {truncation!s:.60}.")
    return max(1, round(float(truncation) * TRUNCATION_STEPS)) / TRUNCATION_STEPS


def check_noise_seed(seed: int) -> int:
    """A noise seed, if it is a whole number in range; else an InputError is raised."""
    return check_whole("The noise seed", seed, 0, NOISE_SEEDS - 1)


def draw_noise(count: int, size: int = 128, *, truncation: float, seed: int) -> np.ndarray:
    """Draw noise vectors as BigGAN's authors do: truncation times a normal variable truncated at two deviations.

    Rows are drawn one after another, so a larger ``count`` extends a smaller one.

    Returns
    -------
    float32 array (count, size)
    """
    from pytorch_pretrained_biggan.utils import truncated_noise_sample

    return truncated_noise_sample(count, size, truncation, check_noise_seed(seed)).astype(np.float32)
