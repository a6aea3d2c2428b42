"""Ways between prompts: what is asked for, and the points, pictures and classes along them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from alignment.errors import InputError
from alignment.images.class_space import DEFAULT_PULL, pulled
from alignment.images.generator import ImageGenerator
from alignment.images.noise import draw_noise, snap_truncation
from alignment.interpolation.curves import SHAPES, even_places, path, picture_steps
from alignment.mappings import DEFAULT_MAPPING
from alignment.progress import Progress
from alignment.vectors.similarity import similarities

SPACES = ("text", "class", "noise")
MAX_STEPS = 500
LINE = np.linspace(0, 1, 101)  # where the classes along a way are looked up, however few its pictures
TEMPERATURE = 0.05  # of the classes' weights
BATCH = 8  # pictures between two reports of progress

Predict = Callable[[np.ndarray], np.ndarray]  # a fitted mapping: text space (m, d_text) to class space (m, d)


@dataclass(frozen=True)
class Plan:
    """A way that is asked for: all that decides its pictures, but for the models.

    Parameters
    ----------
    prompts : tuple of two or more str
    mapping : str
        Key of the registry.
    steps : int, 2 to 500
        Pictures on the whole way, the first and the last prompt included.
    space : {"text", "class", "noise"}
        Where the way is straight: before the mapping; after it; or after it with the noise changing as well, from
        ``noise_seed`` at the first prompt to ``noise_seed + 1`` at the second, and so on.
    shape : {"linear", "spherical"}
        See :func:`~alignment.interpolation.curves.path`; a changing noise takes the same shape.
    even : bool
        Space the steps so that each changes the picture by about as much.
    pull : float in [0, 1]
        How far each prompt is moved to its nearest class, as for a picture of its own. Between two prompts the shift
        changes evenly from the one's to the other's: pulling every point by itself would make jumps of its own.
    truncation : float in (0, 1]
    noise_seed : int

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
    pull: float = DEFAULT_PULL
    truncation: float = 0.4
    noise_seed: int = 0

    def __post_init__(self):
        if len(self.prompts) < 2:
            raise InputError(f"A way needs at least 2 prompts; got {len(self.prompts)}.")
        if not 2 <= self.steps <= MAX_STEPS:
            raise InputError(f"A way takes 2 to {MAX_STEPS} steps; got {self.steps}.")
        if self.space not in SPACES:
            raise InputError(f"Unknown space {self.space!r}; choose one of {', '.join(SPACES)}.")
        if self.shape not in SHAPES:
            raise InputError(f"Unknown shape {self.shape!r}; choose one of {', '.join(SHAPES)}.")
        if not 0 <= self.pull <= 1:  # NaN compares false
            raise InputError(f"The pull towards the nearest class must be from 0 to 1; got {self.pull}.")
        if not 0 <= self.noise_seed < 2**32:
            raise InputError(f"The noise seed must be a whole number from 0 to {2**32 - 1}; got {self.noise_seed}.")
        snap_truncation(self.truncation)

    @property
    def drawn(self) -> int:
        """How many pictures have to be drawn for it."""
        return self.steps + self.even * (4 * self.steps - 3)  # even_places draws that many


@dataclass(frozen=True)
class Way:
    """A way that was gone.

    Parameters
    ----------
    plan : Plan
    texts : float32 array (p, d_text)
        The prompts in text space.
    places : float array (steps,)
        Where on the way each step stands, 0 the first prompt and 1 the last.
    points : float32 array (steps, d)
        The steps in class space, as they are drawn.
    nearest : int array (steps,)
        Row of the class nearest to each step.
    line : float32 array (101, d)
        The way at the even places :data:`LINE`, closer than its steps.
    weights : float32 array (101, K)
        What each class weighs along the line: see :func:`class_weights`.
    noises : float32 array (steps, d_noise), optional
    pictures : uint8 array (steps, pixels, pixels, 3), optional
        None, as the noises, where the class space draws no pictures.
    """

    plan: Plan
    texts: np.ndarray
    places: np.ndarray
    points: np.ndarray
    nearest: np.ndarray
    line: np.ndarray
    weights: np.ndarray
    noises: np.ndarray | None
    pictures: np.ndarray | None

    @property
    def text_line(self) -> np.ndarray:
        """The straight (or spherical) line between the prompts in text space, float array (101, d_text)."""
        return path(self.texts, LINE, shape=self.plan.shape)

    @property
    def seen(self) -> np.ndarray:
        """How much each step changes the picture, float array (steps - 1,), 0 to 255."""
        return picture_steps(self.pictures)

    @property
    def turns(self) -> list[tuple[float, int, int]]:
        """Where the nearest class changes: (place, row of the class before, row of the class after)."""
        rows = self.weights.argmax(axis=1)
        changes = np.flatnonzero(np.diff(rows))
        return [((LINE[i] + LINE[i + 1]) / 2, int(rows[i]), int(rows[i + 1])) for i in changes]


