"""Settings of a picture besides the point that is drawn: truncation, noise seed, snap."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.errors import check_type, check_whole
from alignment.images.snap import check_snap
from alignment.images.truncation_and_noise import check_noise_seed, nearest_truncation

MAX_COUNT = 64  # pictures of one point


@dataclass(frozen=True)
class DrawingSettings:
    """Truncation, noise seed and snap of a picture, validated.

    Parameters
    ----------
    truncation : float in (0, 1]
        Spread of the noise; rounded to 0.02, 0.04, ..., 1, for which the generator has batch-norm statistics.
    noise_seed : int, 0 to 2**32 - 1
    snap : float in [0, 1]
        Share by which a mapped prompt is moved towards its nearest class before it is drawn; 0 draws the mapped point
        itself. See :func:`~alignment.images.snap.snap_to_nearest_class`.

    Raises
    ------
    InputError

    Examples
    --------
    >>> DrawingSettings(truncation=0.413)
    DrawingSettings(truncation=0.42, noise_seed=0, snap=0.7)
    """

    truncation: float = 0.4
    noise_seed: int = 0
    snap: float = 0.7

    def __post_init__(self) -> None:
        object.__setattr__(self, "truncation", nearest_truncation(self.truncation))  # the class is frozen
        object.__setattr__(self, "noise_seed", check_noise_seed(self.noise_seed))
        check_snap(self.snap)
        object.__setattr__(self, "snap", float(self.snap))


DEFAULT_DRAWING = DrawingSettings()


def check_count(count: int) -> int:
    """Number of pictures of one point; raises InputError unless it is 1 to :data:`MAX_COUNT`."""
    return check_whole("The number of pictures", count, 1, MAX_COUNT)


def check_drawing(drawing: DrawingSettings) -> DrawingSettings:
    """Settings of a picture, if they are such; else an InputError is raised."""
    check_type(drawing, DrawingSettings, "drawing is DrawingSettings, such as DrawingSettings(truncation=0.4)")
    return drawing
