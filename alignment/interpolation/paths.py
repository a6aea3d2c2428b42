"""Interpolation paths between prompts: their settings, and the points, pictures and classes along them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from alignment.errors import InputError, check_texts, check_type, check_whole
from alignment.images.drawing_settings import DEFAULT_DRAWING, DrawingSettings, check_drawing
from alignment.images.generator import ImageGenerator
from alignment.images.snap import snap_to_nearest_class
from alignment.images.truncation_and_noise import NOISE_SEEDS, draw_noise
from alignment.interpolation.curves import SHAPES, curve_points, even_positions, picture_changes
from alignment.mappings import DEFAULT_MAPPING
from alignment.progress import Progress
from alignment.text.readable_sentences import check_sentences
from alignment.vectors.similarity import nearest_class, similarities

INTERPOLATION_SPACES = ("text", "class", "noise")
MAX_STEPS = 500
CURVE_POSITIONS = np.linspace(0, 1, 101)  # where class weights are computed, independent of the number of pictures
CLASS_WEIGHT_TEMPERATURE = 0.05
MIN_PEAK_WEIGHT = 0.1  # of a class that is named on a path
PROGRESS_PICTURES = 8  # drawn between two calls of progress

Predict = Callable[[np.ndarray], np.ndarray]  # a fitted mapping: text space (m, d_text) to class space (m, d)


@dataclass(frozen=True)
class InterpolationSettings:
    """Settings that determine the pictures of an interpolation, besides the models.

    Parameters
    ----------
    prompts : tuple of two or more str
    mapping : str
        Key of the registry.
    steps : int, 2 to 500
        Pictures on the whole path, the first and the last prompt included.
    space : {"text", "class", "noise"}
        Where the points between are computed: "text" before the mapping; "class" after it; "noise" after it, with a
        noise vector that changes as well, from the noise seed at the first prompt to the following seed at the second,
        and so on.
    shape : {"linear", "spherical"}
        See :func:`~alignment.interpolation.curves.curve_points`; a changing noise vector takes the same shape.
    even : bool
        Space the steps so that each changes the picture by about the same amount.
    drawing : DrawingSettings
        Each prompt is snapped to its nearest class as for a single picture. Between two prompts the shift is
        interpolated linearly: snapping every point separately would make the path discontinuous.
    through : tuple of str
        Classes, by index, WordNet id or name, that the path goes through in this order on the way to the last prompt.
        Such a waypoint is the class vector itself; its position in text space is the mean of the class's sentences.

    Raises
    ------
    InputError
    """

    prompts: tuple[str, ...]
    mapping: str = DEFAULT_MAPPING
    steps: int = 9
    space: str = "class"
    shape: str = "linear"
    even: bool = False
    drawing: DrawingSettings = DEFAULT_DRAWING
    through: tuple[str, ...] = ()

    def __post_init__(self):
        prompts = check_sentences(self.prompts)
        through = check_texts(self.through, "Classes that an interpolation goes through are a list, such as ('fox',)")
        check_drawing(self.drawing)
        check_type(self.even, (bool, np.bool_), "even is True or False")
        object.__setattr__(self, "prompts", tuple(prompts))  # the class is frozen
        object.__setattr__(self, "through", tuple(through))
        object.__setattr__(self, "even", bool(self.even))  # JSON has no place for NumPy's
        if len(self.prompts) < 2:
            raise InputError(f"An interpolation needs at least 2 prompts; got {len(self.prompts)}.")
        steps = check_whole("The number of steps of an interpolation", self.steps, 2, MAX_STEPS)
        object.__setattr__(self, "steps", steps)
        if self.space not in INTERPOLATION_SPACES:
            raise InputError(f"Unknown space {self.space!r}; choose one of {', '.join(INTERPOLATION_SPACES)}.")
        if self.shape not in SHAPES:
            raise InputError(f"Unknown shape {self.shape!r}; choose one of {', '.join(SHAPES)}.")

    @property
    def waypoints(self) -> int:
        """Number of prompts and classes that the path goes through."""
        return len(self.prompts) + len(self.through)

    @property
    def pictures_drawn(self) -> int:
        """Number of pictures the generator draws, including those used only to space the steps."""
        return self.steps + self.even * (4 * self.steps - 3)  # even_positions draws that many


@dataclass(frozen=True)
class InterpolationPath:
    """A computed interpolation.

    Parameters
    ----------
    settings : InterpolationSettings
    texts : float32 array (p, d_text)
        The waypoints in text space.
    positions : float array (steps,)
        Position of each step on the path, 0 at the first prompt and 1 at the last.
    points : float32 array (steps, d)
        The steps in class space, as they are drawn.
    nearest : int array (steps,)
        Row of the class nearest to each step.
    curve : float32 array (101, d)
        The path in class space at :data:`CURVE_POSITIONS`.
    weights : float32 array (101, K)
        Class weights along the curve: see :func:`class_weights`.
    noises : float32 array (steps, d_noise), optional
    pictures : uint8 array (steps, pixels, pixels, 3), optional
        None, as the noise vectors, where the class space has no generator.
    """

    settings: InterpolationSettings
    texts: np.ndarray
    positions: np.ndarray
    points: np.ndarray
    nearest: np.ndarray
    curve: np.ndarray
    weights: np.ndarray
    noises: np.ndarray | None
    pictures: np.ndarray | None

    def __repr__(self) -> str:
        between = " to ".join(map(repr, self.settings.prompts))
        return f"<InterpolationPath: {between}, {len(self.points)} steps, {self.settings.space} space>"

    @property
    def text_curve(self) -> np.ndarray:
        """The curve through the waypoints in text space at :data:`CURVE_POSITIONS`, float array (101, d_text)."""
        return curve_points(self.texts, CURVE_POSITIONS, shape=self.settings.shape)

    @property
    def picture_changes(self) -> np.ndarray:
        """Difference of each picture from the one before, float array (steps - 1,), 0 to 255."""
        assert self.pictures is not None, "a path without a generator has no pictures"
        return picture_changes(self.pictures)


def class_weights(points: np.ndarray, class_vectors: np.ndarray) -> np.ndarray:
    """Weight of each class at each point: ``softmax_k(S[i, k] / 0.05)`` with S the centred cosines.

    A class whose similarity is 0.05 lower than another's weighs e times less.

    Returns
    -------
    float32 array (m, K), rows sum to 1
    """
    return softmax(similarities(points, class_vectors) / CLASS_WEIGHT_TEMPERATURE, axis=1).astype(np.float32)


def top_classes(paths: Iterable[InterpolationPath], count: int = 8) -> list[int]:
    """Rows of at most ``count`` classes that weigh a tenth or more somewhere on the paths, ordered by their peak."""
    weights = np.concatenate([path.weights for path in paths])
    peaks = weights.max(axis=0)
    rows = [row for row in np.argsort(-peaks, kind="stable")[:count] if peaks[row] >= MIN_PEAK_WEIGHT]
    return sorted(map(int, rows), key=lambda row: weights[:, row].argmax() % len(CURVE_POSITIONS))


def interpolate(
    settings: InterpolationSettings,
    texts: np.ndarray,
    predict: Predict,
    class_vectors: np.ndarray,
    generator: ImageGenerator | None,
    progress: Progress | None = None,
    through: Sequence[int] = (),
) -> InterpolationPath:
    """Compute the path between the prompts, and its pictures.

    Parameters
    ----------
    texts : float array (p, d_text)
        The waypoints in text space: the prompts, with the classes before the last of them.
    class_vectors : float array (K, d)
    generator : ImageGenerator, optional
        Without one no pictures are drawn.
    progress : callable, optional
        Called after every 8 pictures; an exception that it raises ends the work.
    through : sequence of int
        Rows of the classes ``settings.through``.
    """
    if settings.even and not generator:
        raise InputError("Even steps need pictures, and this class space draws none.")
    mapped = predict(texts)
    waypoints = snap_to_nearest_class(mapped, class_vectors, settings.drawing.snap)
    waypoints[-1 - len(through) : -1] = class_vectors[list(through)]
    shifts = waypoints - mapped

    def points_at(positions):
        if settings.space == "text":
            points = predict(curve_points(texts, positions, shape=settings.shape)) + curve_points(shifts, positions)
        else:
            points = curve_points(waypoints, positions, shape=settings.shape)
        return np.asarray(points, dtype=np.float32)

    def noises_at(positions):
        return curve_points(ends, positions, shape=settings.shape)

    positions, noises, pictures = np.linspace(0, 1, settings.steps), None, None
    if generator:
        ends = waypoint_noises(settings, generator.config.z_dim)
        draw = DrawingWithProgress(generator, settings.drawing.truncation, settings.pictures_drawn, progress)
        if settings.even:
            positions = even_positions(lambda at: draw(points_at(at), noises_at(at)), settings.steps)
        noises = np.asarray(noises_at(positions), dtype=np.float32)
        pictures = draw(points_at(positions), noises)
    points, curve = points_at(positions), points_at(CURVE_POSITIONS)
    return InterpolationPath(
        settings,
        texts=texts,
        positions=positions,
        points=points,
        nearest=nearest_class(points, class_vectors),
        curve=curve,
        weights=class_weights(curve, class_vectors),
        noises=noises,
        pictures=pictures,
    )


def waypoint_noises(settings: InterpolationSettings, size: int) -> np.ndarray:
    """The noise vector at each waypoint, float32 (p, size): one for all, or one each in the space "noise"."""
    changes = settings.space == "noise"
    drawing = settings.drawing
    seeds = [(drawing.noise_seed + changes * i) % NOISE_SEEDS for i in range(settings.waypoints)]
    return np.vstack([draw_noise(1, size, truncation=drawing.truncation, seed=seed) for seed in seeds])


class DrawingWithProgress:
    """Draws points with noise vectors, and reports how many of ``total`` pictures are done."""

    def __init__(self, generator: ImageGenerator, truncation: float, total: int, progress: Progress | None):
        self.generator, self.truncation, self.total, self.progress = generator, truncation, total, progress
        self.done = 0

    def __call__(self, points: np.ndarray, noises: np.ndarray) -> np.ndarray:
        pictures = []
        for start in range(0, len(points), PROGRESS_PICTURES):
            rows = slice(start, start + PROGRESS_PICTURES)
            pictures.append(self.generator.generate(points[rows], truncation=self.truncation, noise=noises[rows]))
            self.done += len(pictures[-1])
            if self.progress:
                self.progress("Drawing pictures", self.done, self.total)
        return np.concatenate(pictures)