def class_weights(points: np.ndarray, class_vectors: np.ndarray) -> np.ndarray:
    """What each class weighs at a point: ``softmax_k(S[i, k] / 0.05)`` with S the centred cosines.

    A class as near as the nearest weighs the same; one that is 0.05 less similar weighs e times less.

    Returns
    -------
    float32 array (m, K), rows sum to 1
    """
    return softmax(similarities(points, class_vectors) / TEMPERATURE, axis=1).astype(np.float32)


def heaviest(ways: Iterable[Way], most: int = 8) -> list[int]:
    """Rows of the classes that weigh a tenth or more somewhere on the ways, at most so many, as they come in turn."""
    weights = np.concatenate([way.weights for way in ways])
    peaks = weights.max(axis=0)
    rows = [row for row in np.argsort(-peaks, kind="stable")[:most] if peaks[row] >= 0.1]
    return sorted(map(int, rows), key=lambda row: weights[:, row].argmax() % len(LINE))


def go(
    plan: Plan,
    texts: np.ndarray,
    predict: Predict,
    class_vectors: np.ndarray,
    generator: ImageGenerator | None,
    progress: Progress | None = None,
) -> Way:
    """Go the way that is planned.

    Parameters
    ----------
    texts : float array (p, d_text)
        The plan's prompts in text space.
    class_vectors : float array (K, d)
    generator : ImageGenerator, optional
        Without one no pictures are drawn.
    progress : callable, optional
        Hears of every few pictures; what it raises ends the work.
    """
    if plan.even and not generator:
        raise InputError("Even steps need pictures, and this class space draws none.")
    mapped = predict(texts)
    stations = pulled(mapped, class_vectors, plan.pull)
    shifts = stations - mapped

    def points(at):
        if plan.space == "text":
            way = predict(path(texts, at, shape=plan.shape)) + path(shifts, at)
        else:
            way = path(stations, at, shape=plan.shape)
        return np.asarray(way, dtype=np.float32)

    places, noises, pictures = np.linspace(0, 1, plan.steps), None, None
    if generator:
        ends = _noises(plan, generator.config.z_dim)
        draw = _Drawing(generator, plan.truncation, plan.drawn, progress)
        if plan.even:
            places = even_places(lambda at: draw(points(at), path(ends, at, shape=plan.shape)), plan.steps)
        noises = np.asarray(path(ends, places, shape=plan.shape), dtype=np.float32)
        pictures = draw(points(places), noises)
    steps, line = points(places), points(LINE)
    return Way(
        plan,
        texts=texts,
        places=places,
        points=steps,
        nearest=similarities(steps, class_vectors).argmax(axis=1),
        line=line,
        weights=class_weights(line, class_vectors),
        noises=noises,
        pictures=pictures,
    )


def _noises(plan: Plan, size: int) -> np.ndarray:
    """The noise at each prompt, float32 (p, size): the same, or another for each."""
    walk = plan.space == "noise"
    seeds = [(plan.noise_seed + walk * i) % 2**32 for i in range(len(plan.prompts))]
    truncation = snap_truncation(plan.truncation)
    return np.vstack([draw_noise(1, size, truncation=truncation, seed=seed) for seed in seeds])


class _Drawing:
    """Draws points and noises, and reports how many of ``total`` pictures are done."""

    def __init__(self, generator: ImageGenerator, truncation: float, total: int, progress: Progress | None):
        self.generator, self.truncation, self.total, self.progress = generator, truncation, total, progress
        self.done = 0

    def __call__(self, points: np.ndarray, noises: np.ndarray) -> np.ndarray:
        pictures = []
        for start in range(0, len(points), BATCH):
            rows = slice(start, start + BATCH)
            pictures.append(self.generator.generate(points[rows], truncation=self.truncation, noise=noises[rows]))
            self.done += len(pictures[-1])
            if self.progress:
                self.progress("Drawing", self.done, self.total)
        return np.concatenate(pictures)
